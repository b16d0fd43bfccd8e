"""Whether a plan in Terraform's JSON was made of a stack's `cdk.tf.json`.

Terraform's JSON repeats the configuration that it planned: resources, data sources, providers, variables and outputs,
and of configuration in JSON syntax every value as it is written, expressions included (Terraform, "JSON Output Format",
configuration representation). So they are compared value by value. It repeats neither the backend, which a pipeline
may set otherwise, nor `lifecycle`, `locals` and `check` blocks: a stack with locals cannot be proven this way, and a
plan saved by `mlgov plan` is proven by its SHA-256 instead.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Json = Mapping[str, Any]

# Terraform's own words in a block: each told elsewhere in its JSON, or not at all.
_META = frozenset(("//", "connection", "count", "depends_on", "for_each", "lifecycle", "provider", "provisioner"))
_NO_ATTRIBUTE = frozenset(("alias", "version"))  # of a provider
_MISSING = object()


def differences(plan: Json, stack: Json) -> Iterator[str]:
    """What of the plan's configuration is not what the stack says, in words. Nothing when the plan is of the stack."""
    configuration = plan.get("configuration", {})
    root = configuration.get("root_module", {})
    for unseen in ("locals", "module"):
        if stack.get(unseen):
            yield f"the stack has {unseen}, of which a plan in JSON does not tell"
    if root.get("module_calls"):
        yield "the plan calls modules"
    yield from _blocks("", _resources(root), _written_resources(stack))
    providers = configuration.get("provider_config", {})
    written = dict(_written_providers(stack))
    shown = {key: body.get("expressions", {}) for key, body in providers.items()}
    # A provider without a block of its own is told of, too, and has nothing that could differ.
    yield from _blocks("provider ", {key: body for key, body in shown.items() if body or key in written}, written)
    outputs = {name: {"value": body.get("expression")} for name, body in root.get("outputs", {}).items()}
    yield from _blocks("output ", outputs, {n: {"value": b.get("value")} for n, b in stack.get("output", {}).items()})
    defaults = {name: {"default": body.get("default")} for name, body in root.get("variables", {}).items()}
    written = {name: {"default": body.get("default")} for name, body in stack.get("variable", {}).items()}
    yield from _blocks("variable ", defaults, written)


def _resources(root: Json) -> dict[str, Json]:
    """By address, with the meta-arguments that Terraform tells of, as attributes."""
    found: dict[str, Json] = {}
    for body in root.get("resources", ()):
        told = dict(body.get("expressions", {}))
        for word in ("count", "for_each"):
            if f"{word}_expression" in body:
                told[word] = body[f"{word}_expression"]
        told["provider"] = body.get("provider_config_key", "").partition(":")[2] or body.get("provider_config_key")
        found[body["address"]] = told
    return found


def _written_resources(stack: Json) -> dict[str, Json]:
    found: dict[str, Json] = {}
    for block, prefix in (("resource", ""), ("data", "data.")):
        for type_, named in stack.get(block, {}).items():
            for name, body in named.items():
                kept = {key: value for key, value in body.items() if key not in _META or key in ("count", "for_each")}
                kept["provider"] = body.get("provider") or _provider_of(type_)
                found[f"{prefix}{type_}.{name}"] = kept
    return found


def _provider_of(type_: str) -> str:
    """The provider of a type that names none: the first word, and Terraform's own for its own."""
    return "terraform" if type_.startswith("terraform_") else type_.partition("_")[0]


def _written_providers(stack: Json) -> Iterator[tuple[str, Json]]:
    for name, bodies in stack.get("provider", {}).items():
        for body in bodies if isinstance(bodies, list) else [bodies]:
            key = f"{name}.{body['alias']}" if "alias" in body else name
            yield key, {attribute: value for attribute, value in body.items() if attribute not in _NO_ATTRIBUTE}


def _blocks(kind: str, shown: Mapping[str, Json], written: Mapping[str, Json]) -> Iterator[str]:
    for name in sorted({*shown, *written}):
        if name not in written:
            yield f"{kind}{name} is not in the stack"
        elif name not in shown:
            yield f"{kind}{name} is not in the plan"
        else:
            yield from (f"{kind}{name}: {key} is another" for key in _other(shown[name], written[name]))


def _other(shown: Json, written: Json) -> Iterator[str]:
    for key in sorted({*shown, *written}):
        if key not in _META or key in ("count", "for_each", "provider"):
            value = shown.get(key, _MISSING)
            if not _same(value, written.get(key)):
                yield key


def _same(shown: Any, written: Any) -> bool:
    """Whether an expression of the plan is the value as written. One block may be written without its list."""
    if shown is _MISSING or shown is None:
        return written in (None, [], {})
    if isinstance(shown, dict) and shown and shown.keys() <= {"constant_value", "references"}:
        return bool(shown.get("constant_value") == written)  # of HCL there are only references: they prove nothing
    if isinstance(shown, list):
        blocks = written if isinstance(written, list) else [written]
        return len(shown) == len(blocks) and all(map(_same, shown, blocks))
    if isinstance(shown, dict):
        block = written[0] if isinstance(written, list) and len(written) == 1 else written
        return (block is None and not shown) or (isinstance(block, dict) and not any(_other(shown, block)))
    return bool(shown == written)
