"""What people launch carries the tags that cost and access go by."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from policies.checks.base import Judgement, StackCheck, holds
from policies.document import Conf, StackDocument
from policies.expectation import Problem
from policies.limits import limits
from policies.template import Template, of

# They are parts of what carries tags, or AWS takes no tags for them. Every other type must have them.
UNTAGGED = (
    "AWS::ApplicationAutoScaling::ScalableTarget",
    "AWS::ApplicationAutoScaling::ScalingPolicy",
    "AWS::Events::Rule",
    "AWS::KMS::Alias",
    "AWS::S3::BucketPolicy",
)


class PlatProductTags(StackCheck):
    """Each resource has the tags of the limits in its template: no provider adds any there."""

    policy = "CKV_MLGOV_457"
    title = "Product of Service Catalog tags what it makes"
    control = "PLAT-04"

    def subjects(self, stack: StackDocument) -> Iterable[Conf]:
        return stack.templates()

    def judge(self, subject: Conf, stack: StackDocument) -> Judgement:
        return holds(*_problems(of(subject)))


def _problems(template: Template) -> Iterator[Problem]:
    for name, kind, block in template.resources():
        tags = block.get("Properties", {}).get("Tags", [])
        has = tags if isinstance(tags, dict) else [tag.get("Key") for tag in tags if isinstance(tag, dict)]
        missing = [tag for tag in limits().product_tags if tag not in has]
        if kind not in UNTAGGED and missing:
            yield f"{template.where(name)} lacks {', '.join(missing)}"


check = PlatProductTags()
