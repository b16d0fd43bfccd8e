"""What is read from the stacks: names that are computed, outputs of other stacks, the roles that AWS makes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import main
from policies.access import managed
from policies.access.duties import read
from policies.access.model import Access
from policies.access.rules import UNREADABLE
from tests.policies.access.organisation import MANAGEMENT, Organisation, account, allow, deny, principal, role_arn


def _resources(found: Access, name: str) -> tuple[str, ...]:
    return principal(found, name).identity[0].rules[0].resources


def test_accounts_stand_by_their_names() -> None:
    """In the place of an id that is assigned later, and of one that is known."""
    made = Organisation()
    made.role("dev", "x", allow("sts:AssumeRole", [role_arn("dev", "a"), f"arn:aws:iam::{MANAGEMENT}:role/b"]))
    assert _resources(made.read(), "dev/x") == ("arn:aws:iam::dev:role/a", "arn:aws:iam::management:role/b")


def test_references_are_followed_into_other_stacks() -> None:
    """An attribute of a block of the stack, an output of another one, a local; what is not known stays as it is."""
    made = Organisation()
    made.add("vault", "aws_kms_key", "data", {})
    made.bucket("vault", "store")
    made.stacks["vault-base"]["output"] = {"key_arn": {"value": "${aws_kms_key.data.arn}"}}
    made.bucket("dev", "own")
    remote = "${data.terraform_remote_state.vault-base.outputs.key_arn}"
    made.role(
        "dev", "x", allow("*", [remote, "${aws_s3_bucket.own.arn}/*", "${local.name}", "${data.aws_region.r.name}"])
    )
    made.stacks["dev-base"]["locals"] = {"name": "arn:aws:s3:::local"}
    assert _resources(made.read(), "dev/x") == (
        "arn:aws:kms:eu-west-1:vault:key/vault-base.data",
        "arn:aws:s3:::own/*",
        "arn:aws:s3:::local",
        "${data.aws_region.r.name}",
    )


def test_variables_of_iam_are_not_expressions() -> None:
    """`$${...}` is what Terraform hands on: a variable that the request fills in."""
    made = Organisation()
    made.role("dev", "x", allow("s3:*", "arn:aws:s3:::home/$${aws:PrincipalTag/team}/*"))
    assert _resources(made.read(), "dev/x") == ("arn:aws:s3:::home/${aws:PrincipalTag/team}/*",)


def test_aws_makes_administrators_of_member_accounts() -> None:
    """For an account that a stack makes, and for Control Tower: the management account may become them."""
    made = Organisation()
    made.add("management", "aws_organizations_account", "dev", {"name": "dev", "role_name": "Admin"})
    made.add("management", "aws_controltower_landing_zone", "zone", {})
    found = made.read()
    names = {one.name for one in found.principals if one.kind == "made"}
    assert names == {"dev/Admin", *(f"{of}/AWSControlTowerExecution" for of in ("dev", "prod", "vault"))}
    assert principal(found, "dev/Admin").identity[0].name == "AWS managed policy AdministratorAccess"


def test_permission_sets_hold_what_the_account_has_of_their_policies() -> None:
    """A customer managed policy is that of the account where the set is held; its boundary likewise."""
    made = Organisation()
    made.people("set", allow("sqs:*"), boundary="ceiling", dev=["one"], prod=["one"])
    made.own_policy("dev", "ceiling", deny("sqs:*"))
    attached = {
        "permission_set_arn": "${aws_ssoadmin_permission_set.set.arn}",
        "customer_managed_policy_reference": [{"name": "ceiling", "path": "/"}],
    }
    made.add("management", "aws_ssoadmin_customer_managed_policy_attachment", "set", attached)
    found = made.read()
    dev, prod = principal(found, "dev/set"), principal(found, "prod/set")
    assert [document.rules[0].sid for document in (*dev.identity, dev.boundary) if document] == ["", "", ""]
    assert [document.rules[0].sid for document in (*prod.identity, prod.boundary) if document] == [
        "",
        UNREADABLE,
        UNREADABLE,
    ]
    assert dev.boundary_arn == "arn:aws:iam::dev:policy/ceiling"


def test_a_guardrail_on_one_account_binds_that_account() -> None:
    """Neither those beside it nor, where its target is not known, anybody."""
    made = Organisation()
    made.role("dev", "x")
    made.role("prod", "x")
    for name, target in (("one", account("dev")), ("lost", "${var.somewhere}")):
        made.guardrail(name, deny("sqs:*"))
        attachments = made.stacks["management-base"]["resource"]["aws_organizations_policy_attachment"]
        attachments[name]["target_id"] = target
    found = made.read()
    guardrails = {name: principal(found, name).guardrails for name in ("dev/x", "prod/x")}
    bound = {name: [rule.document for one in documents for rule in one.rules] for name, documents in guardrails.items()}
    assert bound == {"dev/x": ["service control policy one"], "prod/x": []}


def test_policies_of_aws_are_known_by_their_arn() -> None:
    """With path and name; another's is not known. The copy says of what day it is."""
    prefix = "arn:aws:iam::aws:policy/"
    assert managed.content(f"{prefix}job-function/ViewOnlyAccess")
    assert managed.content(f"{prefix}ViewOnlyAccess") is None
    assert managed.as_of().startswith("20")


@pytest.fixture(scope="module", name="out")
def _out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A synthesis with one role, in a folder."""
    out = tmp_path_factory.mktemp("access")
    made = Organisation()
    made.role("dev", "x", allow("sqs:SendMessage"))
    made.write(out)
    return out


@pytest.mark.parametrize("arguments", [["who-can", "sqs:SendMessage"], ["--who-can", "sqs:SendMessage", "--on", "*"]])
def test_the_verb_answers_in_both_forms(out: Path, capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    """As text, and as JSON with the same content."""
    assert main.main(["access", *arguments, "--out", str(out)]) == 0
    assert "dev/x  allowed\n" in capsys.readouterr().out
    assert main.main(["access", *arguments, "--out", str(out), "--format", "json"]) == 0
    (holding,) = json.loads(capsys.readouterr().out)["holdings"]
    assert (holding["principal"], holding["outcome"]) == ("dev/x", "allowed")


def test_what_a_change_opens_ends_with_3_when_that_is_asked(
    out: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`--fail-on-open` is for a pipeline: what the role may do, and who may become it. What only closes passes."""
    Organisation().write(tmp_path / "none")
    none, own = str(tmp_path / "none"), str(out)
    assert main.main(["access", "diff", none, own]) == 0
    assert main.main(["access", "diff", none, own, "--fail-on-open"]) == 3
    assert "2 opened, 0 closed" in capsys.readouterr().out
    assert main.main(["access", "diff", own, none, "--fail-on-open"]) == 0


@pytest.mark.parametrize("arguments", [["who-can"], ["diff", "one"], ["who-can", "s3:GetObject", "--when", "x"]])
def test_a_question_that_lacks_a_part_exits_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """It says how it is asked."""
    try:
        code = main.main(["access", *arguments])
    except SystemExit as ended:  # what argparse refuses
        code = int(str(ended.code))
    assert code == 2
    assert "access" in capsys.readouterr().err


def test_each_part_of_a_duty_has_a_resource_that_its_service_can_mean() -> None:
    """No action of a duty is asked of nothing."""
    for duty in read():
        for power in (duty.first, *([duty.second] if duty.second else [])):
            assert {action for action, _ in power.requests()} == set(power.actions)
