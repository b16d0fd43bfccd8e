"""IAM Identity Center: the groups, the permission sets of the personas, and who holds which in which account."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cdktf import Fn, Postcondition, TerraformResourceLifecycle, Token
from cdktf_cdktf_provider_aws.data_aws_identitystore_group import (
    DataAwsIdentitystoreGroup,
    DataAwsIdentitystoreGroupAlternateIdentifier,
    DataAwsIdentitystoreGroupAlternateIdentifierUniqueAttribute,
)
from cdktf_cdktf_provider_aws.data_aws_ssoadmin_instances import DataAwsSsoadminInstances
from cdktf_cdktf_provider_aws.identitystore_group import IdentitystoreGroup
from cdktf_cdktf_provider_aws.ssoadmin_account_assignment import SsoadminAccountAssignment
from cdktf_cdktf_provider_aws.ssoadmin_instance_access_control_attributes import (
    SsoadminInstanceAccessControlAttributes,
    SsoadminInstanceAccessControlAttributesAttribute,
    SsoadminInstanceAccessControlAttributesAttributeValue,
)
from constructs import Construct

from modules.core.iam import policy_variable
from modules.core.naming import Naming
from modules.foundations.permission_set import PermissionSet
from modules.foundations.personas import PROFILES, Assignment, PermissionSetName


@dataclass(frozen=True, slots=True)
class Directory:
    """The people: names of groups by key, whether an identity provider brings them, and who says the team."""

    groups: Mapping[str, str]
    external: bool
    team_attribute: str


class IdentityCenter(Construct):
    """Everything of Identity Center but the people, who come from the identity provider.

    `session_hours` override what the profile of a permission set says; `account_ids` are by name of account.

    Guarantees:
    - nobody holds a permission set before its denials and its boundary are in place;
    - every assignment is a group's, none a person's;
    - the team of a person comes from the identity provider, as the session's tag `Team`;
    - groups that the identity provider brings are looked up, never made.

    Controls: IAM-05 (NIST 800-53 AC-2, AC-5, AC-6).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        directory: Directory,
        session_hours: Mapping[PermissionSetName, int],
        assignments: Sequence[Assignment],
        account_ids: Mapping[str, str],
    ) -> None:
        super().__init__(scope, id_)
        self._find_instance()
        SsoadminInstanceAccessControlAttributes(
            self,
            "attributes",
            instance_arn=self._instance_arn,
            attribute=[
                SsoadminInstanceAccessControlAttributesAttribute(
                    key="Team",
                    value=[
                        SsoadminInstanceAccessControlAttributesAttributeValue(
                            source=[policy_variable(f"path:{directory.team_attribute}")]
                        )
                    ],
                )
            ],
        )
        group_ids = {
            key: self._group(key, display_name, external=directory.external)
            for key, display_name in directory.groups.items()
        }
        sets = {
            name: PermissionSet(
                self,
                f"set-{name}",
                naming=naming,
                instance_arn=self._instance_arn,
                name=name,
                hours=session_hours.get(name, profile.hours),
            )
            for name, profile in PROFILES.items()
        }
        accounts = {name: Construct(self, name) for name in account_ids}
        for assignment in assignments:
            held = sets[assignment.permission_set]
            SsoadminAccountAssignment(
                accounts[assignment.account],
                assignment.id,
                instance_arn=self._instance_arn,
                permission_set_arn=held.arn,
                principal_type="GROUP",
                principal_id=group_ids[assignment.group.key],
                target_type="AWS_ACCOUNT",
                target_id=account_ids[assignment.account],
                depends_on=held.parts,
            )

    def _find_instance(self) -> None:
        instances = DataAwsSsoadminInstances(self, "instances")
        instances.lifecycle = TerraformResourceLifecycle(
            postcondition=[
                Postcondition(
                    condition="${length(self.arns) == 1}",
                    error_message=(
                        "IAM Identity Center is off: switch it on in the console of the management account, in the "
                        "home region, or set identity.enabled to false in organization.yaml."
                    ),
                )
            ]
        )
        self._instance_arn = Token.as_string(Fn.element(instances.arns, 0))
        self._store_id = Token.as_string(Fn.element(instances.identity_store_ids, 0))

    def _group(self, key: str, display_name: str, *, external: bool) -> str:
        if not external:
            return IdentitystoreGroup(
                self, f"group-{key}", identity_store_id=self._store_id, display_name=display_name, description=key
            ).group_id
        return DataAwsIdentitystoreGroup(
            self,
            f"group-{key}",
            identity_store_id=self._store_id,
            alternate_identifier=DataAwsIdentitystoreGroupAlternateIdentifier(
                unique_attribute=DataAwsIdentitystoreGroupAlternateIdentifierUniqueAttribute(
                    attribute_path="DisplayName", attribute_value=display_name
                )
            ),
        ).group_id
