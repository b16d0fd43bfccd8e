"""What sends the log groups of an account to the log archive."""

from __future__ import annotations

import json

from cdktf import ITerraformDependable
from cdktf_cdktf_provider_aws.cloudwatch_log_account_policy import CloudwatchLogAccountPolicy
from constructs import Construct

from modules.core.iam import Statement, service
from modules.core.naming import Naming
from modules.core.role import Role
from modules.observability.intake_settings import LogSubscriptionSettings, selection_criteria
from modules.observability.log_destination import LOGS
from modules.observability.names import SUBSCRIPTION, destination_arn, intake_log_group


class LogSubscription(Construct):
    """The policy by which every log group of this account and region, present and future, goes to `archive`.

    `archive` is how things are named in the log archive, in this region. The role that a destination needs which
    admits an organisation is made in the home region alone (`at_home`), where stacks of other regions wait for it.

    Guarantees:
    - every log group is sent, apart from those that are excluded by name;
    - the log of the intake itself is excluded, always: sent, it would feed itself;
    - with `outside` they go to that destination, in the same region;
    - the role may do nothing but write to log groups of its own account.

    Controls: LOG-05, LOG-03 (NIST 800-53 AU-4(1), AU-6(4)).
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CreateSubscriptionFilter-Account.html
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        settings: LogSubscriptionSettings,
        archive: Naming,
        at_home: bool,
        boundary_arn: str,
    ) -> None:
        super().__init__(scope, id_)
        waits: list[ITerraformDependable] = [self._role(naming, boundary_arn)] if at_home else []
        outside = settings.outside
        destination = (
            f"arn:{naming.partition}:logs:{naming.region}:{outside.account}:destination:{outside.name}"
            if outside
            else destination_arn(archive)
        )
        document = {
            "DestinationArn": destination,
            "Distribution": "Random",
            "FilterPattern": settings.filter_pattern,
            "RoleArn": naming.role_arn(SUBSCRIPTION),
        }
        excluded = sorted({*settings.excluded_log_groups, intake_log_group(archive)})
        CloudwatchLogAccountPolicy(
            self,
            "policy",
            policy_name=naming.name(SUBSCRIPTION),
            policy_type="SUBSCRIPTION_FILTER_POLICY",
            policy_document=json.dumps(document, separators=(",", ":")),
            scope="ALL",
            selection_criteria=selection_criteria(tuple(excluded)),
            depends_on=waits,
        )

    def _role(self, naming: Naming, boundary_arn: str) -> ITerraformDependable:
        """With it CloudWatch Logs shows a destination that admits an organisation that the sender is of it."""
        mine = f"arn:{naming.partition}:logs:*:{naming.account_id}"
        role = Role(
            self,
            "role",
            naming=naming,
            what=SUBSCRIPTION,
            description="How CloudWatch Logs shows that this account may send its log groups to the log archive",
            trust=[
                Statement(
                    "CloudWatchLogs",
                    actions=("sts:AssumeRole",),
                    principals=service(LOGS),
                    conditions={
                        "StringEquals": {"aws:SourceAccount": naming.account_id},
                        "ArnLike": {"aws:SourceArn": f"{mine}:*"},
                    },
                )
            ],
            boundary_arn=boundary_arn,
            statements=[
                Statement("ShowOrganization", actions=("logs:PutLogEvents",), resources=(f"{mine}:log-group:*:*",))
            ],
        )
        return role.whole
