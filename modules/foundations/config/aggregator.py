"""The aggregator of AWS Config: what every account and region found, in one place."""

from __future__ import annotations

from cdktf_cdktf_provider_aws.config_configuration_aggregator import (
    ConfigConfigurationAggregator,
    ConfigConfigurationAggregatorOrganizationAggregationSource,
)
from constructs import Construct

from modules.core.iam import Statement, service
from modules.core.naming import Naming
from modules.core.role import Role


class OrganizationAggregator(Construct):
    """Configurations and compliance of all accounts and regions, without their asking.

    Guarantees:
    - every account of the organisation, and every region in which it records, now and to come;
    - AWS Config may list the organisation's accounts, and do nothing else, in this account's name.

    Controls: ORG-05 (FSBP Config.1; NIST 800-53 CA-7, CM-8(1)).
    """

    def __init__(self, scope: Construct, id_: str, *, naming: Naming, boundary_arn: str) -> None:
        super().__init__(scope, id_)
        role = Role(
            self,
            "role",
            naming=naming,
            what="config-aggregator",
            description="AWS Config lists the accounts of the organisation as this role",
            trust=[
                Statement(
                    "Config",
                    actions=("sts:AssumeRole",),
                    principals=service("config.amazonaws.com"),
                    conditions={"StringEquals": {"aws:SourceAccount": naming.account_id}},
                )
            ],
            boundary_arn=boundary_arn,
            managed_policy_arns=[f"arn:{naming.partition}:iam::aws:policy/service-role/AWSConfigRoleForOrganizations"],
        )
        ConfigConfigurationAggregator(
            self,
            "aggregator",
            name=naming.name("config"),
            organization_aggregation_source=ConfigConfigurationAggregatorOrganizationAggregationSource(
                all_regions=True, role_arn=role.arn
            ),
        )
