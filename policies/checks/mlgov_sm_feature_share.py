"""Feature groups are shared at a level, and their catalogue to be found."""

from __future__ import annotations

from collections.abc import Iterable

from policies.checks.base import NOT_APPLICABLE, Judgement, StackCheck, holds
from policies.document import Conf, StackDocument
from policies.ram import SHARE, shared_as

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
        return stack.resources(SHARE)

    def judge(self, subject: Conf, stack: StackDocument) -> Judgement:
        problems = shared_as(stack, subject, WANTED, "feature groups and their catalogue")
        return NOT_APPLICABLE if problems is None else holds(*problems)


check = SmFeatureShare()
