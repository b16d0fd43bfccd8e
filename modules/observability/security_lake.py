"""The lake of security events, for those who hunt in them."""

from __future__ import annotations

from cdktf import ITerraformDependable, TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.securitylake_aws_log_source import (
    SecuritylakeAwsLogSource,
    SecuritylakeAwsLogSourceSource,
)
from cdktf_cdktf_provider_aws.securitylake_data_lake import (
    SecuritylakeDataLake,
    SecuritylakeDataLakeConfiguration,
    SecuritylakeDataLakeConfigurationEncryptionConfiguration,
    SecuritylakeDataLakeConfigurationLifecycleConfiguration,
    SecuritylakeDataLakeConfigurationLifecycleConfigurationExpiration,
    SecuritylakeDataLakeConfigurationLifecycleConfigurationTransition,
)
from cdktf_cdktf_provider_aws.securitylake_subscriber import (
    SecuritylakeSubscriber,
    SecuritylakeSubscriberSource,
    SecuritylakeSubscriberSourceAwsLogSourceResource,
    SecuritylakeSubscriberSubscriberIdentity,
)
from constructs import Construct

from modules.core.iam import Statement, service
from modules.core.key import Key
from modules.core.naming import Naming
from modules.core.role import Role
from modules.observability.security_lake_settings import SecurityLakeSettings

LAKE = "security-lake"
SOURCE_VERSION = "2.0"  # OCSF 1.1; all sources of AWS have it


class SecurityLake(Construct):
    """Amazon Security Lake of the home region, in the log archive, which administers it for the organisation.

    `subscriber_id` is the account that queries it by Lake Formation, None where the lake's own account does. AWS makes
    the bucket, the tables and what fills them.

    Guarantees:
    - events of every account of the organisation, of each source that is set;
    - under a key of ours; they turn infrequent and expire as set; Terraform refuses to destroy the lake;
    - one account beside reads, tables and not files, by a share that names it.

    Controls: LOG-05, DATA-04, DATA-09 (NIST 800-53 AU-6(4), SI-4, SC-28).
    https://docs.aws.amazon.com/security-lake/latest/userguide/getting-started.html
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        settings: SecurityLakeSettings,
        boundary_arn: str,
        subscriber_id: str | None,
    ) -> None:
        super().__init__(scope, id_)
        key = Key(self, "key", naming=naming, purpose=LAKE)
        tables = Role(
            self,
            "tables",
            naming=naming,
            what=f"{LAKE}-tables",
            description="How Security Lake keeps its tables up to date",
            # As of any function: what keeps the tables is one that AWS makes in this account.
            trust=[Statement("Lambda", actions=("sts:AssumeRole",), principals=service("lambda.amazonaws.com"))],
            boundary_arn=boundary_arn,
            managed_policy_arns=[
                f"arn:{naming.partition}:iam::aws:policy/service-role/AmazonSecurityLakeMetastoreManager"
            ],
        )
        lake = SecuritylakeDataLake(
            self,
            "lake",
            meta_store_manager_role_arn=tables.arn,
            configuration=[
                SecuritylakeDataLakeConfiguration(
                    region=naming.region,
                    encryption_configuration=[
                        SecuritylakeDataLakeConfigurationEncryptionConfiguration(kms_key_id=key.arn)
                    ],
                    lifecycle_configuration=[
                        SecuritylakeDataLakeConfigurationLifecycleConfiguration(
                            transition=[
                                SecuritylakeDataLakeConfigurationLifecycleConfigurationTransition(
                                    days=settings.infrequent_after_days, storage_class="STANDARD_IA"
                                )
                            ],
                            expiration=[
                                SecuritylakeDataLakeConfigurationLifecycleConfigurationExpiration(
                                    days=settings.expire_after_days
                                )
                            ],
                        )
                    ],
                )
            ],
            lifecycle=TerraformResourceLifecycle(prevent_destroy=True),
            depends_on=[tables.whole],
        )
        last = self._sources(settings, naming.region, lake)
        if subscriber_id is not None:
            self._subscriber(naming, settings, subscriber_id, last)

    def _sources(self, settings: SecurityLakeSettings, region: str, lake: ITerraformDependable) -> ITerraformDependable:
        """One after the other: AWS refuses a source while another one is being made. No accounts means all of them."""
        last = lake
        for name in sorted(settings.sources):
            last = SecuritylakeAwsLogSource(
                self,
                f"source-{name.lower().replace('_', '-')}",
                source=[
                    SecuritylakeAwsLogSourceSource(source_name=name, source_version=SOURCE_VERSION, regions=[region])
                ],
                depends_on=[last],
            )
        return last

    def _subscriber(
        self, naming: Naming, settings: SecurityLakeSettings, subscriber_id: str, after: ITerraformDependable
    ) -> None:
        SecuritylakeSubscriber(
            self,
            "subscriber",
            subscriber_name=naming.name("security-tooling"),
            subscriber_description="Who investigates security events of the organisation",
            access_type="LAKEFORMATION",
            source=[
                SecuritylakeSubscriberSource(
                    aws_log_source_resource=[
                        SecuritylakeSubscriberSourceAwsLogSourceResource(
                            source_name=name, source_version=SOURCE_VERSION
                        )
                    ]
                )
                for name in sorted(settings.sources)
            ],
            subscriber_identity=[
                SecuritylakeSubscriberSubscriberIdentity(principal=subscriber_id, external_id=naming.name(LAKE))
            ],
            depends_on=[after],
        )
