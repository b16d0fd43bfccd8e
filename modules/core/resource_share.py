"""A share of resources with other accounts of the organisation, by AWS RAM."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cdktf import ITerraformDependable
from cdktf_cdktf_provider_aws.ram_principal_association import RamPrincipalAssociation
from cdktf_cdktf_provider_aws.ram_resource_association import RamResourceAssociation
from cdktf_cdktf_provider_aws.ram_resource_share import RamResourceShare
from constructs import Construct

from modules.core.naming import Naming

SHARE_LIMIT = 128  # characters in a name


class ResourceShare(Construct):
    """The share `<organisation>-<environment>-<what>` of `resources`, by name -> ARN, with `accounts`, by name -> id.

    `permission` is the name of AWS's managed permission; the resources are of one type. `after` must be there before:
    RAM shares nothing that is not.

    Guarantees: no account outside the organisation is admitted; the accounts are named, and so is what they may do.

    Controls: DATA-18 (NIST 800-53 AC-3, AC-4, AC-21).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        what: str,
        permission: str,
        resources: Mapping[str, str],
        accounts: Mapping[str, str],
        after: Sequence[ITerraformDependable],
    ) -> None:
        super().__init__(scope, id_)
        share = RamResourceShare(
            self,
            "share",
            name=naming.name(what, limit=SHARE_LIMIT),
            allow_external_principals=False,
            permission_arns=[f"arn:{naming.partition}:ram::aws:permission/{permission}"],
        ).arn
        for name, arn in sorted(resources.items()):
            RamResourceAssociation(
                self, f"resource-{name}", resource_arn=arn, resource_share_arn=share, depends_on=list(after)
            )
        for name, account_id in sorted(accounts.items()):
            RamPrincipalAssociation(self, f"account-{name}", principal=account_id, resource_share_arn=share)
