"""Files of `terraform show -json`: which stack each is of, what is no whole plan, and what was made of other bytes."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from delivery.review.same_bytes import differences
from delivery.review.sources import given
from modules.core.errors import ConfigError
from policies.errors import GateError
from tests.support.planned import change, plan
from tests.support.stacks import Synthesis

WRITTEN = {
    "provider": {"aws": [{"region": "eu-west-1", "default_tags": [{"tags": {"Stack": "x"}}]}]},
    "data": {"aws_ami": {"a": {"most_recent": True}}},
    "resource": {
        "aws_s3_bucket": {"b": {"//": {}, "bucket": "b-${var.x}", "lifecycle": {"prevent_destroy": True}}},
        "aws_sqs_queue": {"q": {"count": "${var.n}", "name": "q", "nested": {"days": 3}}},
    },
    "variable": {"x": {"type": "string", "default": "plan"}},
    "output": {"arn": {"value": "${aws_s3_bucket.b.arn}"}},
}
# The same in the form in which Terraform tells of its configuration.
TOLD: dict[str, Any] = {
    "provider_config": {
        "aws": {
            "name": "aws",
            "expressions": {
                "region": {"constant_value": "eu-west-1"},
                "default_tags": [{"tags": {"constant_value": {"Stack": "x"}}}],
            },
        },
        "terraform": {"name": "terraform", "full_name": "terraform.io/builtin/terraform"},
    },
    "root_module": {
        "resources": [
            {
                "address": "aws_s3_bucket.b",
                "provider_config_key": "aws",
                "expressions": {"bucket": {"constant_value": "b-${var.x}", "references": ["var.x"]}},
            },
            {
                "address": "aws_sqs_queue.q",
                "provider_config_key": "aws",
                "expressions": {"name": {"constant_value": "q"}, "nested": [{"days": {"constant_value": 3}}]},
                "count_expression": {"constant_value": "${var.n}", "references": ["var.n"]},
            },
            {
                "address": "data.aws_ami.a",
                "provider_config_key": "aws",
                "expressions": {"most_recent": {"constant_value": True}},
            },
        ],
        "variables": {"x": {"default": "plan"}},
        "outputs": {"arn": {"expression": {"constant_value": "${aws_s3_bucket.b.arn}", "references": []}}},
    },
}


def _changed(path: str, value: Any) -> dict[str, Any]:
    """The stack with another value at a path."""
    stack = json.loads(json.dumps(WRITTEN))
    *above, last = path.split("/")
    place = stack
    for step in above:
        place = place[int(step)] if isinstance(place, list) else place[step]
    if value is None:
        del place[last]
    else:
        place[last] = value
    return dict(stack)


def test_a_plan_of_the_stack_differs_in_nothing() -> None:
    """One block may be written without its list; comments, lifecycle and the backend are not told of."""
    assert list(differences({"configuration": TOLD}, WRITTEN)) == []


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        ("resource/aws_s3_bucket/b/bucket", "c-${var.x}", "aws_s3_bucket.b: bucket"),
        ("resource/aws_sqs_queue/q/nested/days", 2, "aws_sqs_queue.q: nested"),
        ("resource/aws_sqs_queue/q/count", "${var.m}", "aws_sqs_queue.q: count"),
        ("resource/aws_sqs_queue/q/provider", "aws.other", "aws_sqs_queue.q: provider"),
        ("resource/aws_sqs_queue/q/policy", "{}", "aws_sqs_queue.q: policy"),
        ("resource/aws_sqs_queue", None, "aws_sqs_queue.q is not in the stack"),
        ("resource/aws_sns_topic", {"t": {}}, "aws_sns_topic.t is not in the plan"),
        ("data/aws_ami/a/most_recent", False, "data.aws_ami.a: most_recent"),
        ("provider/aws/0/region", "us-east-1", "provider aws: region"),
        ("output/arn/value", "x", "output arn: value"),
        ("variable/x/default", "apply", "variable x: default"),
        ("locals", {"a": 1}, "locals"),
    ],
)
def test_any_other_value_is_told(path: str, value: Any, told: str) -> None:
    """Whatever of the configuration is another, the difference names it."""
    found = list(differences({"configuration": TOLD}, _changed(path, value)))
    assert len(found) == 1
    assert told in found[0]


Given = Callable[..., Any]


@pytest.fixture
def world(tmp_path: Path) -> Synthesis:
    """Two stacks, without Terraform."""
    made = Synthesis(tmp_path)
    for name in ("one", "two"):
        made.stack(name, {})
        made.rewrite(name, {"resource": {"terraform_data": {"x": {"input": name}}}})
    return made


def _plan(path: Path, name: str, **more: Any) -> Path:
    """A plan that creates what the stack `name` holds."""
    resource = {
        "address": "terraform_data.x",
        "provider_config_key": "terraform",
        "expressions": {"input": {"constant_value": name}},
    }
    created = change("terraform_data", actions=["create"], after={"input": name})
    told = {"planned_values": {}, "configuration": {"root_module": {"resources": [resource]}}}
    path.write_text(json.dumps(plan([created], **{**told, **more})), encoding="utf-8")
    return path


def test_the_stack_of_a_file_is_named_or_found(world: Synthesis, tmp_path: Path) -> None:
    """By `STACK=FILE`, by the stack's folder, and by the file's name; the order is that of the manifest."""
    inside = _plan(world.out / "stacks" / "two" / "plan.json", "two")
    named = f"one={_plan(tmp_path / 'any.json', 'one')}"
    found = given([str(inside), named], world.manifest, world.out, tmp_path)
    assert [(one.entry.id, one.status) for one in found] == [("one", "reviewed"), ("two", "reviewed")]
    assert given([str(_plan(tmp_path / "one.json", "one"))], world.manifest, world.out, tmp_path)[0].entry.id == "one"


def test_a_plan_of_other_bytes_is_refused(world: Synthesis, tmp_path: Path) -> None:
    """The plan of one stack is not that of another, nor of the same stack as it was: the gate passed other bytes."""
    with pytest.raises(GateError, match=r"other bytes than stack two has.*terraform_data\.x: input is another"):
        given([f"two={_plan(tmp_path / 'p.json', 'one')}"], world.manifest, world.out, tmp_path)


def test_two_plans_of_one_stack_are_refused(world: Synthesis, tmp_path: Path) -> None:
    """Which of them would be applied?"""
    name = f"one={_plan(tmp_path / 'p.json', 'one')}"
    with pytest.raises(ConfigError, match="a second plan of stack one"):
        given([name, name], world.manifest, world.out, tmp_path)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "is not JSON"),
        ("[]", "is no plan"),
        ('{"format_version":"1.0","values":{}}', "is no plan"),
        ('{"format_version":"2.0"}', "is of format 2.0"),
        ('{"errored":true}', "is not whole"),
        ('{"complete":false}', "is not whole"),
        ('{"resource_changes":[{}]}', "no plan that `terraform show -json` writes"),
    ],
)
def test_what_is_no_whole_plan_is_refused(world: Synthesis, tmp_path: Path, content: str, told: str) -> None:
    """Empty, a state, of another format, errored, incomplete, malformed: none passes as a plan without changes."""
    path = tmp_path / "p.json"
    more = content.startswith("{") and "values" not in content
    if more:
        _plan(path, "one", **json.loads(content))
    else:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(ConfigError, match=told):
        given([f"one={path}"], world.manifest, world.out, tmp_path)


@pytest.mark.parametrize("name", ["p.json", "none=p.json"])
def test_a_file_of_no_stack_is_refused(world: Synthesis, tmp_path: Path, name: str) -> None:
    """Nobody guesses what it is of."""
    with pytest.raises(ConfigError, match="write STACK=FILE"):
        given([name], world.manifest, world.out, tmp_path)


def test_a_file_that_is_not_there_is_refused(world: Synthesis, tmp_path: Path) -> None:
    """With the command that writes it."""
    with pytest.raises(ConfigError, match="terraform show -json"):
        given(["one=none.json"], world.manifest, world.out, tmp_path)


def _file(path: Path, stack: bytes, moment: str = "2026-11-23T20:00:00Z", **more: bytes) -> Path:
    """A plan file of Terraform in as much as it proves something."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("tfplan", b"..." + moment.encode() + b"...")
        archive.writestr("tfconfig/m-/cdk.tf.json", stack)
        for name, content in more.items():
            archive.writestr(f"tfconfig/m-/{name}.tf", content)
    return path


def test_a_plan_file_proves_what_json_does_not_tell(world: Synthesis, tmp_path: Path) -> None:
    """A stack with locals is reviewed with Terraform's plan file beside its JSON, and refused without."""
    world.rewrite("one", {"resource": {"terraform_data": {"x": {"input": "one"}}}, "locals": {"a": 1}})
    plan_ = str(_plan(tmp_path / "one.json", "one", timestamp="2026-11-23T20:00:00Z"))
    with pytest.raises(GateError, match=r"the stack has locals.*--plan-file"):
        given([plan_], world.manifest, world.out, tmp_path)
    proof = str(_file(tmp_path / "one.tfplan", (world.out / world.entries["one"].path).read_bytes()))
    assert given([plan_], world.manifest, world.out, tmp_path, proofs=[proof])[0].status == "reviewed"
    with pytest.raises(ConfigError, match="no plan in JSON that it would prove"):
        given([], world.manifest, world.out, tmp_path, proofs=[proof])


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ("bytes", "other bytes than stack one has"),
        ("moment", "not shown of this file"),
        ("more", "made of extra.tf, too"),
        ("archive", "is no plan file"),
    ],
)
def test_a_plan_file_that_proves_something_else_is_refused(
    world: Synthesis, tmp_path: Path, fault: str, told: str
) -> None:
    """Of other bytes, of another JSON, with a file beside the stack's, or no plan file at all."""
    plan_ = str(_plan(tmp_path / "one.json", "one", timestamp="2026-11-23T20:00:00Z"))
    stack = (world.out / world.entries["one"].path).read_bytes() + (b" " if fault == "bytes" else b"")
    more = {"extra": b""} if fault == "more" else {}
    moment = "2026-11-23T20:00:01Z" if fault == "moment" else "2026-11-23T20:00:00Z"
    proof = _file(tmp_path / "one.tfplan", stack, moment, **more)
    if fault == "archive":
        proof.write_bytes(b"PK")
    with pytest.raises(GateError, match=told):
        given([plan_], world.manifest, world.out, tmp_path, proofs=[str(proof)])
