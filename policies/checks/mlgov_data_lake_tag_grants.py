"""Data is granted by LF-Tags."""

from __future__ import annotations

from policies.checks.base import NOT_APPLICABLE, PASSED, Judgement, PlatformCheck, failed
from policies.document import Conf

NAMED = ("database", "table", "table_with_columns")


class DataLakeTagGrants(PlatformCheck):
    """Databases and tables are granted by an expression of LF-Tags; by name goes DESCRIBE, which links need.

    A grant of a cells filter, location, catalogue or LF-Tag is by its nature to the thing itself: it is not judged.
    """

    policy = "CKV_MLGOV_226"
    title = "Lake Formation grants data by LF-Tags, and by name DESCRIBE alone"
    control = "DATA-13"
    resources = ("aws_lakeformation_permissions",)

    def judge(self, conf: Conf) -> Judgement:
        if conf.blocks("lf_tag_policy"):
            return PASSED
        named = [kind for kind in NAMED if conf.blocks(kind)]
        if not named:
            return NOT_APPLICABLE
        more = [name for name in conf.literals("permissions") if name != "DESCRIBE"]
        return failed(f"grants {', '.join(more)} on a {named[0]} by name: use lf_tag_policy") if more else PASSED


check = DataLakeTagGrants()
