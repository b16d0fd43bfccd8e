"""Lake Formation has named administrators and grants nothing by default."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.expectation import given

DEFAULTS = ("create_database_default_permissions", "create_table_default_permissions")


class DataLakeSettings(PlatformCheck):
    """New databases and tables grant nobody anything; AWS takes but one default grant, ALL to IAM_ALLOWED_PRINCIPALS.

    A default that is left out is none: then Lake Formation alone decides (API reference, DataLakeSettings).
    """

    policy = "CKV_MLGOV_219"
    title = "Lake Formation names administrators and has no default grants"
    control = "DATA-12"
    resources = ("aws_lakeformation_data_lake_settings",)

    def judge(self, conf: Conf) -> Judgement:
        return holds(
            given(conf, "admins"),
            *(
                f"{name} grants to {grant.value('principal')}"
                for name in DEFAULTS
                for grant in conf.blocks(name)
                if grant.given("principal") or grant.values("permissions")
            ),
        )


check = DataLakeSettings()
