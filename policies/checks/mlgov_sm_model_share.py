"""Model groups and hubs are shared to be used."""

from __future__ import annotations

from collections.abc import Iterable

from policies.checks.base import NOT_APPLICABLE, Judgement, StackCheck, holds
from policies.document import Conf, StackDocument
from policies.ram import SHARE, shared_as

GROUPS = (
    "AWSRAMDefaultPermissionSageMakerModelPackageGroup",
    "AWSRAMPermissionSageMakerModelPackageGroupAllowDeploy",
)
HUBS = ("AWSRAMPermissionSageMakerHubRead", "AWSRAMPermissionSageMakerHubReadAndUse")
# What an ARN, or a reference to one, holds.
WANTED = {
    ":model-package-group/": GROUPS,
    "${aws_sagemaker_model_package_group.": GROUPS,
    ":hub/": HUBS,
    "${aws_sagemaker_hub.": HUBS,
}


class SmModelShare(StackCheck):
    """The share names one permission, which reads or deploys: none registers versions, or changes what the hub offers.

    Left out, AWS chooses. Groups and hubs are shared apart, so that each share has the one permission of its type.
    """

    policy = "CKV_MLGOV_441"
    title = "RAM share of model groups or of a hub grants use alone"
    control = "SM-45"

    def subjects(self, stack: StackDocument) -> Iterable[Conf]:
        return stack.resources(SHARE)

    def judge(self, subject: Conf, stack: StackDocument) -> Judgement:
        problems = shared_as(stack, subject, WANTED, "model groups and a hub")
        return NOT_APPLICABLE if problems is None else holds(*problems)


check = SmModelShare()
