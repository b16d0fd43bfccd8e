"""Whether what `adopt:` says meets something, and whether it may keep its name. No cdktf here."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

from environments.adoption import BUCKET, NOWHERE, Document, imports
from environments.adoption_settings import Adoption
from environments.graph import StackGraph
from environments.messages import suggestion
from modules.core.errors import ConfigError

_BUCKETS_NAMED = re.compile(r"(?:arn:[\w-]+:s3:::|s3://)([a-z0-9.*?-]+)")


def check_stacks(graph: StackGraph) -> None:
    """Raises ConfigError when `adopt` names a stack that is not there, or that is being taken down."""
    adopt = graph.organization.adopt
    for form, named in (("resources", adopt.resources), ("forget", adopt.forget)):
        for stack in named:
            if stack not in graph.nodes:
                message = f"names the unknown stack {stack}{suggestion(stack, graph.nodes)}"
                raise ConfigError(f"adopt.{form}.{stack} {message}")
            if graph.nodes[stack].dismantled:
                raise ConfigError(f"adopt.{form}.{stack} names a stack that is being taken down: remove the entry")


def check_whole(graph: StackGraph, documents: Mapping[str, Document]) -> None:
    """Raises ConfigError when an entry of `adopt` meets nothing, or a bucket cannot keep its name.

    `documents` are all stacks by id: what is looked for by key or name may stand in any.
    """
    adopt = graph.organization.adopt
    met = {
        each.entry
        for node in graph.nodes.values()
        if not node.dismantled
        for each in imports(graph, node, documents[node.id])
    }
    if missing := sorted(set(_entries(adopt)) - met):
        raise ConfigError("\n".join(f"{entry} {NOWHERE}{_why(entry, documents)}" for entry in missing))
    if faults := sorted(_out_of_reach(adopt, documents)):
        raise ConfigError("\n".join(faults))


def _entries(adopt: Adoption) -> Iterator[str]:
    """Every entry of the forms whose addresses are looked for."""
    yield from ["adopt.organization"] if adopt.organization else []
    yield from ["adopt.trail"] if adopt.trail else []
    for form in ("units", "accounts", "portfolios", "domains", "buckets"):
        yield from (f"adopt.{form}.{key}" for key in getattr(adopt, form))


def _why(entry: str, documents: Mapping[str, Document]) -> str:
    form, _, key = entry.removeprefix("adopt.").partition(".")
    if form == "buckets":
        buckets = {
            body["bucket"]
            for document in documents.values()
            for body in document.get("resource", {}).get(BUCKET, {}).values()
        }
        return f"no stack has a bucket of this name{suggestion(key, buckets)}"
    reasons = {
        "trail": "no stack has a trail; who makes it says observability.trail.source",
        "accounts": "the account is not among those of the organisation stack; has its team or domain left?",
        "domains": f"no stack has a SageMaker domain of the team {key}: it has no Studio, or has left",
        "portfolios": "no stack has a portfolio",
    }
    return reasons.get(form, "the organisation stack has none")


def _out_of_reach(adopt: Adoption, documents: Mapping[str, Document]) -> Iterator[str]:
    """Buckets that a statement names by pattern, or by the rule: it would not reach the name that they keep."""
    for stack, document in documents.items():
        patterns = set(_BUCKETS_NAMED.findall(_text(document))) if adopt.buckets else set()
        for made, bucket in adopt.buckets.items():
            for pattern in sorted(patterns):
                if fnmatchcase(made, pattern) and not fnmatchcase(bucket.name, pattern):
                    yield (
                        f"adopt.buckets.{made} cannot keep the name {bucket.name}: {stack} names it as {pattern}, "
                        "which does not reach that; let a new bucket be made, and copy the objects"
                    )


def _text(value: Any) -> str:
    """Every text in the document, a line each."""
    if isinstance(value, Mapping):
        return "\n".join(_text(child) for child in value.values())
    if isinstance(value, list):
        return "\n".join(_text(child) for child in value)
    return str(value)
