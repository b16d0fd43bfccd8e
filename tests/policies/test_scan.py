"""What blinds checkov 3.3.30 does not blind the scan: each known silent pass, by name."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from policies.record import Outcome, StackScan
from tests.policies.conftest import Scanner
from tests.policies.plans.fixture import STACKS
from tests.policies.support import LOG_GROUP, Json, judged, policy, sound, stack, text

if TYPE_CHECKING:
    from policies.scan.engine import Engine

OPEN_TO_ALL = {"cidr_blocks": ["0.0.0.0/0"], "from_port": 22, "to_port": 22, "protocol": "tcp", "prefix_list_ids": None}


def _kinds(scan: StackScan) -> set[str]:
    return {fault.kind for fault in scan.faults}


@pytest.mark.parametrize(
    "section",
    [
        {"moved": [{"from": "aws_s3_bucket.a", "to": "aws_s3_bucket.b"}]},
        {"import": [{"to": "aws_cloudwatch_log_group.good", "id": "/a"}]},
        {"removed": [{"from": "aws_s3_bucket.a", "lifecycle": {"destroy": False}}]},
        {"check": {"c": {"assert": [{"condition": "${true}", "error_message": "x"}]}}},
    ],
    ids=lambda section: next(iter(section)),
)
def test_blocks_that_make_checkov_drop_the_file_change_nothing(scan: Scanner, section: Json) -> None:
    """A stack with such a block has the same judgements as without."""
    with_block, without = scan(sound(**section)), scan(sound())
    assert [(record.policy, record.address, record.outcome) for record in with_block.records] == [
        (record.policy, record.address, record.outcome) for record in without.records
    ]


def test_required_version_does_not_hide_the_stack(scan: Scanner) -> None:
    """`terraform.required_version` is taken out of the view, and a failing resource still fails."""
    document = stack({"aws_cloudwatch_log_group": {"bad": {"name": "a"}}})
    document["terraform"]["required_version"] = ">= 1.10"
    assert judged(scan(document), "CKV_MLGOV_7") == {"failed": {"aws_cloudwatch_log_group.bad"}}


def test_a_dynamic_block_is_a_fault_and_hides_no_later_resource(engine: Engine) -> None:
    """The resource is named, and what stands behind it is judged by graph policies all the same."""
    group = {"name": "g", "dynamic": {"ingress": {"for_each": "${var.rules}", "content": {"from_port": 22}}}}
    found = engine.scan(text(stack({"aws_security_group": {"g": group}, "aws_s3_bucket": {"later": {"bucket": "b"}}})))
    assert [(fault.kind, fault.resource) for fault in found.faults] == [("dynamic-block", "aws_security_group.g")]
    assert judged(found, "CKV2_MLGOV_1") == {"failed": {"aws_s3_bucket.later"}}


def test_nulls_do_not_make_an_open_security_group_pass(scan: Scanner) -> None:
    """cdktf writes `prefix_list_ids: null`; port 22 open to the world fails beside it."""
    found = scan(stack({"aws_security_group": {"g": {"name": "g", "description": "d", "ingress": [OPEN_TO_ALL]}}}))
    assert judged(found, "CKV_AWS_24") == {"failed": {"aws_security_group.g"}}


def test_policies_written_as_json_text_are_judged(scan: Scanner) -> None:
    """An inline IAM policy with all rights fails the built-in policies that want an object."""
    body = {"role": "r", "policy": json.dumps({"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]})}
    found = scan(stack({"aws_iam_role_policy": {"p": body}}))
    for built_in in ("CKV_AWS_286", "CKV_AWS_289", "CKV_AWS_355", "CKV2_AWS_40"):
        assert judged(found, built_in) == {"failed": {"aws_iam_role_policy.p"}}


def test_a_literal_local_is_judged_as_what_it_holds(scan: Scanner) -> None:
    """References to literal locals and variable defaults are no expression to policies."""
    bodies = {
        "by_local": LOG_GROUP | {"retention_in_days": "${local.days}"},
        "by_default": LOG_GROUP | {"retention_in_days": "${var.days}"},
        "unknown": LOG_GROUP | {"retention_in_days": "${var.other}"},
    }
    document = stack(
        {"aws_cloudwatch_log_group": bodies}, locals={"days": 365}, variable={"days": {"default": 365}, "other": {}}
    )
    assert judged(scan(document), "CKV_MLGOV_7") == {
        "passed": {"aws_cloudwatch_log_group.by_local", "aws_cloudwatch_log_group.by_default"},
        "failed": {"aws_cloudwatch_log_group.unknown"},
    }


def test_a_built_in_policy_that_meets_an_expression_fails(scan: Scanner) -> None:
    """checkov drops the judgement of a value check on an unknown value; here it fails and says why."""
    key = {"enable_key_rotation": "${data.x.y.rotate}", "deletion_window_in_days": 30}
    found = scan(stack({"aws_kms_key": {"k": key}}))
    record = next(record for record in found.records if record.policy == "CKV_AWS_7")
    assert record.outcome == "failed"
    assert "not provable at synthesis" in record.message
    assert "enable_key_rotation" in record.message


def test_a_built_in_policy_that_says_nothing_is_listed(scan: Scanner) -> None:
    """A withheld judgement over no expression counts as unjudged, never as passed."""
    assert judged(scan(stack({"aws_s3_bucket": {"b": {"bucket": "b"}}})), "CKV_AWS_70") == {
        "unjudged": {"aws_s3_bucket.b"}
    }


def test_records_carry_type_name_path_and_line(scan: Scanner) -> None:
    """Two resources of one name and different types stay apart, and each has its construct path and line."""
    document = stack(
        {
            "aws_kms_key": {"k": {"//": {"metadata": {"path": "a/lake/k"}}, "enable_key_rotation": True}},
            "aws_sns_topic": {"k": {"//": {"metadata": {"path": "a/alarm/k"}}, "name": "k"}},
        }
    )
    lines = text(document).decode().splitlines()
    where = {record.address: (record.path, lines[record.line - 1].strip()) for record in scan(document).records}
    assert where["aws_kms_key.k"] == ("a/lake/k", '"k": {')
    assert where["aws_sns_topic.k"][0] == "a/alarm/k"
    assert where["terraform.backend.s3"] == (None, '"s3": {')


def test_a_stack_without_resources_is_a_fault(engine: Engine) -> None:
    """Provider and backend alone prove nothing."""
    assert "empty-stack" in _kinds(engine.scan(text(stack({}))))
    assert "empty-stack" in _kinds(engine.scan(text(stack({"aws_s3_bucket": {}}))))


def test_a_dismantled_stack_may_be_empty_and_is_judged_all_the_same(engine: Engine) -> None:
    """A stack that says of itself that it is taken down is no fault; how it keeps its state is judged as ever."""
    note = {"dismantled": True}
    found = engine.scan(text(stack({}, **{"//": note})))
    assert _kinds(found) == set()
    assert {record.outcome for record in found.records} == {Outcome.PASSED}
    local = engine.scan(text(stack({}, backend={"local": {}}, **{"//": note})))
    assert Outcome.FAILED in {record.outcome for record in local.records}


@pytest.mark.parametrize("note", [None, "text", {"metadata": None}, {"metadata": {"path": 3}}])
def test_a_block_without_a_construct_path_is_judged(scan: Scanner, note: object) -> None:
    """Whatever stands under `//`, the block is judged; it only has no path."""
    found = scan(stack({"aws_cloudwatch_log_group": {"g": {"//": note, **LOG_GROUP}}}))
    assert {record.path for record in found.records} == {None}


@pytest.mark.parametrize("canary", ["CKV_MLGOV_0", "CKV2_MLGOV_0"])
def test_a_silent_canary_is_a_fault(engine: Engine, monkeypatch: pytest.MonkeyPatch, canary: str) -> None:
    """When either kind of policy does not reach the end of the stack, the gate says so."""
    from checkov.common.checks_infra.registry import get_graph_checks_registry
    from checkov.terraform.checks.resource.registry import resource_registry

    graph = get_graph_checks_registry("terraform")
    monkeypatch.setattr(graph, "checks", [check for check in graph.checks if check.id != canary])
    if canary == "CKV_MLGOV_0":
        monkeypatch.setitem(resource_registry.checks, "mlgov_canary", [])
    found = engine.scan(text(sound()))
    assert [(fault.kind, fault.policy) for fault in found.faults] == [("canary-silent", canary)]


def test_what_checkov_logs_is_a_fault(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """A warning within a scan is the only sign of a lost block, so it fails the gate."""
    from checkov.terraform_json.runner import TerraformJsonRunner

    class Talkative(TerraformJsonRunner):  # type: ignore[misc]  # checkov is untyped to mypy here
        def __init__(self) -> None:
            super().__init__()
            logging.getLogger("checkov.anything").warning("Failed to add block %s", "x")

    monkeypatch.setattr("policies.scan.engine.TerraformJsonRunner", Talkative)
    found = engine.scan(text(sound()))
    assert [(fault.kind, fault.message) for fault in found.faults] == [
        ("scan-warning", "checkov says: Failed to add block x")
    ]


def test_one_stack_leaves_nothing_behind_for_the_next(scan: Scanner) -> None:
    """The judgement of a stack is the same before and after others were scanned."""
    bucket = stack({"aws_s3_bucket": {"b": {"bucket": "b"}}})
    before = scan(bucket)
    policy = {"bucket": "${aws_s3_bucket.b.id}", "policy": "{}"}
    scan(stack({"aws_s3_bucket": {"b": {"bucket": "b"}}, "aws_s3_bucket_policy": {"p": policy}}))
    assert scan(bucket) == before


def test_a_policy_document_never_stands_in_for_one_of_the_same_name(scan: Scanner) -> None:
    """checkov keeps documents by file, type and name: each stack's own is judged, whatever was scanned before."""
    for action, outcome in (("s3:GetObject", "passed"), ("*", "failed"), ("s3:GetObject", "passed")):
        body = {"role": "r", "policy": policy({"Effect": "Allow", "Action": action, "Resource": ["arn:aws:s3:::b/*"]})}
        if action == "*":
            body["policy"] = policy({"Effect": "Allow", "Action": action, "Resource": "*"})
        found = scan(stack({"aws_iam_role_policy": {"p": body}}))
        assert judged(found, "CKV_AWS_290") == {outcome: {"aws_iam_role_policy.p"}}


def test_an_expression_gives_no_name_a_value_for_others(engine: Engine) -> None:
    """checkov takes the text `days = 400` for an assignment, which no other text, in this stack or the next, sees."""
    from checkov.terraform.graph_builder.variable_rendering import evaluate_terraform

    evaluate_terraform.evaluate_terraform("days = 400")
    assert evaluate_terraform.evaluate_terraform("${days}") == "days"


def test_the_clock_is_no_value(engine: Engine) -> None:
    """checkov would put the time of the scan in the place of `timestamp()`; here it stays an expression."""
    from checkov.terraform.graph_builder.variable_rendering import evaluate_terraform

    assert evaluate_terraform.evaluate_terraform("${timestamp()}") == "timestamp()"


def test_a_remembered_result_is_not_shared(engine: Engine) -> None:
    """checkov changes what it evaluated in place; the next who asks gets what the first got."""
    from checkov.terraform.graph_builder.variable_rendering import evaluate_terraform
    from cloudsplaining.scan import statement_detail

    for _ in range(2):
        values = evaluate_terraform.evaluate_terraform('["a", "b"]')
        assert values == ["a", "b"]
        values.append("c")
        actions = statement_detail.determine_actions_to_expand(["s3:GetObj*"])
        assert "s3:GetObject" in actions
        actions.clear()


def test_a_graph_policy_that_is_passed_over_has_nothing_to_say(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether policies without a subject are run or not, the records of a stack with many types are the same."""
    found = engine.scan(text(STACKS["governed"]))
    monkeypatch.setattr("policies.scan.engine.concerns", lambda check, present: True)
    assert engine.scan(text(STACKS["governed"])) == found


def test_a_count_of_instances_is_judged_as_one_block(scan: Scanner) -> None:
    """Instances of for_each share their block's address."""
    found = scan(stack({"aws_s3_bucket": {"many": {"for_each": ["a", "b"], "bucket": "b"}}}))
    assert judged(found, "CKV2_MLGOV_1") == {"failed": {"aws_s3_bucket.many"}}


@pytest.fixture(autouse=True)
def _root_logger_is_left_alone() -> Iterator[None]:
    before = list(logging.getLogger().handlers)
    yield
    assert logging.getLogger().handlers == before


def test_a_policy_of_the_stack_is_none_of_aws_s(scan: Scanner) -> None:
    """What is attached by a reference to one is provably not IAMFullAccess; with another expression it is not."""
    role = {"role": "${aws_iam_role.r.name}"}
    document = stack(
        {
            "aws_iam_policy": {
                "own": {
                    "name": "own",
                    "policy": policy({"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}),
                }
            },
            "aws_iam_role_policy_attachment": {
                "own": {**role, "policy_arn": "${aws_iam_policy.own.arn}"},
                "unknown": {**role, "policy_arn": "${var.policy}"},
                "full": {**role, "policy_arn": "arn:aws:iam::aws:policy/IAMFullAccess"},
            },
        }
    )
    found = judged(scan(document), "CKV2_AWS_56")
    attachment = "aws_iam_role_policy_attachment"
    assert found["failed"] == {f"{attachment}.unknown", f"{attachment}.full"}
    assert f"{attachment}.own" in found["passed"]
