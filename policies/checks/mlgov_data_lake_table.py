"""Tables lie where Lake Formation reads."""

from __future__ import annotations

import re
from collections.abc import Iterable

from policies.checks.base import NOT_APPLICABLE, PASSED, Judgement, StackCheck, failed
from policies.document import Conf, StackDocument

_BUCKET = re.compile(r"^s3a?://(?P<bucket>[^/]+)")
_REFERENCE = re.compile(r"^\$\{(?P<address>[\w.-]+)\.\w+\}$")


class DataLakeTable(StackCheck):
    """The bucket of the table's location is registered in its stack. Elsewhere IAM decides alone, on whole objects.

    A table without a location, a link and an external table of a database have none to judge.
    """

    policy = "CKV_MLGOV_247"
    title = "Glue table lies in a location that Lake Formation governs"
    control = "DATA-12"

    def subjects(self, stack: StackDocument) -> Iterable[Conf]:
        return stack.resources("aws_glue_catalog_table")

    def judge(self, subject: Conf, stack: StackDocument) -> Judgement:
        locations = [
            block.value("location") for block in subject.blocks("storage_descriptor") if block.given("location")
        ]
        if subject.blocks("target_table") or not locations:
            return NOT_APPLICABLE
        bucket = _bucket(str(locations[0]))
        registered = {_registered(str(one.value("arn"))) for one in stack.resources("aws_lakeformation_resource")}
        # A plan knows the name in a location before it knows the ARN of the bucket.
        made = {str(one.value("bucket")) for one in stack.resources("aws_s3_bucket") if one.address in registered}
        if bucket in registered | made:
            return PASSED
        return failed(f"location {locations[0]} is in no bucket that an aws_lakeformation_resource of this stack has")


def _bucket(location: str) -> str:
    """Name of the bucket; the address of its resource where the stack makes it."""
    found = _BUCKET.match(location)
    return _named(found["bucket"]) if found else location


def _registered(arn: str) -> str:
    return _named(arn.partition(":::")[2].partition("/")[0] or arn)


def _named(text: str) -> str:
    reference = _REFERENCE.match(text)
    return reference["address"] if reference else text


check = DataLakeTable()
