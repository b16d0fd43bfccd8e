"""Tables of a database are granted to nobody by being made."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf


class DataDatabaseDefaults(PlatformCheck):
    """The database grants nothing on new tables. Left out, the account's settings hold, which CKV_MLGOV_219 judges."""

    policy = "CKV_MLGOV_229"
    title = "Glue database has no default grants on its tables"
    control = "DATA-12"
    resources = ("aws_glue_catalog_database",)

    def judge(self, conf: Conf) -> Judgement:
        grants = [grant for grant in conf.blocks("create_table_default_permission") if grant.values("permissions")]
        return holds("create_table_default_permission grants permissions on every new table" if grants else None)


check = DataDatabaseDefaults()
