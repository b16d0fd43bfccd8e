"""The hook of CloudFormation keeps what its docstring guarantees."""

from __future__ import annotations

import json

import pytest

from modules.foundations.cloudformation_hook import RULES, CloudFormationHook
from modules.foundations.settings import HookSettings
from tests.support.rendering import NAMING, Rendered, render, statements


@pytest.fixture(name="hook", scope="module")
def _hook() -> Rendered:
    return render(
        lambda scope: CloudFormationHook(
            scope,
            "hook",
            naming=NAMING,
            what="fraud-dev-hooks",
            settings=HookSettings(),
            rules="rule x { a == '${b}' }",
            boundary_arn="arn:aws:iam::222222222222:policy/boundary",
        )
    )


def test_everything_that_is_made_is_judged_and_failures_refuse(hook: Rendered) -> None:
    """Templates, resources and Cloud Control, on create and update; the hook is on and fails closed."""
    resource = hook.one("aws_cloudcontrolapi_resource")
    assert resource["type_name"] == "AWS::CloudFormation::GuardHook"
    state = json.loads(resource["desired_state"])
    assert state["TargetOperations"] == ["CLOUD_CONTROL", "RESOURCE", "STACK"]
    assert state["TargetFilters"] == {"Actions": ["CREATE", "UPDATE"]}
    assert (state["FailureMode"], state["HookStatus"]) == ("FAIL", "ENABLED")


def test_the_hook_judges_by_the_version_that_was_written(hook: Rendered) -> None:
    """The location names the object's version, and Terraform interpolates nothing in the rules."""
    state = json.loads(hook.one("aws_cloudcontrolapi_resource")["desired_state"])
    assert state["RuleLocation"]["Uri"] == f"s3://acme-dev-fraud-dev-hooks/{RULES}"
    assert state["RuleLocation"]["VersionId"].startswith("${aws_s3_object.")
    assert hook.one("aws_s3_object")["content"] == "rule x { a == '$${b}' }"


def test_the_hook_cannot_change_its_rules(hook: Rendered) -> None:
    """Its role writes findings, never the rules, and only the hooks of this account become it."""
    policy = hook.policy("aws_iam_role_policy")
    assert policy["NeverTheRules"]["Effect"] == "Deny"
    assert policy["NeverTheRules"]["Resource"] == f"arn:aws:s3:::acme-dev-fraud-dev-hooks/{RULES}"
    trust = statements(hook.one("aws_iam_role")["assume_role_policy"])["Hooks"]
    assert trust["Principal"] == {"Service": "hooks.cloudformation.amazonaws.com"}
    assert trust["Condition"] == {"StringEquals": {"aws:SourceAccount": "222222222222"}}
