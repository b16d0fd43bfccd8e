"""People: permission sets of Identity Center, and which group holds which of them in which account."""

from __future__ import annotations

from collections.abc import Iterator

from policies.access.glob import DIGIT
from policies.access.identities import Policies, read
from policies.access.model import Principal
from policies.access.rules import Document
from policies.access.stacks import Json, Stack, Synthesis
from policies.access.surroundings import Surroundings
from policies.attached import REFERENCE, many

_SET = "aws_ssoadmin_permission_set"


def sessions(synthesis: Synthesis, policies: Policies, around: Surroundings) -> Iterator[Principal]:
    """Every permission set in every account where somebody holds it."""
    for stack in synthesis.stacks.values():
        held: dict[tuple[str, str], set[str]] = {}
        for _, assignment in stack.blocks("aws_ssoadmin_account_assignment"):
            account = synthesis.text(stack, str(assignment.get("target_id")))
            set_ = str(assignment.get("permission_set_arn"))
            held.setdefault((account, set_), set()).add(_holder(synthesis, stack, assignment))
        for (account, set_), groups in sorted(held.items()):
            yield _session(synthesis, stack, account, set_, tuple(sorted(groups)), policies, around)


def _holder(synthesis: Synthesis, stack: Stack, assignment: Json) -> str:
    """The name of the group, or what stands there of somebody else."""
    given = str(assignment.get("principal_id"))
    reference = REFERENCE.fullmatch(given)
    body = dict(stack.blocks(reference[1])).get(f"{reference[1]}.{reference[2]}", {}) if reference else {}
    return synthesis.text(stack, str(body.get("display_name") or body.get("user_name") or given))


def _session(
    synthesis: Synthesis,
    stack: Stack,
    account: str,
    set_: str,
    groups: tuple[str, ...],
    policies: Policies,
    around: Surroundings,
) -> Principal:
    reference = REFERENCE.fullmatch(set_)
    address = f"{_SET}.{reference[2]}" if reference else _SET
    body = dict(stack.blocks(_SET)).get(address, {})
    name = synthesis.text(stack, str(body.get("name", set_)))
    partition = synthesis.organization["partition"]
    # AWS ends the role's name with sixteen digits of its own; its path names the instance's region, but for one.
    region = "" if stack.region == "us-east-1" else f"{stack.region}/"
    arn = (
        f"arn:{partition}:iam::{account}:role/aws-reserved/sso.amazonaws.com/{region}AWSReservedSSO_{name}_{DIGIT * 16}"
    )
    boundary, boundary_arn = _boundary(synthesis, stack, account, set_, policies)
    return Principal(
        kind="session",
        name=f"{account}/{name}",
        account=account,
        arn=arn,
        source=stack.source(address, body),
        facts=around.facts(account, arn, None),
        identity=tuple(_identity(synthesis, stack, account, set_, policies)),
        boundary=boundary,
        boundary_arn=boundary_arn,
        guardrails=around.service_controls(account),
        groups=groups,
    )


def _identity(synthesis: Synthesis, stack: Stack, account: str, set_: str, policies: Policies) -> Iterator[Document]:
    for address, body in _of(stack, f"{_SET}_inline_policy", set_):
        yield read(synthesis, stack, address, body, "inline_policy", "inline policy")
    for address, body in _of(stack, "aws_ssoadmin_managed_policy_attachment", set_):
        yield policies.of(synthesis.text(stack, body["managed_policy_arn"]), account, stack.source(address, body))
    for address, body in _of(stack, "aws_ssoadmin_customer_managed_policy_attachment", set_):
        for own in many(body.get("customer_managed_policy_reference")):
            yield policies.named(account, synthesis.text(stack, own["name"]), stack.source(address, body))


def _boundary(
    synthesis: Synthesis, stack: Stack, account: str, set_: str, policies: Policies
) -> tuple[Document | None, str]:
    """The boundary with its ARN."""
    for address, body in _of(stack, "aws_ssoadmin_permissions_boundary_attachment", set_):
        source = stack.source(address, body)
        for boundary in many(body.get("permissions_boundary")):
            for own in many(boundary.get("customer_managed_policy_reference")):
                name = synthesis.text(stack, own["name"])
                arn = f"arn:{synthesis.organization['partition']}:iam::{account}:policy{own.get('path', '/')}{name}"
                return policies.named(account, name, source), arn
            if arn := boundary.get("managed_policy_arn"):
                return policies.of(synthesis.text(stack, arn), account, source), synthesis.text(stack, arn)
    return None, ""


def _of(stack: Stack, type_: str, set_: str) -> Iterator[tuple[str, Json]]:
    return ((address, body) for address, body in stack.blocks(type_) if body.get("permission_set_arn") == set_)
