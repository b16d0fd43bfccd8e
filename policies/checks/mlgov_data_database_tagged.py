"""Every database of the catalogue carries LF-Tags, which its tables inherit."""

from __future__ import annotations

from collections.abc import Iterable

from policies.checks.base import NOT_APPLICABLE, PASSED, Judgement, StackCheck, failed
from policies.document import Conf, StackDocument
from policies.relation import naming

TAGS = ("aws_lakeformation_resource_lf_tag", "aws_lakeformation_resource_lf_tags")


class DataDatabaseTagged(StackCheck):
    """The stack tags each database that it makes. A link to a database of another account has that one's tags."""

    policy = "CKV_MLGOV_228"
    title = "Glue database carries LF-Tags in its stack"
    control = "DATA-13"

    def subjects(self, stack: StackDocument) -> Iterable[Conf]:
        return stack.resources("aws_glue_catalog_database")

    def judge(self, subject: Conf, stack: StackDocument) -> Judgement:
        if subject.blocks("target_database"):
            return NOT_APPLICABLE
        if any(naming(stack, subject, "name", "database.name", *TAGS)):
            return PASSED
        return failed("no aws_lakeformation_resource_lf_tags of this stack tags the database")


check = DataDatabaseTagged()
