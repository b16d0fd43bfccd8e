"""Scans one stack: drives checkov's registries itself, so that nothing they meet is swallowed.

checkov's own runner drops a policy that raised, a judgement withheld and the resource's type. Here
each registry is asked policy by policy, and every outcome is seen.
"""

from __future__ import annotations

import concurrent.futures
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from checkov.common.checks.base_check import BaseCheck
from checkov.common.checks_infra.solvers.attribute_solvers import base_attribute_solver
from checkov.common.checks_infra.solvers.resource_solvers import base_resource_solver
from checkov.common.graph.graph_builder import CustomAttributes
from checkov.common.models.enums import CheckResult
from checkov.terraform.checks.resource.base_resource_negative_value_check import (
    BaseResourceNegativeValueCheck,
)
from checkov.terraform.checks.resource.base_resource_value_check import BaseResourceValueCheck
from checkov.terraform_json.runner import TerraformJsonRunner

from policies.catalogue import OWN_POLICY
from policies.checks.base import StackCheck
from policies.document import StackDocument, is_expression
from policies.plan import plan_view
from policies.reading import ViewError
from policies.record import Form, GateFault, Outcome, Record, StackScan
from policies.scan import remembered
from policies.scan.forms import (
    CANARY_ADDRESS,
    attaches_own_policy,
    block_address,
    concerns,
    definition_of,
    unread_document,
    vertex_address,
)
from policies.scan.loading import CANARIES, Policies
from policies.scan.logs import collected
from policies.scan.templates import judged
from policies.template import TemplateError, published
from policies.view import View, view

UNPROVABLE = "not provable at synthesis: an expression stands in"
UNREAD = "not provable at synthesis: neither JSON nor a policy document of this stack is"
FILE = "/cdk.tf.json"  # checkov wants a path; the file itself is never read

_OUTCOMES = {CheckResult.PASSED: Outcome.PASSED, CheckResult.FAILED: Outcome.FAILED}
_WORST_FIRST = (Outcome.FAILED, Outcome.UNJUDGED, Outcome.PASSED)


class _Serial(concurrent.futures.ThreadPoolExecutor):
    """Runs at once, in the caller: an exception in a graph policy reaches us instead of a future nobody reads."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> concurrent.futures.Future[Any]:
        done: concurrent.futures.Future[Any] = concurrent.futures.Future()
        done.set_result(fn(*args, **kwargs))
        return done


@contextmanager
def _serial() -> Iterator[None]:
    """checkov's graph policies run without threads inside the block."""
    holders = (concurrent.futures, base_attribute_solver, base_resource_solver)
    before = [holder.ThreadPoolExecutor for holder in holders]
    for holder in holders:
        setattr(holder, "ThreadPoolExecutor", _Serial)  # noqa: B010  # mypy takes an assignment for a new type
    try:
        yield
    finally:
        for holder, executor in zip(holders, before, strict=True):
            setattr(holder, "ThreadPoolExecutor", executor)  # noqa: B010


class Engine:
    """checkov's built-in policies and ours, loaded once, for stack after stack."""

    def __init__(self, policies: Policies) -> None:
        self._stack_checks = policies.stack_checks
        remembered.install()

    def scan(self, content: bytes, form: Form = "stack") -> StackScan:
        """Judge the bytes of a stack or of a plan document. Never raises for what stands in them."""
        try:
            seen = plan_view(content) if form == "plan" else view(content)
        except (ViewError, RecursionError) as error:
            return StackScan(faults=(GateFault(kind="unparsable", message=f"not a {form} in Terraform JSON: {error}"),))
        return _StackRun(seen, self._stack_checks).run()


class _StackRun:
    """One scan in progress."""

    def __init__(self, seen: View, stack_checks: tuple[StackCheck, ...]) -> None:
        self._seen = seen
        self._stack_checks = stack_checks
        self._records: dict[tuple[str, str], Record] = {}
        self._titles: dict[str, str] = {}
        self._faults: list[GateFault] = []

    def _dismantled(self) -> bool:
        """Whether the stack says that it is empty on purpose: without resources it can only take down what it had."""
        remark = self._seen.document.get("//")
        return isinstance(remark, dict) and remark.get("dismantled") is True

    def run(self) -> StackScan:
        intended = self._seen.changes or self._dismantled()
        if not any(self._seen.document.get("resource", {}).values()) and not intended:
            self._fault("empty-stack", "the stack has no resource, so nothing was judged")
        for address in self._seen.dynamic:
            self._fault("dynamic-block", "its blocks exist only at apply; write them out", resource=address)
        with collected("scan-warning") as warnings, _serial():
            self._judge_stack()
            self._judge_with_checkov()
            self._judge_templates()
        self._faults += warnings
        for canary in CANARIES:
            if self._records.pop((canary, CANARY_ADDRESS), None) is None:
                self._fault("canary-silent", "the scan did not reach the end of the stack", policy=canary)
            self._titles.pop(canary, None)
        if not self._records:
            self._fault("no-records", "no policy judged anything in this stack")
        return StackScan(
            records=tuple(self._records[key] for key in sorted(self._records)),
            faults=tuple(sorted(self._faults, key=GateFault.sort_key)),
            titles=dict(sorted(self._titles.items())),
        )

    def _judge_stack(self) -> None:
        stack = StackDocument(self._seen.document, self._seen.changes)
        for check in self._stack_checks:
            with self._guarded(check.policy):
                for address, judgement in check.run(stack):
                    self._add(check.policy, check.title, address, judgement.result, judgement.message)

    def _judge_with_checkov(self) -> None:
        runner = TerraformJsonRunner()
        remembered.forget_documents()
        with self._guarded(None):
            definition = definition_of(self._seen.document)
            graph = runner.graph_manager.build_graph_from_definitions({FILE: definition})
            runner.graph_manager.save_graph(graph)
            self._judge_blocks(runner, definition)
            self._judge_graph(runner)

    def _judge_blocks(self, runner: TerraformJsonRunner, definition: dict[str, Any]) -> None:
        """Every policy written in Python, on every block it is for."""
        documents = self._seen.document.get("data", {}).get("aws_iam_policy_document", {})
        for section, registry in runner.block_type_registries.items():
            for entity in definition.get(section, ()):
                kind, name, conf = registry.extract_entity_details(entity)
                address = block_address(section, kind, name, conf)
                unread = unread_document(kind, conf, documents) if section == "resource" else None
                for check in registry.get_checks(kind):
                    with self._guarded(check.id, address):
                        found = check.run(FILE, conf, name, kind, {})["result"]
                        result, message = _explain(check, conf, found, unread)
                        self._add(check.id, check.name, address, result, message)

    def _judge_graph(self, runner: TerraformJsonRunner) -> None:
        """Every graph policy that can have a subject here, on the whole stack."""
        graph = runner.graph_manager.get_reader_endpoint()
        present = {vertex.get(CustomAttributes.RESOURCE_TYPE) for _, vertex in graph.nodes()}
        for check in runner.graph_registry.checks:
            if not concerns(check, present):
                continue
            with self._guarded(check.id):
                passed, failed, unknown = check.run(graph)
                keys = ", ".join(sorted(check.get_evaluated_keys()))
                own = [vertex for vertex in unknown if "policy_arn" in keys and attaches_own_policy(vertex)]
                unknown = [vertex for vertex in unknown if vertex not in own]
                for vertices, result, message in (
                    ([*passed, *own], CheckResult.PASSED, ""),
                    (failed, CheckResult.FAILED, f"not met; checkov read {keys}" if keys else "not met"),
                    # A graph policy withholds its judgement only over an unresolved value.
                    (unknown, CheckResult.FAILED, f"{UNPROVABLE} {keys}"),
                ):
                    for vertex in vertices:
                        self._add(check.id, check.name, vertex_address(vertex), result, message)

    def _judge_templates(self) -> None:
        """Every template that a product of the stack launches, resource by resource."""
        for template in published(self._seen.document, planned=bool(self._seen.changes)):
            if isinstance(template, TemplateError):
                self._fault(
                    "template-unread", f"{template}; publish it as the stack portfolio does", resource=template.address
                )
                continue
            for name, _, _ in template.resources():
                address = f"{template.address}/{name}"
                with self._guarded(None, address):
                    for policy, title, result, message in judged(template, name, self._guarded):
                        self._add(policy, title, address, result, message)

    def _add(self, policy: str, title: str, address: str, result: CheckResult, message: str) -> None:
        """Keep the worst outcome of a policy on an address: instances of one block share it."""
        if result is CheckResult.UNKNOWN and policy.startswith(OWN_POLICY):
            return  # ours say so when they do not apply, and for nothing else
        outcome = _OUTCOMES.get(result, Outcome.UNJUDGED)
        before = self._records.get((policy, address))
        if before and _WORST_FIRST.index(before.outcome) <= _WORST_FIRST.index(outcome):
            return
        self._titles[policy] = title
        self._records[policy, address] = Record(
            policy=policy,
            address=address,
            path=self._path(address),
            line=self._seen.line(address.partition("/")[0]),
            outcome=outcome,
            message=message,
        )

    def _path(self, address: str) -> str | None:
        """The construct path; of a resource in a template that of the template's object, with its logical id."""
        block, _, logical = address.partition("/")
        path = self._seen.path(block)
        return f"{path}/{logical}" if path and logical else path

    @contextmanager
    def _guarded(self, policy: str | None, resource: str | None = None) -> Iterator[None]:
        """What the block raises is a fault with policy and resource, never a gap in the scan."""
        try:
            yield
        except Exception as error:  # a policy may raise anything
            raised = f"{type(error).__name__}: {error}"
            self._fault("policy-raised" if policy else "scan-raised", raised, policy=policy, resource=resource)

    def _fault(self, kind: str, message: str, *, policy: str | None = None, resource: str | None = None) -> None:
        self._faults.append(GateFault(kind=kind, message=message, policy=policy, resource=resource))


def _explain(
    check: BaseCheck, conf: dict[str, Any], result: CheckResult, unread: str | None
) -> tuple[CheckResult, str]:
    """A result with its message. A withheld judgement is a failure where the policy meets an expression.

    So is whatever a built-in policy says of a document that it cannot read, the attribute `unread`.
    """
    keys = [key for key in check.get_evaluated_keys() if key]
    if result is CheckResult.FAILED:
        read = f"not met; checkov read {', '.join(keys)}" if keys else "not met"
        return result, "; ".join(check.details) or read
    if unread and not check.id.startswith(OWN_POLICY) and (result is CheckResult.UNKNOWN or unread in keys):
        return CheckResult.FAILED, f"{UNREAD} {unread}"
    reads_keys = isinstance(check, (BaseResourceValueCheck, BaseResourceNegativeValueCheck))
    unknown = [key for key in keys if reads_keys and _holds_expression(conf, key.split("/"))]
    if result is CheckResult.UNKNOWN and unknown:
        return CheckResult.FAILED, f"{UNPROVABLE} {', '.join(unknown)}"
    return result, ""


def _holds_expression(value: Any, path: list[str]) -> bool:
    """Whether an expression stands at the path, or above it where it ends early. Indices and lists are passed over."""
    if isinstance(value, list):
        return any(_holds_expression(child, path) for child in value)
    if isinstance(value, dict):
        names = [name for name in path if not name.strip("[]").isdigit()]
        children = [value.get(names[0])] if names else list(value.values())
        return any(_holds_expression(child, names[1:]) for child in children)
    return is_expression(value)
