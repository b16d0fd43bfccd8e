"""The organisation: its features, its units, its accounts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cdktf import TerraformResourceLifecycle, TerraformStack
from cdktf_cdktf_provider_aws.iam_organizations_features import IamOrganizationsFeatures
from cdktf_cdktf_provider_aws.organizations_account import OrganizationsAccount
from cdktf_cdktf_provider_aws.organizations_organization import OrganizationsOrganization
from cdktf_cdktf_provider_aws.organizations_organizational_unit import OrganizationsOrganizationalUnit
from cdktf_cdktf_provider_aws.ram_sharing_with_organization import RamSharingWithOrganization
from cdktf_cdktf_provider_aws.servicecatalog_organizations_access import ServicecatalogOrganizationsAccess
from constructs import Construct

from modules.core.forget import forget
from modules.foundations.contract import OrganizationContract
from modules.foundations.delegation import Delegation
from modules.foundations.settings import OrganizationSettings


@dataclass(frozen=True, slots=True)
class Unit:
    """An organisational unit. `parent` is the key of another unit; None is the root."""

    key: str
    name: str
    parent: str | None


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account that the organisation vends or adopts. `unit` is a unit's key; None is the root.

    `shown` is what AWS calls it, where that is not its name; it cannot be changed in place.
    """

    name: str
    email: str
    unit: str | None
    tags: Mapping[str, str]
    shown: str | None = None


class OrganizationTree(Construct):
    """AWS Organizations with all features, the units below its root, and the accounts in them.

    `pinned` are the ids of accounts that exist already: they are published with the others but not managed here, unless
    they are among `accounts`, too, because they are adopted.
    `delegated` says which services a member account administers for the organisation. `closed` are accounts that a
    person closes: they are forgotten here.

    Guarantees:
    - policy types and trusted services are exactly those given; RAM and Service Catalog share with the organisation
      where they are trusted;
    - removing an account from the configuration never closes it, and Terraform refuses to destroy it;
    - a closed account is forgotten: it leaves the state, AWS is not called for it;
    - `access_role` is made in each new account, for the first apply only;
    - the root users of member accounts have no credentials of their own: they are managed from here.

    Controls: ORG-10, IAM-03 (FSBP IAM.6, IAM.9; NIST 800-53 AC-2, AC-6(10), CM-2).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        settings: OrganizationSettings,
        trusted_services: Sequence[str],
        units: Sequence[Unit],
        accounts: Sequence[NewAccount],
        pinned: Mapping[str, str],
        access_role: str,
        delegated: Mapping[str, Sequence[str]],
        closed: Sequence[NewAccount] = (),
    ) -> None:
        super().__init__(scope, id_)
        keep = TerraformResourceLifecycle(prevent_destroy=True)
        organization = OrganizationsOrganization(
            self,
            "organization",
            feature_set="ALL",
            enabled_policy_types=sorted(settings.policy_types),
            aws_service_access_principals=sorted(trusted_services),
            lifecycle=keep,
        )
        IamOrganizationsFeatures(
            self,
            "root-users",
            enabled_features=["RootCredentialsManagement", "RootSessions"],
            depends_on=[organization],  # it needs the trusted access of IAM
        )
        root_id = organization.roots.get(0).id
        unit_ids = self._units(units, root_id)
        account_ids = dict(pinned)
        accounts_place = Construct(self, "accounts")

        def vend(account: NewAccount) -> OrganizationsAccount:
            return OrganizationsAccount(
                accounts_place,
                account.name,
                name=account.shown or account.name,
                email=account.email,
                parent_id=root_id if account.unit is None else unit_ids[account.unit],
                role_name=access_role,
                close_on_deletion=False,
                tags=dict(account.tags),
                # AWS tells the role's name only at creation: without this every later plan would replace the account.
                lifecycle=TerraformResourceLifecycle(prevent_destroy=True, ignore_changes=["role_name"]),
            )

        account_ids = {account.name: vend(account).id for account in accounts} | account_ids
        forget(TerraformStack.of(self), [vend(account) for account in closed])
        for account_name, services in delegated.items():
            Delegation(
                self,
                f"delegated-{account_name}",
                account_id=account_ids[account_name],
                services=services,
                organization=organization,
            )
        # Beside trusted access both have a switch of their own, without which they share with single accounts only.
        if "ram.amazonaws.com" in trusted_services:
            RamSharingWithOrganization(self, "ram-sharing", depends_on=[organization])
        if "servicecatalog.amazonaws.com" in trusted_services:
            ServicecatalogOrganizationsAccess(self, "catalog-sharing", enabled=True, depends_on=[organization])
        self.contract = OrganizationContract(
            organization_id=organization.id, root_id=root_id, unit_ids=unit_ids, account_ids=account_ids
        )

    def _units(self, units: Sequence[Unit], root_id: str) -> dict[str, str]:
        place = Construct(self, "units")
        by_key = {unit.key: unit for unit in units}
        made: dict[str, str] = {}

        def make(key: str) -> str:
            """The id of the unit, made after its parent."""
            if key not in made:
                unit = by_key[key]
                parent_id = root_id if unit.parent is None else make(unit.parent)
                made[key] = OrganizationsOrganizationalUnit(place, key, name=unit.name, parent_id=parent_id).id
            return made[key]

        return {unit.key: make(unit.key) for unit in units}
