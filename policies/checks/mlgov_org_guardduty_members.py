"""GuardDuty is on in every account, with the protections that ML data needs."""

from __future__ import annotations

from collections.abc import Iterable

from policies.checks.base import Judgement, StackCheck, holds
from policies.document import Conf, StackDocument
from policies.expectation import equal
from policies.limits import limits


class OrgGuarddutyMembers(StackCheck):
    """Every account is a member, and each feature of `limits.guardduty_features` is on in all of them.

    The features are resources of the same stack, for the same detector.
    """

    policy = "CKV_MLGOV_344"
    title = "GuardDuty covers every account with the features that are required"
    control = "ORG-06"

    def subjects(self, stack: StackDocument) -> Iterable[Conf]:
        return stack.resources("aws_guardduty_organization_configuration")

    def judge(self, subject: Conf, stack: StackDocument) -> Judgement:
        everywhere = {
            feature.literal("name")
            for feature in stack.resources("aws_guardduty_organization_configuration_feature")
            if feature.value("detector_id") == subject.value("detector_id") and feature.literal("auto_enable") == "ALL"
        }
        return holds(
            equal(subject, "auto_enable_organization_members", "ALL", absent="none"),
            *(
                f"feature {name} is not on in all accounts"
                for name in limits().guardduty_features
                if name not in everywhere
            ),
        )


check = OrgGuarddutyMembers()
