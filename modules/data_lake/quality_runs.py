"""Rules of data quality over a domain's tables, and when they are judged."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from cdktf_cdktf_provider_aws.glue_data_quality_ruleset import (
    GlueDataQualityRuleset,
    GlueDataQualityRulesetTargetTable,
)
from constructs import Construct

from modules.core.assets import Archive
from modules.core.function import Function
from modules.core.iam import Statement
from modules.core.invocation import Invocation
from modules.core.naming import Naming
from modules.data_lake.dqdl import ruleset
from modules.data_lake.functions.start_quality_run.due import TABLES, Judged
from modules.data_lake.job_environment import LOG_DAYS
from modules.data_lake.names import JOB, domain_role, rulesets
from modules.data_lake.table_plans import TablePlan

SOURCES = Path(__file__).parent / "functions" / "start_quality_run"


class QualityRuns(Construct):
    """A ruleset for each of `tables`, which have rules, and the function that has it judged.

    `databases` are the links to the central databases, as references. `schedule` is for tables that no job fills.

    Guarantees:
    - a table is judged each time it was curated; one that no job fills, by schedule;
    - the same event twice starts one run; an event that cannot be worked on waits in the dead-letter queue;
    - the function can start runs of the domain's rulesets, as the jobs' role, and nothing else.

    Controls: PLAT-03, IAM-01 (NIST 800-53 SI-7, SI-10).
    https://docs.aws.amazon.com/glue/latest/dg/data-quality-authorization.html
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        domain: str,
        tables: Sequence[TablePlan],
        databases: Mapping[str, str],
        schedule: str,
        key_arn: str,
        boundary_arn: str,
    ) -> None:
        super().__init__(scope, id_)
        for table in tables:
            GlueDataQualityRuleset(
                self,
                table.id,
                name=table.ruleset,
                description=f"What must hold for {table.called}",
                ruleset=ruleset(table.quality.rules if table.quality else ()),
                target_table=GlueDataQualityRulesetTargetTable(
                    database_name=databases[table.database], table_name=table.table
                ),
            )
        judged = [
            Judged(table.ruleset, table.link, table.table, table.curate if table.spec else None) for table in tables
        ]
        role_arn = naming.role_arn(domain_role(domain, JOB))
        # By prefix: a hundred names would be more than IAM takes in the policies of a role.
        own = (naming.arn("glue", f"dataQualityRuleset/{rulesets(naming, domain)}*"),)
        declared = json.dumps([asdict(each) for each in judged], indent=1, sort_keys=True)
        function = Function(
            self,
            "function",
            naming=naming,
            what=f"{domain}-quality",
            source=Archive.of_package(SOURCES, {TABLES: f"{declared}\n".encode()}),
            handler="modules.data_lake.functions.start_quality_run.handler.handle",
            key_arn=key_arn,
            boundary_arn=boundary_arn,
            retention_days=LOG_DAYS,
            statements=[
                Statement("StartRuns", actions=("glue:StartDataQualityRulesetEvaluationRun",), resources=own),
                Statement(
                    "AsTheJobsRole",
                    actions=("iam:PassRole",),
                    resources=(role_arn,),
                    conditions={"StringEquals": {"iam:PassedToService": "glue.amazonaws.com"}},
                ),
            ],
            environment={"JOB_ROLE_ARN": role_arn},
            concurrency=1,
        )
        self.dead_letters = function.dead_letters_name
        curated = [table for table in tables if table.spec]
        if curated:
            Invocation(
                self,
                "curated",
                naming=naming,
                what=f"{domain}-curated",
                description="A table was curated: its quality is judged",
                function=function.name,
                function_arn=function.arn,
                pattern={
                    "source": ["aws.glue"],
                    "detail-type": ["Glue Job State Change"],
                    "detail": {
                        "jobName": [{"wildcard": f"{rulesets(naming, domain)}*-curate"}],
                        "state": ["SUCCEEDED"],
                    },
                },
            )
        if len(curated) < len(tables):
            Invocation(
                self,
                "scheduled",
                naming=naming,
                what=f"{domain}-judged",
                description="The quality of tables that no job fills is judged",
                function=function.name,
                function_arn=function.arn,
                schedule=schedule,
            )
