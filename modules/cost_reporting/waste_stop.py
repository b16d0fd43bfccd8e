"""What stops apps that nobody uses, and who hears of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from constructs import Construct

from modules.core.file_table import file_table
from modules.core.handshake import Edge
from modules.core.iam import Statement
from modules.core.naming import TOPIC_LIMIT, Naming
from modules.core.projection import JSON_LINES, FileTable, each_day
from modules.core.topic import Topic
from modules.core.wiring import holder
from modules.cost_reporting.account_rounds import AccountRounds
from modules.cost_reporting.functions.list_usage.rows import columns
from modules.cost_reporting.functions.stop_waste.decision import Stop
from modules.cost_reporting.names import WASTE, WASTE_STOP, WASTE_STOPPER, waste_topic
from modules.cost_reporting.usage_settings import StopSettings
from modules.cost_reporting.visited import Visited

# Past the inventory of the hour; the function itself looks whether it is off hours.
_SCHEDULE = "cron(40 * * * ? *)"
STOPS = "waste_stops"


class WasteStop(Construct):
    """Stops every hour, off hours, what is idle in each of `accounts`, and records it below `names.WASTE`.

    Each of `accounts` says its mode, and the topic of its owners as `topic_arn` tells it. `owners`: team -> e-mail
    address, None for accounts that teams share. The bucket and the key are of the reports; `database` is a reference.

    Guarantees:
    - the function becomes the role `names.WASTE_STOPPER` of accounts that are named, writes records, tells owners, and
      can do nothing else;
    - what was stopped, would be, was kept or could not be stopped is a row of the table `waste_stops`;
    - owners hear of what was stopped, under the key.

    Controls: PLAT-03, PLAT-06, IAM-05 (NIST 800-53 SC-6, AC-6, AU-2).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        settings: StopSettings,
        accounts: Sequence[Visited],
        owners: Mapping[str | None, str],
        regions: Sequence[str],
        keep_days: int,
        database: str,
        organization_id: str,
        bucket_name: str,
        bucket_arn: str,
        key_arn: str,
        boundary_arn: str,
        edges: Sequence[Edge],
    ) -> None:
        super().__init__(scope, id_)
        for team, email in owners.items():
            what = waste_topic(team)
            Topic(self, what, naming=naming, what=what, key_arn=key_arn, publishers={}, email=email)
        rounds = AccountRounds(
            self,
            "rounds",
            naming=naming,
            what=WASTE_STOP,
            description="Off hours: apps of Studio that nobody uses are stopped",
            function="stop_waste",
            schedule=_SCHEDULE,
            accounts=accounts,
            becomes=WASTE_STOPPER,
            organization_id=organization_id,
            key_arn=key_arn,
            boundary_arn=boundary_arn,
            statements=[
                Statement("RecordStops", actions=("s3:PutObject",), resources=(f"{bucket_arn}/{WASTE}/dt=*",)),
                Statement(
                    "TellOwners",
                    actions=("sns:Publish",),
                    resources=[topic_arn(naming, team) for team in owners],
                ),
            ],
            environment={
                "BUCKET": bucket_name,
                "PREFIX": f"{WASTE}/",
                "REGIONS": ",".join(regions),
                "FROM_HOUR": str(settings.working_from_hour),
                "UNTIL_HOUR": str(settings.working_until_hour),
                "IDLE_HOURS": str(settings.idle_hours),
            },
        )
        self.dead_letters = rounds.dead_letters
        table = FileTable(
            STOPS,
            "Apps of Studio that were stopped, or would have been: when, whose, and why not",
            columns(Stop),
            (each_day("dt", "yyyy-MM-dd", keep_days),),
            f"s3://{bucket_name}/{WASTE}/",
            "dt={dt}/",
            JSON_LINES,
        )
        file_table(self, "table", table, database=database)
        for edge in edges:
            edge.render(holder(self), "function")


def topic_arn(naming: Naming, team: str | None) -> str:
    """Where the owner of the team hears of what was stopped."""
    return naming.arn("sns", naming.name(waste_topic(team), limit=TOPIC_LIMIT))
