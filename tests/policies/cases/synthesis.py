"""Writes the cases as Terraform JSON by the real CDKTF and its AWS bindings, so that no attribute can be invented."""

from __future__ import annotations

import importlib
import json
import pkgutil
import typing
from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from types import ModuleType
from typing import Any

from modules.core import provider
from policies import catalogue
from tests.policies import cases
from tests.policies.cases import Case
from tests.policies.support import BACKEND, PROVIDER, Json


@cache
def shipped() -> tuple[Case, ...]:
    """The cases of all areas, in the order of the areas."""
    found: list[Case] = []
    for module in sorted(info.name for info in pkgutil.iter_modules(cases.__path__)):
        found += getattr(importlib.import_module(f"{cases.__name__}.{module}"), "CASES", [])
    return tuple(found)


def stack_of(case: Case) -> str:
    """The stack that holds the case."""
    control = catalogue.shipped().of(case.policy)
    assert control is not None, f"no control claims {case.policy}"
    area = control.id.partition("-")[0].lower()
    return f"{area}-{case.environment}" + (f"-{case.alone}" if case.alone else "")


def synthesised() -> dict[str, Json]:
    """The Terraform JSON of every stack of cases, by its name."""
    provider.install()
    from cdktf import TerraformStack, Testing

    together: dict[str, list[Case]] = defaultdict(list)
    for case in shipped():
        together[stack_of(case)].append(case)
    found = {}
    app = Testing.app()
    for name in sorted(together):
        stack = TerraformStack(app, name)
        for case in together[name]:
            for type_, logical, body in case.resources():
                _resource(stack, type_, logical, body)
        document = _document(stack)
        tags = {key: value for case in together[name] for key, value in case.tags.items()}
        found[name] = {**document, **_governed({"Environment": together[name][0].environment, **tags})}
    return found


def _document(stack: Any) -> Json:
    from cdktf import Testing

    return {"resource": json.loads(Testing.synth(stack))["resource"]}


def _governed(tags: Mapping[str, str]) -> Json:
    tags = {"owner": "platform", **tags}
    return {
        "provider": {"aws": [{**PROVIDER, "default_tags": [{"tags": tags}]}]},
        "terraform": {"backend": {"s3": BACKEND}},
    }


def _resource(stack: Any, type_: str, logical: str, body: Mapping[str, Any]) -> None:
    module = importlib.import_module(f"cdktf_cdktf_provider_aws.{type_.removeprefix('aws_')}")
    name = "".join(part.capitalize() for part in type_.removeprefix("aws_").split("_"))
    bound, config = _class(module, name), _class(module, name, "Config")
    bound(stack, logical, **_arguments(config, body))


def _class(module: ModuleType, name: str, ending: str = "") -> Any:
    """A class of the bindings, which put an A after the name of a resource that would hide one of its own structs."""
    wanted = {f"{name}{ending}".lower(), f"{name}A{ending}".lower()}
    return next(value for key, value in vars(module).items() if key.lower() in wanted)


def _arguments(struct: type, body: Mapping[str, Any]) -> dict[str, Any]:
    """The body as arguments of a struct of the bindings: nested objects become the structs that its hints name."""
    hints = _hints(struct)
    if unknown := sorted(set(body) - set(hints)):
        raise ValueError(f"{struct.__name__} has no argument {', '.join(unknown)}")
    return {key: _converted(hints[key], value) for key, value in body.items()}


@cache
def _hints(struct: type) -> dict[str, Any]:
    return typing.get_type_hints(struct.__init__)  # type: ignore[misc]


def _converted(hint: Any, value: Any) -> Any:
    if isinstance(value, str) and value.startswith("${"):
        return _token(hint, value)
    inner = _struct(hint)
    if inner is None:
        return value
    if isinstance(value, Mapping):
        return inner(**_arguments(inner, value))
    if isinstance(value, (list, tuple)):
        return [inner(**_arguments(inner, child)) if isinstance(child, Mapping) else child for child in value]
    return value


def _token(hint: Any, expression: str) -> Any:
    """An expression in the place of text, a number or a switch, as the hint has it."""
    from cdktf import Token

    types = set(typing.get_args(hint))
    if {int, float} & types:
        return Token.as_number(expression)
    return Token.as_any(expression) if bool in types else expression


def _struct(hint: Any) -> type | None:
    """The struct of the bindings within a hint such as `Sequence[Struct | Mapping] | None`."""
    if isinstance(hint, type) and hint.__module__.startswith(("cdktf_cdktf_provider_aws", "cdktf")):
        return hint if hasattr(hint, "_values") or ("__init__" in vars(hint) and not _is_interface(hint)) else None
    for part in typing.get_args(hint):
        if found := _struct(part):
            return found
    return None


def _is_interface(hint: type) -> bool:
    return hint.__name__.startswith("I") and hint.__name__[1:2].isupper()
