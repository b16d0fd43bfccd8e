"""Deliberately bad Terraform JSON: whatever stands in a stack, the gate says what is wrong with it and never passes."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import NamedTuple

import pytest

from policies.reading import INSTANCES, LARGEST
from tests.policies.support import BACKEND, LOG_GROUP, TODAY, Json, gate, policy, sound, stack, stack_file, text

GROUP = "aws_cloudwatch_log_group"
SOUND = text(sound())
ALL_RIGHTS = policy({"Effect": "Allow", "Action": "*", "Resource": "*"})
TWO = {"s3": BACKEND, "local": {}}
TWICE = SOUND.replace(b'"name"', b'"name": 1, "name"')
SAME_ADDRESS = SOUND.replace(b'"good"', b'"good": {}, "good"')


class Bad(NamedTuple):
    """A fact in a sentence, the bytes, and what the gate says: the kind of a fault, or a policy that fails."""

    fact: str
    content: bytes
    says: str
    about: str = ""


def _group(**changed: object) -> bytes:
    return text(stack({GROUP: {"g": LOG_GROUP | changed}}))


def _with(**sections: object) -> bytes:
    return text({**sound(), **sections})


def _role(document: str) -> Json:
    return stack({GROUP: {"g": LOG_GROUP}, "aws_iam_role_policy": {"p": {"role": "r", "policy": document}}})


def _deep(levels: int) -> Json:
    return {"a": _deep(levels - 1)} if levels else {}


UNPARSABLE = "unparsable"
TABLE = [
    Bad("An empty file is no stack.", b"", UNPARSABLE, "Expecting value"),
    Bad("A file of blanks is no stack.", b" \n", UNPARSABLE, "Expecting value"),
    Bad("A file that is cut off is no stack.", SOUND[: len(SOUND) // 2], UNPARSABLE, "line"),
    Bad("A list is no stack.", b"[]", UNPARSABLE, "the document is not an object"),
    Bad("Null is no stack.", b"null", UNPARSABLE, "the document is not an object"),
    Bad("Text behind the document is refused.", SOUND + b"}", UNPARSABLE, "Extra data"),
    Bad("Two documents in one file are refused.", SOUND * 2, UNPARSABLE, "Extra data"),
    Bad("A comment is no JSON.", b"// comment\n" + SOUND, UNPARSABLE, "Expecting value"),
    Bad("A comma too many is no JSON.", SOUND.rstrip()[:-1] + b",}", UNPARSABLE, "Expecting property name"),
    Bad("Bytes that are no UTF-8 are refused.", SOUND.replace(b"/a", b"\xff"), UNPARSABLE, "utf-8"),
    Bad("UTF-16 is refused.", SOUND.decode().encode("utf-16"), UNPARSABLE, "utf-8"),
    Bad("A byte order mark is refused.", b"\xef\xbb\xbf" + SOUND, UNPARSABLE, "BOM"),
    Bad("Half a surrogate pair is refused.", SOUND.replace(b"/a", b"\\ud800"), UNPARSABLE, "surrogates"),
    Bad("NaN is no number.", _group(retention_in_days=float("nan")), UNPARSABLE, "NaN"),
    Bad("A number without end is refused.", SOUND.replace(b"365", b"1e999"), UNPARSABLE, "1e999"),
    Bad("A number of five thousand digits is refused.", SOUND.replace(b"365", b"9" * 5000), UNPARSABLE, "no number"),
    Bad("A number that is a token of cdktf is refused.", _group(retention_in_days=-1.88e289), UNPARSABLE, "token"),
    Bad("An attribute that stands twice is refused.", TWICE, UNPARSABLE, "twice"),
    Bad("An address that stands twice is refused.", SAME_ADDRESS, UNPARSABLE, "twice"),
    Bad("Resources as a list are refused.", _with(resource=[{GROUP: {}}]), UNPARSABLE, "resource is not an object"),
    Bad("Resources that are null are refused.", _with(resource=None), UNPARSABLE, "resource is not an object"),
    Bad("A type that is null is refused.", _with(resource={GROUP: None}), UNPARSABLE, f"resource.{GROUP}"),
    Bad("A resource that is null is refused.", _with(resource={GROUP: {"g": None}}), UNPARSABLE, f"{GROUP}.g"),
    Bad("A resource that is a list is refused.", _with(resource={GROUP: {"g": [LOG_GROUP]}}), UNPARSABLE, f"{GROUP}.g"),
    Bad("An empty address is refused.", _with(resource={"": {"": LOG_GROUP}}), UNPARSABLE, "no address of Terraform"),
    Bad("An address with an expression is refused.", _with(resource={GROUP: {"${g}": {}}}), UNPARSABLE, "no address"),
    Bad("A provider that is null is refused.", _with(provider={"aws": None}), UNPARSABLE, "provider.aws"),
    Bad("A backend that is text is refused.", _with(terraform={"backend": "s3"}), UNPARSABLE, "terraform.backend"),
    Bad("An output that is null is refused.", _with(output={"o": None}), UNPARSABLE, "output.o"),
    Bad("A section nobody knows is refused.", _with(resources={}), UNPARSABLE, "section resources"),
    Bad("Ephemeral resources are refused.", _with(ephemeral={"aws_x": {"y": {}}}), UNPARSABLE, "section ephemeral"),
    Bad("A call of a module hides resources.", _with(module={"m": {"source": "./m"}}), UNPARSABLE, "module.m"),
    Bad("A huge file is refused unread.", b" " * (LARGEST + 1), UNPARSABLE, "split the stack"),
    Bad("Nesting without end is refused.", b"[" * 100_000, UNPARSABLE, "recursion"),
    Bad("Deep nesting is refused.", _group(deep=_deep(80)), UNPARSABLE, "levels deep"),
    Bad("Instances without end are refused.", _group(count=INSTANCES + 1), UNPARSABLE, "instances"),
    Bad("A stack without a resource is empty.", text(stack({})), "empty-stack"),
    Bad("Types without a resource are empty.", text(stack({GROUP: {}})), "empty-stack"),
    Bad("A dynamic block cannot be judged.", _group(dynamic={"x": {"content": {}}}), "dynamic-block"),
    Bad("An empty resource fails.", text(stack({GROUP: {"g": {}}})), "CKV_MLGOV_7"),
    Bad("A missing key fails.", text(stack({GROUP: {"g": {"name": "g", "retention_in_days": 365}}})), "CKV_AWS_158"),
    Bad("A value of the wrong type fails.", _group(retention_in_days="many"), "CKV_MLGOV_7"),
    Bad("True is no number of days.", _group(retention_in_days=True), "CKV_MLGOV_7"),
    Bad("A list is no number of days.", _group(retention_in_days=[365, 1]), "CKV_MLGOV_7"),
    Bad("Null is as good as nothing.", _group(kms_key_id=None), "CKV_AWS_158"),
    Bad("A token that is not resolved proves nothing.", _group(retention_in_days="${TfToken[TOKEN.1]}"), "CKV_MLGOV_7"),
    Bad("An expression that does not end proves nothing.", _group(retention_in_days="${var.x"), "CKV_MLGOV_7"),
    Bad("A stack without a provider is bound to no account.", _with(provider={}), "CKV_MLGOV_10"),
    Bad("A stack without a backend keeps its state nowhere.", _with(terraform={}), "CKV_MLGOV_11"),
    Bad("required_version hides no other fault.", _with(terraform={"required_version": ">= 1"}), "CKV_MLGOV_11"),
    Bad("A second backend of another kind fails.", _with(terraform={"backend": TWO}), "CKV_MLGOV_11"),
    Bad("A policy that is no document fails.", text(_role("[1]")), "CKV_AWS_63"),
    Bad("A sound neighbour makes no bad one good.", text(_role(ALL_RIGHTS)), "CKV_AWS_63"),
]  # fmt: skip


@pytest.mark.parametrize("bad", TABLE, ids=[row.fact for row in TABLE])
def test_bad_json_never_passes(in_process: None, tmp_path: Path, bad: Bad) -> None:
    """The row's fact holds: the gate names the fault, or the policy that fails, at once, and covers no such bytes."""
    file = stack_file(tmp_path, "bad", bad.content)
    began = time.process_time()
    verdict = gate([file], tmp_path)
    assert time.process_time() - began < 2
    assert not verdict.passed
    assert not verdict.covers("bad", file.sha256, TODAY)
    said = [(fault.kind, fault.message) for fault in verdict.faults]
    said += [(found.policy, found.message) for found in verdict.findings if found.outcome == "failed"]
    assert any(what == bad.says and bad.about in message for what, message in said), said


def test_the_table_has_one_row_a_fact() -> None:
    """No fact and no content stands there twice."""
    assert len({row.fact for row in TABLE}) == len({row.content for row in TABLE}) == len(TABLE) >= 30


def test_only_the_promised_file_of_a_stack_is_judged(in_process: None, tmp_path: Path) -> None:
    """Files beside it, overrides and hidden ones included, change nothing: they are not taken to Terraform either."""
    file = stack_file(tmp_path, "a", SOUND)
    before = gate([file], tmp_path)
    for name in ("evil_override.tf.json", ".hidden.tf.json", "more.tf.json", ".terraform/modules/m/m.tf.json"):
        beside = file.path.parent / name
        beside.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(json.dumps(_role(ALL_RIGHTS)), encoding="utf-8")
    assert gate([file], tmp_path) == before
    assert before.passed
