"""What every account has from birth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cdktf import TerraformIterator, Token
from cdktf_cdktf_provider_aws.account_alternate_contact import AccountAlternateContact
from cdktf_cdktf_provider_aws.data_aws_vpcs import DataAwsVpcs, DataAwsVpcsFilter
from cdktf_cdktf_provider_aws.default_security_group import DefaultSecurityGroup
from cdktf_cdktf_provider_aws.ebs_default_kms_key import EbsDefaultKmsKey
from cdktf_cdktf_provider_aws.ebs_encryption_by_default import EbsEncryptionByDefault
from cdktf_cdktf_provider_aws.ebs_snapshot_block_public_access import EbsSnapshotBlockPublicAccess
from cdktf_cdktf_provider_aws.ec2_image_block_public_access import Ec2ImageBlockPublicAccess
from cdktf_cdktf_provider_aws.ec2_instance_metadata_defaults import Ec2InstanceMetadataDefaults
from cdktf_cdktf_provider_aws.iam_account_password_policy import IamAccountPasswordPolicy
from cdktf_cdktf_provider_aws.s3_account_public_access_block import S3AccountPublicAccessBlock
from cdktf_cdktf_provider_aws.vpc_block_public_access_options import VpcBlockPublicAccessOptions
from constructs import Construct

from modules.foundations.settings import BaselineSettings, InternetGateways


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom AWS calls: for security, operations or billing."""

    name: str
    title: str
    email: str
    phone: str


class AccountBaseline(Construct):
    """The baseline of one account in one region; in the home region also what is global.

    `contacts` are None outside the home region. `volumes_key_arn` encrypts volumes that name no key themselves.
    `internet_gateways` is None where a declarative policy of the organisation says what snapshots, images, metadata and
    internet gateways are: beside one AWS refuses the account's own calls.

    Guarantees:
    - no bucket can be public, whatever its own settings say;
    - new EBS volumes are encrypted by the account's own key; snapshots and machine images cannot be public;
    - instances answer metadata requests of version 2 only, unless a launch says otherwise;
    - the default VPC's security group admits nothing, where there is a default VPC;
    - internet gateways pass what `internet_gateways` says, or the declarative policy, whatever the routes of a VPC;
    - IAM passwords are long, mixed, short-lived and not reused;
    - AWS reaches a person for security, operations and billing.

    Controls: DATA-01, NET-02, NET-05, NET-08
    (FSBP S3.1, EC2.1, EC2.2, EC2.7, EC2.8, EC2.172, IAM.7, Account.1; NIST 800-53 AC-3, IA-5, SC-7).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        settings: BaselineSettings,
        contacts: Mapping[str, Contact] | None,
        volumes_key_arn: str,
        internet_gateways: InternetGateways | None,
    ) -> None:
        super().__init__(scope, id_)
        EbsEncryptionByDefault(self, "ebs", enabled=True)
        EbsDefaultKmsKey(self, "ebs-key", key_arn=volumes_key_arn)
        if internet_gateways is not None:
            self._close_to_the_public(internet_gateways)
        self._close_default_security_groups()
        if contacts is not None:
            self._close_globally(settings)
            self._make_reachable(contacts)

    def _close_to_the_public(self, internet_gateways: InternetGateways) -> None:
        EbsSnapshotBlockPublicAccess(self, "snapshots", state="block-all-sharing")
        Ec2ImageBlockPublicAccess(self, "images", state="block-new-sharing")
        # Two hops, so that containers on an instance reach the service, too.
        Ec2InstanceMetadataDefaults(self, "metadata", http_tokens="required", http_put_response_hop_limit=2)
        if internet_gateways != "off":
            VpcBlockPublicAccessOptions(self, "internet", internet_gateway_block_mode=internet_gateways)

    def _close_globally(self, settings: BaselineSettings) -> None:
        S3AccountPublicAccessBlock(
            self,
            "public-access",
            block_public_acls=True,
            block_public_policy=True,
            ignore_public_acls=True,
            restrict_public_buckets=True,
        )
        IamAccountPasswordPolicy(
            self,
            "password",
            minimum_password_length=settings.password_length,
            max_password_age=settings.password_max_age_days,
            password_reuse_prevention=settings.password_reuse_prevention,
            require_lowercase_characters=True,
            require_uppercase_characters=True,
            require_numbers=True,
            require_symbols=True,
            allow_users_to_change_password=True,
            hard_expiry=False,
        )

    def _make_reachable(self, contacts: Mapping[str, Contact]) -> None:
        for kind, contact in contacts.items():
            AccountAlternateContact(
                self,
                f"contact-{kind}",
                alternate_contact_type=kind.upper(),
                name=contact.name,
                title=contact.title,
                email_address=contact.email,
                phone_number=contact.phone,
            )

    def _close_default_security_groups(self) -> None:
        # Looked up, not `aws_default_vpc`: that resource would make a default VPC where a landing zone deleted it.
        default = DataAwsVpcs(self, "default-vpcs", filter=[DataAwsVpcsFilter(name="isDefault", values=["true"])])
        each = TerraformIterator.from_list(default.ids)
        DefaultSecurityGroup(self, "default-security-group", for_each=each, vpc_id=Token.as_string(each.value))
