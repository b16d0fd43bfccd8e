"""The landing zone of AWS Control Tower, with what it needs to be made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cdktf import TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.controltower_landing_zone import (
    ControltowerLandingZone,
    ControltowerLandingZoneTimeouts,
)
from constructs import Construct

from modules.core.iam import Statement, service
from modules.core.key import Key
from modules.core.naming import Naming
from modules.foundations.control_tower.manifest import Integration, manifest
from modules.foundations.control_tower.service_role import ServiceRole
from modules.foundations.control_tower.settings import EXECUTION_ROLE, LandingZoneSettings

_PATIENCE = "120m"  # AWS says that making or updating a landing zone takes up to an hour


@dataclass(frozen=True, slots=True)
class SharedAccounts:
    """The accounts that Control Tower deploys into, and the unit they stand in, by the name it has in AWS."""

    log_archive_id: str
    security_tooling_id: str
    unit_name: str


class LandingZone(Construct):
    """The landing zone, its service roles, and the key of its logs where it has any.

    `shared` is needed where the settings let Control Tower deploy into accounts (`LandingZoneSettings.integrated`).

    Guarantees:
    - regions are the governed ones; Identity Center, backup and, unless switched on, logging and AWS Config stay ours;
    - Terraform refuses to destroy it;
    - its roles trust one service each and stay within the permissions boundary;
    - what it logs is encrypted by a customer-managed key, which CloudTrail uses for Control Tower's trail alone.

    Controls: ORG-02, LOG-01 (NIST 800-53 CM-2, AC-6, AU-9).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        settings: LandingZoneSettings,
        regions: Sequence[str],
        boundary_arn: str,
        shared: SharedAccounts | None,
    ) -> None:
        super().__init__(scope, id_)
        roles = self._roles(naming, settings, boundary_arn)
        integration = None
        if shared is not None:
            key = Key(self, "key", naming=naming, purpose="control-tower", statements=_writers(naming))
            integration = Integration(
                shared.log_archive_id, shared.security_tooling_id, shared.unit_name, key_arn=key.arn
            )
        ControltowerLandingZone(
            self,
            "zone",
            version=settings.version,
            manifest_json=manifest(settings, regions, integration),
            timeouts=ControltowerLandingZoneTimeouts(create=_PATIENCE, update=_PATIENCE, delete=_PATIENCE),
            lifecycle=TerraformResourceLifecycle(prevent_destroy=True),
            depends_on=[part for role in roles for part in role.whole],
        )

    def _roles(self, naming: Naming, settings: LandingZoneSettings, boundary_arn: str) -> list[ServiceRole]:
        """The roles that the API expects to find (AWS Control Tower User Guide, "Step 1: Configure your landing zone").

        From version 4.0 on CloudTrail's role holds AWS's managed policy, and the aggregator is AWS Config's own.
        """
        managed = f"arn:{naming.partition}:iam::aws:policy/service-role"
        logs = f"arn:{naming.partition}:logs:*:*:log-group:aws-controltower/CloudTrailLogs:*"
        roles = Construct(self, "roles")
        new = settings.version != "3.3"
        made = [
            ServiceRole(
                roles,
                "admin",
                name="AWSControlTowerAdmin",
                description="Control Tower manages the landing zone as this role",
                trusted="controltower.amazonaws.com",
                boundary_arn=boundary_arn,
                statements=[Statement("Zones", actions=("ec2:DescribeAvailabilityZones",), resources=("*",))],
                managed_policy_arns=[f"{managed}/AWSControlTowerServiceRolePolicy"],
            ),
            ServiceRole(
                roles,
                "trail",
                name="AWSControlTowerCloudTrailRole",
                description="CloudTrail writes Control Tower's log group as this role",
                trusted="cloudtrail.amazonaws.com",
                boundary_arn=boundary_arn,
                statements=[]
                if new
                else [Statement("Write", actions=("logs:CreateLogStream", "logs:PutLogEvents"), resources=(logs,))],
                managed_policy_arns=[f"{managed}/AWSControlTowerCloudTrailRolePolicy"] if new else [],
            ),
            ServiceRole(
                roles,
                "stack-sets",
                name="AWSControlTowerStackSetRole",
                description="CloudFormation deploys Control Tower's stack sets as this role",
                trusted="cloudformation.amazonaws.com",
                boundary_arn=boundary_arn,
                statements=[
                    Statement(
                        "Execution",
                        actions=("sts:AssumeRole",),
                        resources=(f"arn:{naming.partition}:iam::*:role/{EXECUTION_ROLE}",),
                    )
                ],
            ),
        ]
        if not new:
            made.append(
                ServiceRole(
                    roles,
                    "aggregator",
                    name="AWSControlTowerConfigAggregatorRoleForOrganizations",
                    description="AWS Config reads the organisation for its aggregator as this role",
                    trusted="config.amazonaws.com",
                    boundary_arn=boundary_arn,
                    managed_policy_arns=[f"{managed}/AWSConfigRoleForOrganizations"],
                )
            )
        return made


def _writers(naming: Naming) -> list[Statement]:
    """Who encrypts with the key (AWS Control Tower User Guide, "Optionally configure AWS KMS keys")."""
    trail = naming.arn("cloudtrail", "trail/aws-controltower-BaselineCloudTrail")
    return [
        Statement(
            "Config",
            actions=("kms:Decrypt", "kms:GenerateDataKey"),
            resources=("*",),
            principals=service("config.amazonaws.com"),
        ),
        Statement(
            "Trail",
            actions=("kms:Decrypt", "kms:GenerateDataKey*"),
            resources=("*",),
            principals=service("cloudtrail.amazonaws.com"),
            conditions={
                "StringEquals": {"aws:SourceArn": trail},
                "StringLike": {
                    "kms:EncryptionContext:aws:cloudtrail:arn": (
                        f"arn:{naming.partition}:cloudtrail:*:{naming.account_id}:trail/*"
                    )
                },
            },
        ),
    ]
