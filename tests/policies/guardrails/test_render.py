"""Guardrails fit their quota, say what they said before packing, and are the same in every run."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from policies.catalogue import Control, shipped
from policies.errors import GuardrailError
from policies.guardrail_table import DEFAULT_QUOTA, EXAMPLE, documents, table
from policies.guardrails import Inputs, Quota, left_out, render, statement
from policies.preventive import LEVELS, Kind

CONTROLS = tuple(shipped().controls.values())
SMALL = Inputs(
    "aws",
    "acme",
    ("eu-west-1",),
    {
        "platform": ("arn:aws:iam::*:role/p",),
        "stewards": ("role/s",),
        "launchers": ("role/l",),
        "deployers": ("role/d",),
        "approvers": ("role/a",),
    },
)


def control(number: int, *denials: Mapping[str, Any], level: str = "sandbox") -> Control:
    """A control with these denials."""
    return Control.model_validate(
        {
            "id": f"TEST-{number:02}",
            "objective": "test",
            "severity": "HIGH",
            "rationale": "test",
            "remediation": "test",
            "owner": "cloud-administrator",
            "references": {"iso_27001": ["A.8.1"]},
            "missing": {"detective": "test", "proactive": "test"},
            "preventive": {"level": level, "statements": list(denials)},
        }
    )


def statements_of(*controls: Control, quota: Mapping[Kind, Quota] = DEFAULT_QUOTA) -> list[list[dict[str, Any]]]:
    """The statements of each document of level sandbox."""
    found = render("sandbox", controls=controls, inputs=SMALL, quota=quota)
    return [json.loads(document.content)["Statement"] for document in found]


def test_every_level_fits_with_the_longest_names(capsys: pytest.CaptureFixture[str]) -> None:
    """A unit that carries all levels has room for a document more of each kind; the characters free are printed."""
    found = documents(CONTROLS)
    with capsys.disabled():
        sys.stdout.write(f"\n{table(CONTROLS)}")
    for kind, quota in DEFAULT_QUOTA.items():
        of_kind = [document for document in found if document.kind == kind]
        assert len(of_kind) < quota.free
        assert all(0 <= document.free == quota.characters - len(document.content) for document in of_kind)
    assert {document.level for document in found} == set(LEVELS)


def test_the_same_controls_give_the_same_bytes() -> None:
    """The order in which controls are read does not matter."""
    assert documents(CONTROLS) == documents(reversed(CONTROLS))


def test_packing_loses_and_adds_nothing() -> None:
    """Each action of each denial stands once under its own resources and conditions, and no other does."""

    def flat(bodies: list[dict[str, Any]]) -> set[tuple[str, str]]:
        found = set()
        for body in bodies:
            rest = json.dumps({key: value for key, value in body.items() if key != "Action"}, sort_keys=True)
            actions = body.get("Action", "")
            found |= {(action, rest) for action in ([actions] if isinstance(actions, str) else actions)}
        return found

    packed = [body for document in documents(CONTROLS) for body in json.loads(document.content)["Statement"]]
    denials = [denial for found in CONTROLS if found.preventive for denial in found.preventive.statements]
    assert flat(packed) == flat([body for denial in denials if (body := statement(denial, EXAMPLE))])


def test_only_statements_that_differ_in_actions_are_merged() -> None:
    """Another condition, exemption or resource keeps a statement apart."""
    same = [{"actions": ["s3:PutObject"]}, {"actions": ["s3:GetObject"]}]
    apart: list[dict[str, Any]] = [
        {"actions": ["s3:PutObject"], "exempt": "platform"},
        {"actions": ["s3:PutObject"], "resources": ["arn:aws:s3:::x"]},
        {"actions": ["s3:PutObject"], "conditions": {"Bool": {"aws:SecureTransport": "false"}}},
    ]
    ((merged,),) = statements_of(control(1, same[0]), control(2, same[1]))
    assert merged["Action"] == ["s3:GetObject", "s3:PutObject"]
    (found,) = statements_of(control(1, *same, *apart))
    assert len(found) == 1 + len(apart)


def test_not_action_is_never_merged() -> None:
    """The union of two lists of exceptions would deny less than either."""
    (found,) = statements_of(control(1, {"not_actions": ["iam:*"]}, {"not_actions": ["sts:*"]}))
    assert sorted(body["NotAction"] for body in found) == ["iam:*", "sts:*"]


def test_a_level_holds_only_what_it_adds() -> None:
    """A control stands in the documents of one level; where those are several, its statements may lie in two."""
    found = {
        (name, document.level)
        for document in documents(CONTROLS)
        if document.kind == "scp"
        for name in document.controls
    }
    assert len(found) == len({name for name, _ in found})


def test_a_document_that_is_full_is_followed_by_another() -> None:
    """Statements that need two documents get two, none above the quota."""
    many = control(1, *({"actions": [f"s3:Put{'x' * 150}{number}"], "resources": [str(number)]} for number in range(9)))
    quota: dict[Kind, Quota] = {"scp": Quota(1200, 5, 1), "rcp": Quota(1200, 5, 1)}
    found = render("sandbox", controls=[many], inputs=SMALL, quota=quota)
    assert [document.key for document in found] == ["scp-sandbox-1", "scp-sandbox-2"]
    assert all(len(document.content) <= 1200 for document in found)


def test_what_cannot_fit_is_an_error_with_the_numbers() -> None:
    """Too long a statement, and too many documents for one unit, say how much there is and how much may be."""
    long = control(7, {"actions": [f"s3:{'x' * 2000}"]})
    with pytest.raises(GuardrailError, match=r"TEST-07 has 2\d\d\d characters, and a document holds 9\d\d"):
        statements_of(long, quota={"scp": Quota(1000, 10, 3), "rcp": Quota(1000, 5, 1)})
    sandbox = render("sandbox", controls=CONTROLS, inputs=SMALL, quota=DEFAULT_QUOTA)
    room = sum(document.kind == "scp" for document in sandbox)
    tight = {kind: replace(quota, reserved=quota.attachments - room) for kind, quota in DEFAULT_QUOTA.items()}
    assert render("sandbox", controls=CONTROLS, inputs=SMALL, quota=tight) == sandbox
    with pytest.raises(GuardrailError, match=rf"level standard: .* {room + 1} documents .* scp, and {room} are free"):
        render("standard", controls=CONTROLS, inputs=SMALL, quota=tight)


def test_a_statement_that_nothing_can_be_held_against_is_left_out_and_told() -> None:
    """Without approved VPCs the denials that name them are not rendered, and the table says so."""
    bare = replace(EXAMPLE, approved_vpcs=())
    assert left_out(CONTROLS, EXAMPLE) == {}
    assert left_out(CONTROLS, bare) == {"NET-07": ("approved_vpcs",), "SM-12": ("approved_vpcs",)}
    assert "SM-12: a statement is left out, as approved_vpcs is empty" in table(CONTROLS, bare)
    assert "aws:SourceVpc" not in "".join(document.content for document in documents(CONTROLS, bare))


def test_a_denial_without_its_exemption_is_refused() -> None:
    """An empty list of exempt roles, or an unknown placeholder, is an error and never a wider denial."""
    nobody = {"platform": (), "stewards": ("x",), "launchers": ("x",), "deployers": ("x",), "approvers": ("x",)}
    with pytest.raises(GuardrailError, match="no role is exempt as platform"):
        documents(CONTROLS, replace(EXAMPLE, exempt=nobody))
    with pytest.raises(GuardrailError, match=r"names \{vpcs\}, which no organisation fills in"):
        statements_of(control(1, {"actions": ["s3:PutObject"], "resources": ["{vpcs}"]}))


def test_variables_of_iam_are_left_alone() -> None:
    """`${aws:...}` is AWS's to fill in."""
    ((found,),) = statements_of(control(1, {"actions": ["s3:PutObject"], "resources": ["${aws:x}/{organization}"]}))
    assert found["Resource"] == "${aws:x}/acme"
