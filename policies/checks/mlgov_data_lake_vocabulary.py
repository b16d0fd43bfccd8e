"""LF-Tags are those of the one vocabulary."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.limits import limits

WHERE = ("", "lf_tag", "lf_tag_policy.expression")


class DataLakeVocabulary(PlatformCheck):
    """Keys and values of LF-Tags, where they are made, assigned and granted by, stand in `lf_tags` of the limits.

    A value that nobody grants by hides a table for ever; one that everybody grants by, misspelt, opens nothing.
    """

    policy = "CKV_MLGOV_246"
    title = "LF-Tag is of the vocabulary, with one of its values"
    control = "DATA-13"
    resources = (
        "aws_lakeformation_lf_tag",
        "aws_lakeformation_permissions",
        "aws_lakeformation_resource_lf_tag",
        "aws_lakeformation_resource_lf_tags",
    )

    def judge(self, conf: Conf) -> Judgement:
        return holds(*(problem for path in WHERE for block in conf.at(path) for problem in _problems(block)))


def _problems(block: Conf) -> Iterator[str]:
    if not block.given("key"):
        return
    key = str(block.literal("key"))
    known = limits().lf_tags.get(key)
    if known is None:
        yield f"there is no LF-Tag {key}: there are {', '.join(sorted(limits().lf_tags))}"
        return
    values = block.literals("values") + ([str(block.literal("value"))] if block.given("value") else [])
    for value in values:
        if not any(fnmatchcase(value, one) for one in known):
            yield f"{value} is no value of {key}: there are {', '.join(known)}"


check = DataLakeVocabulary()
