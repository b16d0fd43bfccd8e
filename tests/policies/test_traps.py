"""Traps of checkov 3.3.30 that no other file shows, and the list of all of them: each has a test that names it."""

from __future__ import annotations

import ast
import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from policies.isolation import PACKAGE, _environment
from tests.policies.conftest import Scanner
from tests.policies.mutation.schema import BINDINGS
from tests.policies.support import ACCOUNT, LOG_GROUP, PROVIDER, Json, gate, judged, policy, stack, stack_file, text

if TYPE_CHECKING:
    from policies.scan.engine import Engine

TESTS = Path(__file__).parents[1]
TRAPS: list[dict[str, Any]] = yaml.safe_load((TESTS / "policies" / "traps.yaml").read_text(encoding="utf-8"))
SECTIONS = {"command line", "stacks", "suppression", "policies", "results", "plans"}
BUCKET = {"bucket": "b"}
BLOCK = {
    "block_public_acls": True,
    "block_public_policy": True,
    "ignore_public_acls": True,
    "restrict_public_buckets": True,
}
ALL_RIGHTS = policy({"Effect": "Allow", "Action": "*", "Resource": "*"})


@cache
def _tests_of(file: str) -> dict[str, str | None]:
    """Each test function of a file with its docstring."""
    tree = ast.parse((TESTS / file).read_text(encoding="utf-8"))
    return {node.name: ast.get_docstring(node) for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_each_trap_has_a_test() -> None:
    """The list names tests that exist and say in a sentence what they show."""
    named = [(trap["trap"], name.partition("::")) for trap in TRAPS for name in trap["tests"] or [""]]
    assert [trap for trap, (file, _, function) in named if not file or not _tests_of(file).get(function)] == []


def test_no_trap_is_listed_twice_and_each_section_has_some() -> None:
    """The list is one of sentences, over all sections."""
    sentences = [trap["trap"] for trap in TRAPS]
    assert len(sentences) == len(set(sentences)) > 50
    assert {trap["section"] for trap in TRAPS} == SECTIONS


def test_the_scan_has_an_environment_of_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No update is looked for, warnings are told, HOME is empty, and no variable of the user's is passed on."""
    for name in ("BC_API_KEY", "CKV_CHECK", "CKV_NO_FAIL_ON_CRASH", "CHECKOV_CHECK_FAIL_LEVEL", "LOG_LEVEL", "HOME"):
        monkeypatch.setenv(name, "user's")
    found = _environment(tmp_path)
    assert found["CKV_SKIP_PACKAGE_UPDATE_CHECK"] == "true"
    assert found["LOG_LEVEL"] == "WARNING"
    assert found["HOME"] == str(tmp_path)
    assert "user's" not in found.values()


def test_aliases_of_a_provider_are_told_apart(scan: Scanner) -> None:
    """checkov calls each of them `provider.aws`; the one with credentials in its code has an address of its own."""
    keyed = PROVIDER | {"alias": "keyed", "access_key": "AKIAIOSFODNN7EXAMPLE", "secret_key": "x" * 40}
    found = scan(stack({"aws_cloudwatch_log_group": {"g": LOG_GROUP}}, provider=[PROVIDER, keyed]))
    assert judged(found, "CKV_AWS_41") == {"passed": {"provider.aws"}, "failed": {"provider.aws.keyed"}}


@pytest.mark.parametrize(
    "companion",
    [
        {"bucket": "b"},
        {"bucket": "${var.bucket}"},
        {"bucket": "other", "depends_on": ["aws_s3_bucket.b"]},
    ],
    ids=["literal", "variable", "order"],
)
def test_only_a_reference_makes_two_resources_companions(scan: Scanner, companion: Json) -> None:
    """A name that happens to be equal, a variable and an order protect no bucket, in doubt to its disfavour."""
    found = scan(stack({"aws_s3_bucket": {"b": BUCKET}, "aws_s3_bucket_public_access_block": {"p": BLOCK | companion}}))
    assert judged(found, "CKV2_AWS_6")["failed"] == {"aws_s3_bucket.b"}
    related = BLOCK | {"bucket": "${aws_s3_bucket.b.id}"}
    found = scan(stack({"aws_s3_bucket": {"b": BUCKET}, "aws_s3_bucket_public_access_block": {"p": related}}))
    assert judged(found, "CKV2_AWS_6") == {"passed": {"aws_s3_bucket.b"}}


def test_a_name_in_a_tag_makes_no_companions(scan: Scanner) -> None:
    """checkov takes a reference in a tag for a connection."""
    tagged = BUCKET | {"tags": {"block": "${aws_s3_bucket_public_access_block.p.id}"}}
    block = {"p": BLOCK | {"bucket": "other"}}
    found = scan(stack({"aws_s3_bucket": {"b": tagged}, "aws_s3_bucket_public_access_block": block}))
    assert judged(found, "CKV2_AWS_6")["failed"] == {"aws_s3_bucket.b"}


def test_a_bucket_without_companions_is_judged(scan: Scanner) -> None:
    """A relation written from the companion's side has no record where there is none; ours are about the bucket."""
    assert judged(scan(stack({"aws_s3_bucket": {"b": BUCKET}})), "CKV2_MLGOV_1") == {"failed": {"aws_s3_bucket.b"}}


def test_a_graph_policy_that_meets_an_expression_fails(scan: Scanner) -> None:
    """checkov drops what a graph policy cannot decide; here it fails and names what it read."""
    controls = {"bucket": "b", "rule": [{"object_ownership": "${data.x.y.ownership}"}]}
    found = scan(stack({"aws_s3_bucket_ownership_controls": {"o": controls}}))
    (record,) = [record for record in found.records if record.policy == "CKV2_AWS_65"]
    assert (record.outcome, record.address) == ("failed", "aws_s3_bucket_ownership_controls.o")
    assert "not provable at synthesis" in record.message
    assert "rule/object_ownership" in record.message


def test_a_resource_without_instances_is_judged(scan: Scanner) -> None:
    """checkov leaves out a block whose count is nought; here its configuration fails as if it had instances."""
    found = scan(stack({"aws_s3_bucket": {"b": BUCKET | {"count": 0}}}))
    assert judged(found, "CKV2_MLGOV_1") == {"failed": {"aws_s3_bucket.b"}}


def test_a_policy_document_in_a_data_source_is_judged_there(scan: Scanner) -> None:
    """The document fails; who refers to it is neither failed for it nor called unreadable."""
    document = {"d": {"statement": [{"effect": "Allow", "actions": ["*"], "resources": ["*"]}]}}
    body = {"role": "r", "policy": "${data.aws_iam_policy_document.d.json}"}
    found = scan(stack({"aws_iam_role_policy": {"p": body}}, data={"aws_iam_policy_document": document}))
    for built_in in ("CKV_AWS_1", "CKV_AWS_49", "CKV_AWS_356"):
        assert judged(found, built_in) == {"failed": {"data.aws_iam_policy_document.d"}}
    assert judged(found, "CKV_AWS_290") == {"unjudged": {"aws_iam_role_policy.p"}}


@pytest.mark.parametrize(
    "written",
    [
        '${jsonencode({"Statement" = [{"Effect" = "Allow", "Action" = "*", "Resource" = "*"}]})}',
        "${data.terraform_remote_state.other.outputs.policy}",
        "${data.aws_iam_policy_document.of_nobody.json}",
        "no JSON",
    ],
    ids=["jsonencode", "other-stack", "no-data-source", "text"],
)
def test_a_policy_document_that_no_policy_can_read_fails(scan: Scanner, written: str) -> None:
    """checkov passes it, or says nothing; every built-in policy that would read it fails here."""
    found = scan(stack({"aws_iam_role_policy": {"p": {"role": "r", "policy": written}}}))
    for built_in in ("CKV_AWS_62", "CKV_AWS_63", "CKV_AWS_286", "CKV_AWS_289", "CKV_AWS_290", "CKV_AWS_355"):
        assert judged(found, built_in) == {"failed": {"aws_iam_role_policy.p"}}


def test_bucket_and_trust_policies_written_as_json_text_are_judged(scan: Scanner) -> None:
    """Everybody in a bucket's policy, and everybody's account in a role's trust, fail."""
    everybody = {"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::b"}
    trust = {"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "sts:AssumeRole"}
    found = scan(
        stack(
            {
                "aws_s3_bucket_policy": {"p": {"bucket": "b", "policy": policy(everybody)}},
                "aws_iam_role": {"r": {"name": "r", "assume_role_policy": policy(trust)}},
            }
        )
    )
    assert judged(found, "CKV_AWS_70") == {"failed": {"aws_s3_bucket_policy.p"}}
    assert judged(found, "CKV_AWS_61") == {"failed": {"aws_iam_role.r"}}


@pytest.mark.parametrize(
    "remark",
    [
        {"//": "checkov:skip=CKV_MLGOV_7:because"},
        {"//": {"checkov": {"skip": [{"id": "CKV_MLGOV_7", "comment": "because"}]}}},
        {"//": {"metadata": {"checkov": {"skip": [{"id": "CKV_MLGOV_7"}]}}}},
        {"checkov:skip": "CKV_MLGOV_7:because"},
        {"metadata": {"checkov:skip": "CKV_MLGOV_7"}},
    ],
    ids=["comment", "object", "metadata", "key", "sibling"],
)
def test_no_remark_in_a_stack_suppresses_a_finding(scan: Scanner, remark: Json) -> None:
    """A waiver stands in the file of waivers or nowhere."""
    found = scan(stack({"aws_cloudwatch_log_group": {"g": {"name": "g", **remark}}}))
    assert judged(found, "CKV_MLGOV_7") == {"failed": {"aws_cloudwatch_log_group.g"}}


def test_no_result_holds_the_code_of_a_stack(in_process: None, tmp_path: Path) -> None:
    """checkov's reports quote the block with its secrets; verdict, SARIF and JUnit name policy and address alone."""
    secret = "correct-horse-battery-staple"
    database = {"identifier": "d", "engine": "postgres", "password": secret, "instance_class": "db.t3.micro"}
    verdict = gate([stack_file(tmp_path, "a", text(stack({"aws_db_instance": {"d": database}})))], tmp_path)
    verdict.write(tmp_path / "out")
    written = {path.name: path.read_text(encoding="utf-8") for path in (tmp_path / "out").iterdir()}
    assert len(written) >= 3
    assert all("aws_db_instance.d" in content and secret not in content for content in written.values())


def test_every_type_that_a_policy_of_ours_names_is_one_of_the_provider(engine: Engine) -> None:
    """A type with a typing error in it would be judged never, and nothing would say so."""
    from policies.checks.base import PlatformCheck

    named = {kind for check in PlatformCheck.__subclasses__() for kind in getattr(check, "resources", ())}
    for file in (PACKAGE / "checks").glob("*.yaml"):
        named |= set(_types(yaml.safe_load(file.read_text(encoding="utf-8"))["definition"]))
    ours = {kind for kind in named if kind not in ("mlgov_canary", "aws_provider")}
    assert len(ours) > 5
    assert {kind for kind in ours if not (BINDINGS / kind.removeprefix("aws_")).is_dir()} == set()


def _types(part: Any) -> list[str]:
    if isinstance(part, dict):
        named = [*part.get("resource_types", ()), *part.get("connected_resource_types", ())]
        return named + [kind for child in part.values() for kind in _types(child)]
    return [kind for child in part for kind in _types(child)] if isinstance(part, list) else []


def test_tabs_hide_no_resource(engine: Engine) -> None:
    """checkov cannot parse a file that is indented with tabs; the gate judges it, and only lines are not told."""
    document = stack({"aws_cloudwatch_log_group": {"g": {"name": "g"}}})
    found = engine.scan(json.dumps(document, indent="\t").encode())
    assert judged(found, "CKV_MLGOV_7") == {"failed": {"aws_cloudwatch_log_group.g"}}
