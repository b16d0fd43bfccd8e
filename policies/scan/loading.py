"""Loads the policies of a tree and proves that each one is in force.

checkov skips what it cannot load, and a policy that is not in force passes everything. So the control
catalogue says which policies there must be, and every difference is a fault.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import yaml
from checkov.common.bridgecrew.check_type import CheckType
from checkov.common.checks_infra.registry import Registry as GraphRegistry
from checkov.common.checks_infra.registry import get_graph_checks_registry
from checkov.terraform.base_runner import BaseTerraformRunner
from checkov.terraform.checks.resource.registry import resource_registry

from policies.catalogue import OWN_POLICY, Catalogue
from policies.checks.base import PlatformCheck, StackCheck
from policies.errors import GateError
from policies.record import GateFault
from policies.scan.logs import collected

CANARIES = ("CKV_MLGOV_0", "CKV2_MLGOV_0")
# Not `resource`: checkov adds up its findings over all stacks of a process.
CONDITION_TYPES = ("attribute", "connection", "filter")


@dataclass(frozen=True)
class Policies:
    """What is in force besides checkov's own registries, and what is wrong with it."""

    stack_checks: tuple[StackCheck, ...]
    faults: tuple[GateFault, ...]


def load(tree: Path) -> Policies:
    """Register the policies of `tree` (folders `checks` and `controls`) with checkov. Never raises for a bad policy."""
    faults: list[GateFault] = []
    loaded: dict[str, str | None] = {}
    stack_checks: list[StackCheck] = []
    with collected("policy-not-loaded") as warnings:
        for file in sorted((tree / "checks").rglob("*.py")):
            if file.stem in ("__init__", "base"):
                continue
            check, problem = _python(file)
            if check is None:
                faults.append(_fault(problem, file.name))
                continue
            if check.policy in loaded:
                faults.append(_fault(f"{file.name}: another file has this id already", check.policy))
            loaded[check.policy] = check.control
            if isinstance(check, StackCheck):
                stack_checks.append(check)
        graph = get_graph_checks_registry(CheckType.TERRAFORM)
        graph.load_checks()
        for file in sorted((tree / "checks").rglob("*")):
            if file.suffix in (".yml", ".json"):
                faults.append(_fault("checkov would take it for a policy; name a policy *.yaml", file.name))
        for policy, problem in _graph(tree / "checks", graph):
            faults += [_fault(problem, policy)] if problem else []
            loaded[policy] = None
    faults += [*warnings, *_against_catalogue(tree, loaded, graph)]
    return Policies(tuple(stack_checks), tuple(faults))


def _python(file: Path) -> tuple[PlatformCheck | StackCheck | None, str]:
    """The policy of one file, or what is wrong with it."""
    try:
        check = getattr(_module(file), "check", None)
    except Exception as error:  # whatever a policy file raises on import, it must become a fault
        return None, f"importing it raised {type(error).__name__}: {error}"
    if not isinstance(check, (PlatformCheck, StackCheck)):
        return None, "it has no `check = ...` at its end that is a PlatformCheck or StackCheck"
    if isinstance(check, PlatformCheck) and not all(
        check in resource_registry.get_checks(kind) for kind in check.resources or ("",)
    ):
        return None, f"checkov did not register {check.policy}: its id is taken, or it names no resource"
    return check, ""


def _module(file: Path) -> ModuleType:
    # Under its full name: checkov's own loader puts `<stem>` into sys.modules, over whatever has that name.
    name = f"policies.checks.{file.stem}"
    spec = importlib.util.spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        raise ImportError(f"{file.name} is no Python module")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def _graph(folder: Path, registry: GraphRegistry) -> Iterator[tuple[str, str]]:
    """Each YAML policy with its problem, empty when it is in force."""
    files = sorted(folder.rglob("*.yaml"))
    problems: dict[Path, str] = {}
    ids: dict[Path, str] = {}
    for file in files:
        try:
            body = yaml.safe_load(file.read_text(encoding="utf-8"))
            ids[file] = body["metadata"]["id"]
            problems[file] = "; ".join(_conditions(body["definition"]))
        except (OSError, ValueError, yaml.YAMLError, KeyError, TypeError) as error:
            problems[file] = f"{file.name} is not a policy: {type(error).__name__}: {error}"
    if len(ids) == len(files):  # checkov's loader stops at the first file it cannot read
        registry.load_external_checks(str(folder))
    in_force = {Path(check.check_path): check.id for check in registry.checks if check.check_path}
    for file in files:
        missing = "" if in_force.get(file) == ids.get(file) else f"checkov did not load {file.name}"
        yield ids.get(file, file.name), problems[file] or missing


def _conditions(definition: Any) -> Iterator[str]:
    """What is wrong with a definition. Without cond_type checkov passes every resource."""
    if isinstance(definition, list):
        for part in definition:
            yield from _conditions(part)
        return
    nested = [definition[key] for key in ("and", "or", "not") if key in definition]
    for part in nested:
        yield from _conditions(part)
    if not nested:
        if definition.get("cond_type") not in CONDITION_TYPES:
            yield f"a condition has no cond_type of {', '.join(CONDITION_TYPES)}"
        elif definition["cond_type"] != "filter" and not definition.get("resource_types"):
            yield "a condition names no resource_types"


def _against_catalogue(tree: Path, loaded: dict[str, str | None], graph: GraphRegistry) -> Iterator[GateFault]:
    try:
        catalogue = Catalogue.read(tree / "controls")
    except GateError as error:
        yield _fault(str(error), "controls")
        return
    for policy, control in loaded.items():
        claimed = catalogue.of(policy)
        if policy in CANARIES:
            continue
        if not policy.startswith(OWN_POLICY):
            yield _fault(f"its id must start with {' or '.join(OWN_POLICY)}", policy)
        elif claimed is None or (control is not None and control != claimed.id):
            said = f"control {control}" if control else "no control"
            yield _fault(f"it names {said}, the catalogue says {claimed.id if claimed else 'none'}", policy)
    registered = (
        {
            check.id
            for registry in BaseTerraformRunner.block_type_registries.values()
            for _, check in registry.all_checks()
        }
        | {check.id for check in graph.checks}
        | set(loaded)
    )
    for policy in sorted((catalogue.policies | set(CANARIES)) - registered):
        yield _fault("it is in the control catalogue, but no such policy is loaded", policy)


def _fault(message: str, policy: str) -> GateFault:
    return GateFault(kind="policy-not-loaded", policy=policy, message=message)
