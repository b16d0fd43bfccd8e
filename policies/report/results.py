"""`verdict.json`: the gate's own evidence. In a fixed order, and without time or machine: equal inputs, equal bytes.

version          1
passed           true when no finding failed and there is no fault
valid_until      last day on which every waiver in use holds (YYYY-MM-DD), null when none is used
policy_digest    SHA-256 of policies, control catalogue and the gate's code
checkov_version  release of checkov that ran
waivers_sha256   SHA-256 of the waivers' file, empty when it could not be read
due              waivers that end within 30 days, the first to end in front: {where, policies, resource, reason,
                 ticket, owner, approver, expires, days_left}
stacks           stack id -> {sha256, form, file, passed, counts, valid_until}; form is stack or plan, counts of
                 {passed, failed, waived, unjudged}
findings         list of passed, failed and waived findings, sorted by stack, policy and address:
    stack        stack id
    address      Terraform address; `provider.aws[.<alias>]` or `terraform.backend[.<type>]` for those
    path         construct path, null for what is no construct
    line         line in the stack's file, from 1; 1 where the block has no line of its own
    policy       checkov id; title is its sentence
    control      id in the control catalogue, null for a built-in policy that no control claims
    severity     CRITICAL, HIGH, MEDIUM or LOW, from the control; null without one
    outcome      passed, failed or waived
    message      what is wrong; empty when passed
    remediation  what to do, from the control; null when passed or without control
    waiver       {reason, ticket, owner, approver, expires} when waived, else null
unjudged         same shape, outcome `unjudged`: built-in policies that said nothing about a resource
faults           {kind, message, stack, policy, resource}: why the gate could not judge; never waivable
"""

from __future__ import annotations

import os
from pathlib import Path

from pydantic import ValidationError

from policies.errors import GateError, reasons
from policies.verdict import Verdict

FILE_NAME = "verdict.json"


def render(verdict: Verdict) -> str:
    """The text of `verdict.json`."""
    return verdict.model_dump_json(indent=1) + "\n"


def read(folder: Path) -> Verdict:
    """The verdict in the folder. Raises GateError with what to do when there is none of this version."""
    path = folder / FILE_NAME
    try:
        return Verdict.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        raise GateError(f"{path}: no verdict here; run `mlgov gate`") from None
    except OSError as error:
        raise GateError(f"{path} cannot be read ({error.strerror}); run `mlgov gate` again") from None
    except ValidationError as error:
        raise GateError(f"{path}: no verdict of this version ({'; '.join(reasons(error))}); run `mlgov gate`") from None


def write(path: Path, text: str) -> None:
    """Write a file whole or not at all, making its folder. Line ends stay as they are."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        temporary.write_bytes(text.encode())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
