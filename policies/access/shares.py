"""What RAM shares: resources of one account that accounts and units get, as far as the permission of the share goes.

A share is to IAM what a resource policy is: the role of the other account needs the action of its own, too. The
catalogue of feature groups is shared so that they are found; who finds a group reads nothing of it.
https://docs.aws.amazon.com/sagemaker/latest/dg/feature-store-cross-account-access.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from policies.access.rules import Document, Rule, Source, texts
from policies.access.stacks import Synthesis
from policies.attached import accounts_below

_READ = ("batchgetrecord", "describefeaturegroup", "describefeaturemetadata", "getrecord")
_WRITE = (*_READ, "deleterecord", "putrecord")
# Actions by permission; AWS's pages write their names with different capitals.
_PERMISSIONS: Mapping[str, tuple[str, ...]] = {
    "awsrampermissionsagemakercatalogresourcesearch": ("search",),
    "awsrampermissionsagemakerfeaturegroupreadonly": _READ,
    "awsrampermissionsagemakerfeaturegroupreadwrite": _WRITE,
    "awsrampermissionsagemakerfeaturegroupadmin": (*_WRITE, "updatefeaturegroup", "updatefeaturemetadata"),
}
CATALOGUE = ":sagemaker-catalog/"
_FINDS = "discovery, which reads no feature"


@dataclass(frozen=True)
class Share:
    """A resource in a share: its ARN, and what the share lets whom do with it."""

    arn: str
    account: str
    document: Document
    source: Source


class Shares:
    """The shares of all stacks, resource by resource."""

    def __init__(self, synthesis: Synthesis) -> None:
        self._synthesis = synthesis

    def of(self, arn: str) -> Iterator[Document]:
        """What shares say of the resource of this ARN."""
        yield from (share.document for share in self.all if share.arn == arn)

    @cached_property
    def all(self) -> tuple[Share, ...]:
        """Every resource in every share."""
        found = []
        for stack in self._synthesis.stacks.values():
            for address, body in stack.blocks("aws_ram_resource_association"):
                arn = self._synthesis.text(stack, str(body.get("resource_arn")))
                if not arn.startswith("arn:"):
                    continue  # of a type that no question of IAM is asked of, such as a transit gateway
                share = self._synthesis.text(stack, str(body.get("resource_share_arn")))
                document = Document(f"RAM share of {arn}", tuple(self._rules(arn, share)))
                found.append(Share(arn, stack.account, document, stack.source(address, body)))
        return tuple(found)

    def _rules(self, arn: str, share: str) -> Iterator[Rule]:
        for stack in self._synthesis.stacks.values():
            for address, body in stack.blocks("aws_ram_resource_share"):
                if self._synthesis.arn(stack, address) != share:
                    continue
                for permission in texts(body.get("permission_arns")) or ("the default of AWS",):
                    yield Rule(
                        allows=True,
                        actions=_actions(arn, permission),
                        resources=(arn,),
                        principals={"AWS": tuple(sorted(self._principals(share)))},
                        sid=_FINDS if CATALOGUE in arn else permission.rpartition("/")[2],
                        document=f"RAM share {self._synthesis.text(stack, str(body.get('name', '')))}",
                        source=stack.source(address, body),
                    )

    def _principals(self, share: str) -> Iterator[str]:
        for stack in self._synthesis.stacks.values():
            for _, body in stack.blocks("aws_ram_principal_association"):
                if self._synthesis.text(stack, str(body.get("resource_share_arn"))) == share:
                    yield from self._meant(self._synthesis.text(stack, str(body.get("principal"))))

    def _meant(self, principal: str) -> Iterator[str]:
        """An account or a role is itself; a unit is all accounts below it; any other may be every account."""
        below = accounts_below(self._synthesis.organization)
        unit = principal.rpartition("/ou-")[2]
        if principal in self._synthesis.accounts:
            yield self._root(principal)
        elif ":ou/" in principal and unit in below:
            yield from (self._root(account) for account in below[unit])
        elif ":iam::" in principal:
            yield principal
        else:
            yield from (self._root(account) for account in self._synthesis.accounts)

    def _root(self, account: str) -> str:
        return f"arn:{self._synthesis.organization['partition']}:iam::{account}:root"


def _actions(arn: str, permission: str) -> tuple[str, ...]:
    """The actions of the permission on the resource; of one that is not known, all of the service."""
    service = arn.split(":")[2]
    names = _PERMISSIONS.get(permission.rpartition("/")[2].lower(), ("*",))
    return tuple(f"{service}:{name}" for name in names)
