"""The inventory of usage: who has what in SageMaker, hour by hour."""

from __future__ import annotations

from collections.abc import Sequence

from constructs import Construct

from modules.core.handshake import Edge
from modules.core.iam import Statement
from modules.core.naming import Naming
from modules.core.wiring import holder
from modules.cost_reporting.account_rounds import AccountRounds
from modules.cost_reporting.names import USAGE, USAGE_INVENTORY, USAGE_READER
from modules.cost_reporting.visited import Visited

# Past the hour that it is taken of, so that what ended in it is known.
_SCHEDULE = "cron(10 * * * ? *)"


class UsageInventory(Construct):
    """Lists every hour what each of `accounts` has in `regions`, and writes it below `names.USAGE` of the reports.

    `bucket_name` and `bucket_arn` are of the reports, `key_arn` encrypts them, messages and logs. `required_tags` are
    those whose absence is told. `edges` are the ways to other accounts.

    Guarantees:
    - one object for account and hour: the same hour again writes over it, and an account that fails loses no other's;
    - the function becomes the role `names.USAGE_READER` of accounts of the organisation, and writes rows of usage; it
      can read none of them, and nothing else of the reports.

    Controls: PLAT-03, PLAT-06, IAM-05 (NIST 800-53 CM-8, SA-2, AC-6).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        accounts: Sequence[Visited],
        regions: Sequence[str],
        required_tags: Sequence[str],
        organization_id: str,
        bucket_name: str,
        bucket_arn: str,
        key_arn: str,
        boundary_arn: str,
        edges: Sequence[Edge],
    ) -> None:
        super().__init__(scope, id_)
        rounds = AccountRounds(
            self,
            "rounds",
            naming=naming,
            what=USAGE_INVENTORY,
            description="Every hour: what each account has in SageMaker",
            function="list_usage",
            schedule=_SCHEDULE,
            accounts=accounts,
            becomes=USAGE_READER,
            organization_id=organization_id,
            key_arn=key_arn,
            boundary_arn=boundary_arn,
            statements=[
                Statement("WriteUsage", actions=("s3:PutObject",), resources=(f"{bucket_arn}/{USAGE}/dt=*",)),
            ],
            environment={
                "BUCKET": bucket_name,
                "PREFIX": f"{USAGE}/",
                "REGIONS": ",".join(regions),
                "REQUIRED_TAGS": ",".join(required_tags),
            },
        )
        self.dead_letters = rounds.dead_letters
        for edge in edges:
            edge.render(holder(self), "inventory")
