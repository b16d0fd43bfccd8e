"""What in a stack's Terraform would run or read something of its author's choice on the server that plans it.

Whoever may open a pull request may commit Terraform that nobody has synthesised, and a plan alone can start programs:
providers, data sources, provisioners, credential processes. The server refuses all but what our stacks hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

_PROVIDERS = {"aws": "hashicorp/aws"}
_PROVIDER_KEYS = frozenset({"alias", "allowed_account_ids", "assume_role", "default_tags", "region"})
_STATE_KEYS = frozenset({"bucket", "encrypt", "key", "kms_key_id", "region", "use_lockfile"})
_TERRAFORM_KEYS = frozenset({"backend", "required_providers", "required_version"})
_SECTIONS = frozenset(
    {"//", "data", "import", "locals", "moved", "output", "provider", "removed", "resource", "terraform", "variable"}
)
_BUILT_IN = {"resource": "terraform_data", "data": "terraform_remote_state"}
# Of blocks that stand in a list: a `removed` block could have provisioners, too.
_BLOCK_KEYS = {
    "import": frozenset({"id", "identity", "provider", "to"}),
    "moved": frozenset({"from", "to"}),
    "removed": frozenset({"from", "lifecycle"}),
}
# Functions that read files of the server into what the plan shows, or make an expression of a text that was put
# together; our own read what lies in the stack's folder. A comment may stand between the name and its bracket.
_READS = re.compile(r"\b(file[a-z0-9]*|templatefile|templatestring|pathexpand|abspath)\s*(?:\(|/[*/]|#)")
_OWN = re.compile(r'\bfilesha256\("\$\{path\.module\}/(?:assets/[\w-]+(?:\.[\w-]+)*|cdk\.tf\.json)"\)')

Json = Mapping[str, Any]


def foreign(document: Json) -> Iterator[str]:
    """What is foreign in a stack's JSON, each with its address; nothing for what we synthesise."""
    for section in sorted(document.keys() - _SECTIONS):
        yield f"section {section}"
    yield from _terraform(_object(document.get("terraform")))
    for name, bodies in _object(document.get("provider")).items():
        if name not in _PROVIDERS:
            yield f"provider.{name}"
        for body in _list(bodies):
            for key in sorted(_object(body).keys() - _PROVIDER_KEYS):
                yield f"provider.{name}.{key}"
    for section, built_in in _BUILT_IN.items():
        for kind, bodies in _object(document.get(section)).items():
            if kind != built_in and not kind.startswith("aws_"):
                yield f"{section}.{kind}"
            for name, body in _object(bodies).items():
                yield from _body(f"{section}.{kind}.{name}", kind, body)
    for section, keys in _BLOCK_KEYS.items():
        for block in _list(document.get(section)):
            for key in sorted(_object(block).keys() - keys):
                yield f"{section}.{key}"
    for text in _texts(document):
        if "{" in text and (found := _READS.search(_OWN.sub("", text))):
            yield f"the function {found.group(1)} on a file that is not the stack's"


def _terraform(settings: Json) -> Iterator[str]:
    for key in sorted(settings.keys() - _TERRAFORM_KEYS):
        yield f"terraform.{key}"
    for name, provider in _object(settings.get("required_providers")).items():
        if _object(provider).get("source") != _PROVIDERS.get(name, ""):
            yield f"terraform.required_providers.{name}"
    for kind, body in _object(settings.get("backend")).items():
        yield from _state(f"terraform.backend.{kind}", kind, _object(body))


def _body(address: str, kind: str, body: object) -> Iterator[str]:
    if not isinstance(body, Mapping):  # Terraform takes a list of one block, too
        yield f"{address}: no object"
        return
    for key in ("provisioner", "connection"):
        if key in body:
            yield f"{address}.{key}"
    if kind == _BUILT_IN["data"]:
        yield from _state(address, body.get("backend"), _object(body.get("config")))


def _state(address: str, kind: object, body: Json) -> Iterator[str]:
    if kind != "s3":
        yield f"{address}: state that is not in S3"
    for key in sorted(body.keys() - _STATE_KEYS):
        yield f"{address}.{key}"


def _texts(value: object) -> Iterator[str]:
    """Every text in it. The keys of an object are expressions to Terraform as its values are."""
    if isinstance(value, str):
        yield value
    if isinstance(value, Mapping):
        yield from map(str, value)
    for part in value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ():
        yield from _texts(part)


def _list(value: object) -> list[Any]:
    """The blocks: Terraform takes one without its list, too."""
    return value if isinstance(value, list) else [] if value is None else [value]


def _object(value: object) -> Json:
    """`value`, or an object that no allowance is made for: what is no object is foreign, too."""
    if value is None:
        return {}
    return value if isinstance(value, Mapping) else {"(no object)": value}
