"""Model groups and hubs are shared to be used."""

from __future__ import annotations

from collections.abc import Iterable

from policies.checks.base import NOT_APPLICABLE, Judgement, StackCheck, holds
from policies.document import Conf, StackDocument
from policies.relation import naming

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
        return stack.resources("aws_ram_resource_share")

    def judge(self, subject: Conf, stack: StackDocument) -> Judgement:
        shared = [
            str(one.value("resource_arn"))
            for one in naming(stack, subject, "arn", "resource_share_arn", "aws_ram_resource_association")
        ]
        wanted = {names for arn in shared for part, names in WANTED.items() if part in arn}
        if not wanted:
            return NOT_APPLICABLE
        given = [text.rpartition("/")[2] for text in subject.literals("permission_arns")]
        return holds(
            "it shares model groups and a hub together: make two shares" if len(wanted) > 1 else None,
            None if len(given) == 1 else f"permission_arns holds {len(given)} permissions: name one",
            *(
                f"permission_arns holds {name}, not {' or '.join(names)}"
                for names in wanted
                for name in given
                if name not in names
            ),
        )


check = SmModelShare()
