"""Feature groups are shared at a level, and their catalogue to be found."""

from __future__ import annotations

from collections.abc import Iterable

from policies.checks.base import NOT_APPLICABLE, Judgement, StackCheck, holds
from policies.document import Conf, StackDocument
from policies.relation import naming

FINDS = "AWSRAMPermissionSageMakerCatalogResourceSearch"
LEVELS = tuple(f"AWSRAMPermissionSageMakerFeatureGroup{level}" for level in ("ReadOnly", "ReadWrite", "Admin"))
WANTED = {
    ":sagemaker-catalog/": (FINDS,),
    ":feature-group/": LEVELS,
    "${aws_sagemaker_feature_group.": LEVELS,
}


class SmFeatureShare(StackCheck):
    """A share of a feature group names one level, a share of a catalogue the permission to search it, and nothing else.

    Left out, AWS chooses; of both in one share each resource takes what is for it, and nobody reads which.
    """

    policy = "CKV_MLGOV_422"
    title = "RAM share of feature groups names their level, of a catalogue the search alone"
    control = "DATA-18"

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
            "it shares feature groups and their catalogue together: make two shares" if len(wanted) > 1 else None,
            None if len(given) == 1 else f"permission_arns holds {len(given)} permissions: name one",
            *(
                f"permission_arns holds {name}, not {' or '.join(names)}"
                for names in wanted
                for name in given
                if name.lower() not in {one.lower() for one in names}
            ),
        )


check = SmFeatureShare()
