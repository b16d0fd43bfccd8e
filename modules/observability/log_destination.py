"""To what accounts of the organisation send their log groups, in one region."""

from __future__ import annotations

from cdktf_cdktf_provider_aws.cloudwatch_log_destination import CloudwatchLogDestination
from cdktf_cdktf_provider_aws.cloudwatch_log_destination_policy import CloudwatchLogDestinationPolicy
from constructs import Construct

from modules.core.iam import ANYONE, Statement, policy_document, service
from modules.core.naming import Naming
from modules.core.role import Role
from modules.observability.names import DESTINATION, destination_arn

LOGS = "logs.amazonaws.com"


class LogDestination(Construct):
    """The destination `<organisation>-<environment>-log-groups` of CloudWatch Logs, which puts into the stream.

    Guarantees:
    - accounts of this organisation alone may subscribe log groups to it;
    - CloudWatch Logs puts into this stream alone, and for log groups of this organisation and region alone.

    Controls: LOG-05 (NIST 800-53 AC-4, AU-6(4), AU-9).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        stream_arn: str,
        organization_id: str,
        boundary_arn: str,
    ) -> None:
        super().__init__(scope, id_)
        sender = Role(
            self,
            "sender",
            naming=naming,
            what=f"{DESTINATION}-{naming.region}",
            description=f"How CloudWatch Logs hands log groups of {naming.region} to the intake",
            trust=[
                Statement(
                    "CloudWatchLogs",
                    actions=("sts:AssumeRole",),
                    principals=service(LOGS),
                    conditions={
                        "StringEquals": {"aws:SourceOrgID": organization_id},
                        "ArnLike": {"aws:SourceArn": f"arn:{naming.partition}:logs:{naming.region}:*:*"},
                    },
                )
            ],
            boundary_arn=boundary_arn,
            statements=[
                Statement(
                    "PutIntoStream", actions=("firehose:PutRecord", "firehose:PutRecordBatch"), resources=(stream_arn,)
                )
            ],
        )
        destination = CloudwatchLogDestination(
            self,
            "destination",
            name=naming.name(DESTINATION),
            role_arn=sender.arn,
            target_arn=stream_arn,
            depends_on=[sender.whole],  # AWS sends a message of trial when the destination is made
        )
        CloudwatchLogDestinationPolicy(
            self,
            "policy",
            destination_name=destination.name,
            access_policy=policy_document(
                Statement(
                    "OrganizationSends",
                    actions=("logs:PutAccountPolicy", "logs:PutSubscriptionFilter"),
                    resources=(destination_arn(naming),),
                    principals=ANYONE,
                    conditions={"StringEquals": {"aws:PrincipalOrgID": organization_id}},
                )
            ),
        )
