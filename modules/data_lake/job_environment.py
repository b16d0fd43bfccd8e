"""What every Glue job of a data domain runs in: its network, its keys, its log."""

from __future__ import annotations

from cdktf import Fn
from cdktf_cdktf_provider_aws.data_aws_subnet import DataAwsSubnet
from cdktf_cdktf_provider_aws.glue_connection import GlueConnection, GlueConnectionPhysicalConnectionRequirements
from cdktf_cdktf_provider_aws.glue_security_configuration import (
    GlueSecurityConfiguration,
    GlueSecurityConfigurationEncryptionConfiguration,
    GlueSecurityConfigurationEncryptionConfigurationCloudwatchEncryption,
    GlueSecurityConfigurationEncryptionConfigurationJobBookmarksEncryption,
    GlueSecurityConfigurationEncryptionConfigurationS3Encryption,
)
from constructs import Construct

from modules.core.log_group import LogGroup
from modules.core.naming import Naming
from modules.foundations.network.contract import SpokeContract

LOG_DAYS = 365


class JobEnvironment(Construct):
    """The security configuration, the connection and the log group of the domain, all called after it.

    `data_key_arn` encrypts what jobs write and their bookmarks, `logs_key_arn` their logs.

    Guarantees:
    - what a job writes, its bookmarks and its logs are encrypted under keys of ours;
    - jobs run in a private subnet of the account, in the security group of workloads;
    - their log is kept for a year.

    Controls: DATA-14, LOG-03, NET-01 (FSBP Glue.3; NIST 800-53 SC-7, SC-28, AU-11).
    https://docs.aws.amazon.com/glue/latest/dg/encryption-security-configuration.html
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        domain: str,
        network: SpokeContract,
        data_key_arn: str,
        logs_key_arn: str,
    ) -> None:
        super().__init__(scope, id_)
        name = naming.name(domain)
        configuration = GlueSecurityConfiguration(
            self,
            "security",
            name=name,
            encryption_configuration=GlueSecurityConfigurationEncryptionConfiguration(
                cloudwatch_encryption=GlueSecurityConfigurationEncryptionConfigurationCloudwatchEncryption(
                    cloudwatch_encryption_mode="SSE-KMS", kms_key_arn=logs_key_arn
                ),
                job_bookmarks_encryption=GlueSecurityConfigurationEncryptionConfigurationJobBookmarksEncryption(
                    job_bookmarks_encryption_mode="CSE-KMS", kms_key_arn=data_key_arn
                ),
                s3_encryption=GlueSecurityConfigurationEncryptionConfigurationS3Encryption(
                    s3_encryption_mode="SSE-KMS", kms_key_arn=data_key_arn
                ),
            ),
        )
        self.security_configuration = configuration.name
        subnet = DataAwsSubnet(self, "subnet", id=Fn.element(network.private_subnet_ids, 0))
        connection = GlueConnection(
            self,
            "connection",
            name=name,
            description=f"The private network, for jobs of the data domain {domain}",
            connection_type="NETWORK",
            physical_connection_requirements=GlueConnectionPhysicalConnectionRequirements(
                subnet_id=subnet.id,
                availability_zone=subnet.availability_zone,  # implied by the subnet, and demanded by the API
                security_group_id_list=[network.workload_security_group_id],
            ),
        )
        self.connection = connection.name
        log = LogGroup(self, "log", name=f"/aws-glue/{name}", key_arn=logs_key_arn, retention_days=LOG_DAYS)
        self.log_group = log.name
