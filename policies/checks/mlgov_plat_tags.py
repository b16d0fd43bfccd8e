"""Everything that a stack makes carries the tags that cost, access and guardrails go by."""

from __future__ import annotations

from collections.abc import Iterable

from policies.checks.base import Judgement, StackCheck, holds
from policies.document import Conf, StackDocument
from policies.limits import limits

# Tags of those who own an account: with one of these come the others.
OWNED = {"DataDomain": ("Owner",), "Team": ("CostCenter", "Owner")}


class PlatTags(StackCheck):
    """Every AWS provider has the tags of `limits.required_tags` by default.

    In a team's account they name cost centre and owner as well, in a data domain's the owner. Terraform adds them to
    each resource, so they are judged here and not resource by resource.
    """

    policy = "CKV_MLGOV_400"
    title = "AWS provider tags all it makes with account, environment, stack and owner"
    control = "PLAT-04"

    def subjects(self, stack: StackDocument) -> Iterable[Conf]:
        return stack.providers("aws")

    def judge(self, subject: Conf, stack: StackDocument) -> Judgement:
        tags = next(iter(subject.at("default_tags.tags")), Conf({}))
        required = [*limits().required_tags]
        for key, more in OWNED.items():
            required += more if tags.given(key) else ()
        return holds(*(f"default_tags has no {key}" for key in sorted({*required}) if not tags.given(key)))


check = PlatTags()
