"""What the foundations give to other stacks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from modules.core.contract import Contract, assigned, named
from modules.core.naming import Naming

# The state bucket of an environment, and the alias of its key, are called `<organisation>-<environment>-tfstate`.
STATE = "tfstate"


@dataclass(frozen=True, slots=True)
class OrganizationContract(Contract):
    """The organisation as AWS made it. Keys of the maps are names of accounts and keys of units in YAML."""

    organization_id: str = assigned()
    root_id: str = assigned()
    unit_ids: Mapping[str, str] = assigned()
    account_ids: Mapping[str, str] = assigned()


def people_boundary(naming: Naming) -> str:
    """The name of the boundary of people's permission sets: one in all accounts, as a permission set knows no other."""
    return replace(naming, environment="org").name("people-boundary")


@dataclass(frozen=True, slots=True)
class AccessContract(Contract):
    """The roles Terraform works with in one account, and the boundaries of every role made there and of people."""

    plan_role_arn: str = named(lambda naming: naming.role_arn("mlgov-plan"))
    apply_role_arn: str = named(lambda naming: naming.role_arn("mlgov-apply"))
    boundary_arn: str = named(lambda naming: naming.arn("iam", f"policy/{naming.name('mlgov-boundary')}", region=False))
    people_boundary_arn: str = named(
        lambda naming: naming.arn("iam", f"policy/{people_boundary(naming)}", region=False)
    )


@dataclass(frozen=True, slots=True)
class CiContract(Contract):
    """The roles of the CI principal in the management account, which every account's access roles trust."""

    ci_plan_role_arn: str = named(lambda naming: naming.role_arn("ci-plan"))
    ci_apply_role_arn: str = named(lambda naming: naming.role_arn("ci-apply"))


@dataclass(frozen=True, slots=True)
class BaselineContract(Contract):
    """The keys of one account in one region, by purpose, and where and as whom it is backed up."""

    key_arns: Mapping[str, str] = assigned()
    backup_vault_name: str = named(lambda naming: naming.name("backup"))
    backup_vault_arn: str = named(lambda naming: naming.arn("backup", f"backup-vault:{naming.name('backup')}"))
    backup_role_arn: str = named(lambda naming: naming.role_arn("backup"))
