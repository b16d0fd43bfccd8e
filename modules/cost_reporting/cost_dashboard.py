"""What each line of business bears, as a dashboard of Amazon QuickSight in which everybody sees their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cdktf_cdktf_provider_aws.quicksight_dashboard import QuicksightDashboard, QuicksightDashboardPermissions
from cdktf_cdktf_provider_aws.quicksight_data_set import (
    QuicksightDataSet,
    QuicksightDataSetPermissions,
    QuicksightDataSetPhysicalTableMap,
    QuicksightDataSetPhysicalTableMapCustomSql,
    QuicksightDataSetPhysicalTableMapCustomSqlColumns,
    QuicksightDataSetPhysicalTableMapRelationalTable,
    QuicksightDataSetPhysicalTableMapRelationalTableInputColumns,
    QuicksightDataSetRowLevelPermissionDataSet,
)
from cdktf_cdktf_provider_aws.quicksight_data_source import (
    QuicksightDataSource,
    QuicksightDataSourceParameters,
    QuicksightDataSourceParametersAthena,
    QuicksightDataSourcePermission,
)
from cdktf_cdktf_provider_aws.quicksight_refresh_schedule import (
    QuicksightRefreshSchedule,
    QuicksightRefreshScheduleSchedule,
    QuicksightRefreshScheduleScheduleScheduleFrequency,
)
from constructs import Construct

from modules.core.naming import Naming
from modules.cost_reporting.cost_views import ALLOCATED
from modules.cost_reporting.dashboard_definition import definition
from modules.cost_reporting.names import DATABASE
from modules.cost_reporting.reports_settings import QuickSightSettings
from modules.cost_reporting.view import View, literal

# https://docs.aws.amazon.com/quicksight/latest/developerguide/permissions.html
_SOURCE_OWNER = ("DescribeDataSource", "DescribeDataSourcePermissions", "PassDataSource")
_SET_OWNER = (
    "CreateIngestion",
    "DescribeDataSet",
    "DescribeDataSetPermissions",
    "DescribeIngestion",
    "ListIngestions",
    "PassDataSet",
)
_READER = ("DescribeDashboard", "ListDashboardVersions", "QueryDashboard")
_KINDS = {"string": "STRING", "decimal(18,2)": "DECIMAL"}


class CostDashboard(Construct):
    """A dashboard over `view`, which is `cost_allocated`, read through the Athena workgroup called `workgroup`.

    `readers` says which line of business each group of QuickSight sees; the group `everything` sees all. The group
    `settings.administrators` owns the data, and sees of it what a rule gives it. QuickSight itself is subscribed to by
    a person: its role, its groups and what it may read are not made here (docs/costs.md).

    Guarantees:
    - a group sees the rows of its own line of business, and who is in no group that has a rule sees none;
    - people reach the data through the dashboard alone: they may not query it otherwise;
    - rows are as old as a day at most.

    Controls: COST-11 (NIST 800-53 AC-3, AC-6).
    https://docs.aws.amazon.com/quicksight/latest/user/restrict-access-to-a-data-set-using-row-level-security.html
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        settings: QuickSightSettings,
        view: View,
        workgroup: str,
        readers: Mapping[str, str],
        everything: str,
    ) -> None:
        super().__init__(scope, id_)
        self._naming, self._owner = naming, _group(naming, settings.administrators)
        source = QuicksightDataSource(
            self,
            "source",
            data_source_id=naming.name("costs"),
            name=naming.name("costs"),
            type="ATHENA",
            parameters=QuicksightDataSourceParameters(
                athena=QuicksightDataSourceParametersAthena(work_group=workgroup)
            ),
            permission=[QuicksightDataSourcePermission(principal=self._owner, actions=_actions(_SOURCE_OWNER))],
        ).arn
        who = QuicksightDataSetPhysicalTableMap(
            physical_table_map_id="rules", custom_sql=_rules(source, readers, everything)
        )
        rules = self._data_set("rules", who)
        costs = self._data_set("costs", _table(source, view), rules=rules)
        QuicksightRefreshSchedule(
            self,
            "daily",
            data_set_id=costs.data_set_id,
            schedule_id="daily",
            schedule=[
                QuicksightRefreshScheduleSchedule(
                    refresh_type="FULL_REFRESH",
                    schedule_frequency=[
                        QuicksightRefreshScheduleScheduleScheduleFrequency(
                            interval="DAILY", time_of_the_day=settings.refreshed_at, timezone="UTC"
                        )
                    ],
                )
            ],
        )
        QuicksightDashboard(
            self,
            "dashboard",
            dashboard_id=naming.name("costs"),
            name="Costs by line of business",
            version_description="By mlgov",
            definition=definition(costs.arn),
            permissions=[
                QuicksightDashboardPermissions(principal=_group(naming, group), actions=_actions(_READER))
                for group in sorted({*readers, everything, settings.administrators})
            ],
        )

    def _data_set(
        self, what: str, table: QuicksightDataSetPhysicalTableMap, *, rules: QuicksightDataSet | None = None
    ) -> QuicksightDataSet:
        return QuicksightDataSet(
            self,
            what,
            data_set_id=self._naming.name(f"cost-{what}"),
            name=self._naming.name(f"cost-{what}"),
            import_mode="SPICE",
            physical_table_map=[table],
            permissions=[QuicksightDataSetPermissions(principal=self._owner, actions=_actions(_SET_OWNER))],
            row_level_permission_data_set=None
            if rules is None
            else QuicksightDataSetRowLevelPermissionDataSet(
                arn=rules.arn, permission_policy="GRANT_ACCESS", format_version="VERSION_1", status="ENABLED"
            ),
        )


def _table(source: str, view: View) -> QuicksightDataSetPhysicalTableMap:
    columns = [
        QuicksightDataSetPhysicalTableMapRelationalTableInputColumns(name=name, type=_KINDS[kind])
        for name, kind in view.columns.items()
    ]
    return QuicksightDataSetPhysicalTableMap(
        physical_table_map_id="costs",
        relational_table=QuicksightDataSetPhysicalTableMapRelationalTable(
            data_source_arn=source, catalog="AwsDataCatalog", schema=DATABASE, name=ALLOCATED, input_columns=columns
        ),
    )


def _rules(source: str, readers: Mapping[str, str], everything: str) -> QuicksightDataSetPhysicalTableMapCustomSql:
    """A row for each group; one without a line of business sees every row."""
    rows = [f"({literal(group)}, {literal(line)})" for group, line in sorted(readers.items())]
    rows.append(f"({literal(everything)}, CAST(NULL AS varchar))")
    columns = ("GroupName", "line_of_business")
    return QuicksightDataSetPhysicalTableMapCustomSql(
        data_source_arn=source,
        name="Who sees which line of business",
        sql_query=f'SELECT * FROM (VALUES {", ".join(rows)}) AS rules ("{columns[0]}", {columns[1]})',
        columns=[QuicksightDataSetPhysicalTableMapCustomSqlColumns(name=name, type="STRING") for name in columns],
    )


def _group(naming: Naming, group: str) -> str:
    return naming.arn("quicksight", f"group/default/{group}")


def _actions(names: Sequence[str]) -> list[str]:
    return [f"quicksight:{name}" for name in names]
