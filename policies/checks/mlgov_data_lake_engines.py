"""Engines that filter rows and columns themselves (Amazon EMR, third parties) are named ones."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.expectation import given, never


class DataLakeEngines(PlatformCheck):
    """No engine gets credentials for whole tables; one that filters is of a named account, with named session tags.

    Left out, no such engine reads at all (Lake Formation API, DataLakeSettings).
    """

    policy = "CKV_MLGOV_220"
    title = "Lake Formation lets external engines read only under its filters"
    control = "DATA-12"
    resources = ("aws_lakeformation_data_lake_settings",)

    def judge(self, conf: Conf) -> Judgement:
        filtering = conf.true("allow_external_data_filtering")
        return holds(
            never(conf, "allow_full_table_external_data_access", True),
            given(conf, "external_data_filtering_allow_list") if filtering else None,
            given(conf, "authorized_session_tag_value_list") if filtering else None,
        )


check = DataLakeEngines()
