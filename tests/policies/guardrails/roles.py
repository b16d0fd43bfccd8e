"""What the synthesised stacks say of the roles that Terraform works with, and of the guardrails over each account."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

from moto.iam.aws_managed_policies import aws_managed_policies_data

from environments.manifest import Manifest, StackEntry
from modules.ml_operations.names import DEPLOYER_ROLES
from tests.support.linting.documents import readable
from tests.support.organisations import documents

_REFERENCE = re.compile(r"\$\{(aws_\w+)\.([\w-]+)\.\w+\}")
_UNIT = re.compile(r"\.outputs\.unit_ids\.([\w-]+)\}$")
_KINDS = {"SERVICE_CONTROL_POLICY": "scp", "RESOURCE_CONTROL_POLICY": "rcp"}
ROOT = ""


@dataclass(frozen=True)
class Bound:
    """A document with its kind: `identity`, `boundary`, `scp` or `rcp`. Equal texts have one key."""

    kind: str
    body: Mapping[str, Any]

    @cached_property
    def key(self) -> str:
        """Its name among all documents of a run."""
        return f"{self.kind}-{sha256(json.dumps(self.body, sort_keys=True).encode()).hexdigest()[:12]}"


class Landscape:
    """One synthesised organisation, asked for roles and guardrails."""

    def __init__(self, out: Path) -> None:
        self.manifest = Manifest.read(out)
        self.stacks = list(documents(out))
        self._bounds_of: dict[tuple[str, str], Sequence[Bound]] = {}

    def principal(self, entry: StackEntry, document: Mapping[str, Any], access: str) -> str | None:
        """The ARN of the role that the stack's provider assumes; None where it assumes none."""
        (provider,) = document["provider"]["aws"]
        assumed = provider.get("assume_role", [])
        if not assumed:
            return None
        found: str = readable(assumed[0]["role_arn"].replace("${var.access}", access))
        return found

    def deployer(self, entry: StackEntry, document: Mapping[str, Any]) -> str | None:
        """The ARN of the role as which releases change a stack `serving`; its stack `operations` has the role."""
        (beside,) = [body for other, body in self.stacks if other.id == entry.id.replace("-serving-", "-operations-")]
        names = [body["name"] for body in beside["resource"]["aws_iam_role"].values()]
        (name,) = [name for name in names if f"-{DEPLOYER_ROLES}--" in name]
        apply = self.principal(entry, document, "apply")
        return apply and f"{apply.rpartition('/')[0]}/{name}"

    def bounds(self, account: str, role: str) -> Sequence[Bound]:
        """What bounds the role in the account: see `_bounds`. Many stacks of an account share a role."""
        if (account, role) not in self._bounds_of:
            self._bounds_of[account, role] = tuple(self._bounds(account, role))
        return self._bounds_of[account, role]

    def _bounds(self, account: str, role: str) -> Iterator[Bound]:
        """Identity policies and boundary of the role; none for a role that AWS makes, which may do everything."""
        name = role.rpartition("/")[2]
        for entry, document in self.stacks:
            if entry.account != account:
                continue
            resources = document.get("resource", {})
            for logical, body in resources.get("aws_iam_role", {}).items():
                if body["name"] == name:
                    yield from _policies(resources, logical)
                    yield Bound("boundary", readable(json.loads(self._boundary(account, resources, body))))

    def _boundary(self, account: str, resources: Mapping[str, Any], role: Mapping[str, Any]) -> str:
        """Of the same stack, or known by the name that its ARN ends with."""
        ceiling = role["permissions_boundary"]
        if reference := _REFERENCE.fullmatch(ceiling):
            found: str = resources[reference[1]][reference[2]]["policy"]
            return found
        name = ceiling.rpartition("/")[2]
        of_account = (document for entry, document in self.stacks if entry.account == account)
        made = (body for each in of_account for body in each.get("resource", {}).get("aws_iam_policy", {}).values())
        return next(str(body["policy"]) for body in made if body["name"] == name)

    def guardrails(self, account: str) -> Iterator[Bound]:
        """The control policies over the account: of its unit and the units above. None binds the management account."""
        (summary,) = (one for one in self.manifest.organization.accounts if one.name == account)
        if "management" in summary.roles:
            return
        parents = {unit.key: unit.parent for unit in self.manifest.organization.units}
        unit = summary.unit
        while unit is not None:
            yield from self._attached.get(unit, ())
            unit = parents[unit]
        yield from self._attached.get(ROOT, ())

    @cached_property
    def _attached(self) -> dict[str, list[Bound]]:
        """Documents by the unit they are attached to."""
        found: dict[str, list[Bound]] = {}
        for _, document in self.stacks:
            resources = document.get("resource", {})
            for attachment in resources.get("aws_organizations_policy_attachment", {}).values():
                reference = _REFERENCE.fullmatch(attachment["policy_id"])
                assert reference, f"cannot tell which policy {attachment['policy_id']} is"
                policy = resources[reference[1]][reference[2]]
                if kind := _KINDS.get(policy["type"]):
                    unit = _UNIT.search(attachment["target_id"])
                    body = readable(json.loads(policy["content"]))
                    found.setdefault(unit[1] if unit else ROOT, []).append(Bound(kind, body))
        return found


def _policies(resources: Mapping[str, Any], logical: str) -> Iterator[Bound]:
    def of(type_: str) -> Iterator[Mapping[str, Any]]:
        own = re.compile(rf"\$\{{aws_iam_role\.{re.escape(logical)}\.\w+\}}")
        return (body for body in resources.get(type_, {}).values() if own.fullmatch(body["role"]))

    for body in of("aws_iam_role_policy"):
        yield Bound("identity", readable(json.loads(body["policy"])))
    for body in of("aws_iam_role_policy_attachment"):
        yield Bound("identity", _managed(body["policy_arn"]))


def _managed(arn: str) -> dict[str, Any]:
    """A policy of AWS, as moto keeps a copy of it."""
    found: dict[str, Any] = _all_managed()[arn.rpartition("/")[2]]["Document"]
    return found


@cache
def _all_managed() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(aws_managed_policies_data)
    return found
