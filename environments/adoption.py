"""Which blocks `adopt:` puts into a stack, found in the stack as it is synthesised. No cdktf here.

An import block names a Terraform address, which nobody should have to know for what YAML declares by a key: the
resource is looked for by its type, and by its construct id (a key of YAML) or the name it keeps.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, get_args

from environments.adoption_settings import AdoptedBucket, Adoption, Companion
from environments.graph import StackGraph
from environments.messages import suggestion
from environments.node import Node
from modules.core.errors import ConfigError

Document = Mapping[str, Any]
Body = Mapping[str, Any]

BUCKET = "aws_s3_bucket"
_COMPANIONS: Mapping[str, Companion] = {f"{BUCKET}_{word}": word for word in get_args(Companion)}
NOWHERE = "finds nothing to import into: "


@dataclass(frozen=True, slots=True)
class Import:
    """An import block, and the entry of `adopt` that it comes from."""

    address: str
    id: str
    entry: str

    @property
    def block(self) -> dict[str, str]:
        """As Terraform reads it."""
        return {"to": self.address, "id": self.id}


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A resource that an entry of `adopt` speaks of. `names` tells what a candidate is called, as the entry has it."""

    entry: str
    type: str
    key: str
    id: str
    names: Callable[[Body], str]


def concerns(graph: StackGraph, node: Node) -> bool:
    """Whether `adopt` may have something for the stack. It is asked before the stack is rendered, which takes time."""
    adopt = graph.organization.adopt
    of_kind = {
        "organization": bool(adopt.organization or adopt.units or adopt.accounts),
        "trail": bool(adopt.trail),
        "portfolio": bool(adopt.portfolios),
        "studio": bool(adopt.domains),
    }
    return bool(adopt.buckets) or of_kind.get(node.stack, False) or node.id in {*adopt.resources, *adopt.forget}


def imports(graph: StackGraph, node: Node, document: Document) -> list[Import]:
    """The import blocks of the stack `node`, rendered as `document`, sorted by address.

    Raises ConfigError when `adopt.resources` names an address that the stack has not, or that another entry imports.
    """
    adopt, resources = graph.organization.adopt, document.get("resource", {})
    found = [
        Import(f"{wanted.type}.{name}", wanted.id, wanted.entry)
        for wanted in _wanted(graph, node)
        for name, body in resources.get(wanted.type, {}).items()
        if wanted.names(body) == wanted.key
    ]
    for made, bucket in adopt.buckets.items():
        found += _bucket(made, bucket, resources)
    taken = {each.address: each.entry for each in found}
    known = {f"{type_}.{name}" for type_, named in resources.items() for name in named}
    for address, id_ in adopt.resources.get(node.id, {}).items():
        entry = f"adopt.resources.{node.id}.{address}"
        if address not in known:
            near = {each for each in known if each.partition(".")[0] == address.partition(".")[0]} or known
            raise ConfigError(f"{entry} {NOWHERE}{node.id} has no such address{suggestion(address, near)}")
        if address in taken:
            raise ConfigError(f"{entry} imports what {taken[address]} imports already: remove one of the two")
        found.append(Import(address, id_, entry))
    return sorted(found, key=lambda each: each.address)


def forgotten(graph: StackGraph, node: Node, document: Document) -> list[str]:
    """The addresses that leave the stack's state while what is in AWS stays.

    Raises ConfigError for one that still stands in the stack: Terraform would not know which of the two is meant.
    """
    addresses = graph.organization.adopt.forget.get(node.id, ())
    for address in addresses:
        type_, _, name = address.partition(".")
        if name in document.get("resource", {}).get(type_, {}):
            raise ConfigError(
                f"adopt.forget.{node.id} names {address}, which still stands in the stack: take it out of the stack "
                "first, in the same change, or remove the entry"
            )
    return sorted(addresses)


def lines(adopt: Adoption) -> list[str]:
    """What is adopted, a line for each form, for people."""
    told: dict[str, list[str]] = {
        "the organisation": [adopt.organization] if adopt.organization else [],
        "units": sorted(adopt.units),
        "accounts": sorted(adopt.accounts),
        "the trail": [adopt.trail] if adopt.trail else [],
        "portfolios": sorted(adopt.portfolios),
        "SageMaker domains of": sorted(adopt.domains),
        "buckets": sorted(bucket.name for bucket in adopt.buckets.values()),
        "resources of": [f"{stack} ({len(named)})" for stack, named in sorted(adopt.resources.items())],
    }
    forgets = [f"{stack} ({len(addresses)})" for stack, addresses in sorted(adopt.forget.items())]
    return [
        *(f"adopts {what}: {', '.join(names)}" for what, names in told.items() if names),
        *([f"forgets resources of: {', '.join(forgets)}"] if forgets else []),
    ]


def _wanted(graph: StackGraph, node: Node) -> Iterator[_Wanted]:
    """What is looked for in a stack of this kind, but for buckets, which stand in many."""
    adopt, ids = graph.organization.adopt, {each.name: each.id or "" for each in graph.organization.accounts}
    if node.stack == "organization":
        if adopt.organization:
            yield _Wanted("adopt.organization", "aws_organizations_organization", "", adopt.organization, lambda _: "")
        for key, id_ in adopt.units.items():
            yield _Wanted(f"adopt.units.{key}", "aws_organizations_organizational_unit", key, id_, _own_id)
        for name in adopt.accounts:
            yield _Wanted(f"adopt.accounts.{name}", "aws_organizations_account", name, ids[name], _own_id)
    if node.stack == "trail" and adopt.trail:
        arn = graph.naming(node).arn("cloudtrail", f"trail/{adopt.trail}")
        yield _Wanted("adopt.trail", "aws_cloudtrail", adopt.trail, arn, lambda body: str(body["name"]))
    if node.stack == "portfolio":
        for portfolio, id_ in adopt.portfolios.items():
            yield _Wanted(f"adopt.portfolios.{portfolio}", "aws_servicecatalog_portfolio", portfolio, id_, _id_above)
    if node.stack == "studio":
        for team, domain in adopt.domains.items():
            yield _Wanted(f"adopt.domains.{team}", "aws_sagemaker_domain", team, domain.id, _team)


def _own_id(body: Body) -> str:
    """The construct's own id: a key of YAML."""
    return _path(body)[-1]


def _id_above(body: Body) -> str:
    """The id of the construct that the resource is a part of."""
    return _path(body)[-2]


def _team(body: Body) -> str:
    return str(body["tags"]["Team"])


def _path(body: Body) -> list[str]:
    return str(body["//"]["metadata"]["path"]).split("/")


def _bucket(made: str, bucket: AdoptedBucket, resources: Document) -> Iterator[Import]:
    """The bucket and, but for what it lacks, everything that the stack says of it in resources of their own."""
    entry = f"adopt.buckets.{made}"
    for name, body in resources.get(BUCKET, {}).items():
        if body["bucket"] != bucket.name:
            continue
        yield Import(f"{BUCKET}.{name}", bucket.name, entry)
        for type_, word in _COMPANIONS.items():
            for companion, held in resources.get(type_, {}).items():
                if word not in bucket.lacks and _bucket_of(held["bucket"], resources) == name:
                    id_ = f"{bucket.name}:{held['name']}" if word == "inventory" else bucket.name
                    yield Import(f"{type_}.{companion}", id_, entry)


def _bucket_of(reference: str, resources: Document) -> str | None:
    """The logical id of the bucket that the argument `bucket` of a companion leads to, maybe by another companion."""
    while found := re.fullmatch(r"\$\{(\w+)\.([\w-]+)\.(?:id|bucket)\}", reference):
        if found[1] == BUCKET:
            return found[2]
        reference = resources[found[1]][found[2]]["bucket"]
    return None
