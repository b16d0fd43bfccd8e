"""Separation of duties: each is broken on purpose and told with its path, and holds where one hand lacks a part."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import pytest

import main
from policies.access import duties, judged
from policies.access.breaches import Breach, Judgement
from policies.access.duties import Accounts, Duty, Power, read
from policies.cache import Cache
from policies.catalogue import shipped
from policies.errors import GateError
from tests.policies.access.organisation import ROLES, Json, Organisation, account, allow, deny, role_arn, service, trust

DUTIES = read()
GROUP = "one-hand"


def _holding(*powers: Power) -> Organisation:
    """One group that holds the powers in every account, bounded, under a guardrail that denies nothing of them."""
    made = Organisation()
    made.guardrail("some", deny("polly:*"))
    for of in ROLES:
        made.own_policy(of, "ceiling", allow("*"))
    everywhere = {of: [GROUP] for of in ROLES}
    made.people("both", *(_granted(power) for power in powers if power.actions), boundary="ceiling", **everywhere)
    return made


def _granted(power: Power) -> Json:
    condition = {"Condition": {"StringEquals": dict(power.when)}} if power.when else {}
    return allow(list(power.actions), **condition)


def _breaches(made: Organisation, *checked: Duty) -> list[Breach]:
    return list(Judgement(made.read()).breaches(checked))


@pytest.mark.parametrize("duty", DUTIES, ids=lambda duty: duty.id)
def test_each_duty_is_broken_by_one_hand_that_holds_both(duty: Duty) -> None:
    """The message names the duty, the people, as what, each request, and the statement with path and file."""
    (breach,) = _breaches(_holding(duty.first, *([duty.second] if duty.second else [])), duty)
    told = str(breach)
    assert told.startswith(f"{duty.says}: {GROUP} {duty.first.does} as ")
    for power in (duty.first, duty.second):
        if power and power.actions:
            assert any(f"({action} on " in told for action in power.actions)
            assert "inline policy, management-base/both in stacks/management-base/cdk.tf.json" in told
    assert f"exempt {GROUP} from {duty.id} in policies/access/duties.yaml" in told
    assert breach.source.stack == "management-base"


@pytest.mark.parametrize("duty", [duty for duty in DUTIES if duty.second], ids=lambda duty: duty.id)
def test_each_duty_holds_where_one_part_is_missing(duty: Duty) -> None:
    """The first part alone breaks nothing, nor does the second; guardrails bind nobody who stands above them."""
    assert duty.second
    other = {**duty.first.when, **dict.fromkeys(duty.second.when, "other")}
    made = _holding(duty.first.model_copy(update={"when": other}))
    if duty.second.under:
        made.stacks["management-base"]["resource"].pop("aws_organizations_policy_attachment")
    assert _breaches(made, duty) == []
    others = [action for action in duty.second.actions if action not in duty.first.actions]
    assert _breaches(_holding(duty.second.model_copy(update={"actions": others})), duty) == []


def _two(**more: object) -> Duty:
    """A duty between two queues' actions."""
    return Duty.model_validate(
        {
            "id": "SOD-99",
            "says": "Nobody sends and purges",
            "control": "IAM-05",
            "whom": "everyone",
            "first": {"does": "sends", "actions": ["sqs:SendMessage"]},
            "second": {"does": "purges", "actions": ["sqs:PurgeQueue"]},
            "exempt": [],
            **more,
        }
    )


def test_a_role_counts_for_everybody_who_can_become_it() -> None:
    """A group that sends, and may become a role that may become another that purges: the message tells the chain."""
    made = Organisation()
    made.people("sender", allow(["sqs:SendMessage", "sts:AssumeRole"]), dev=["senders"])
    made.role("dev", "middle", allow("sts:AssumeRole"), trusts=trust(f"arn:aws:iam::{account('dev')}:root"))
    made.role("prod", "purger", allow("sqs:PurgeQueue"), trusts=trust(role_arn("dev", "middle")))
    (breach,) = _breaches(made, _two())
    assert breach.whom == "senders"
    assert "purges as dev/sender (senders) -> dev/middle -> prod/purger (sqs:PurgeQueue on * by " in str(breach)


def test_a_role_that_is_passed_to_a_service_counts_for_who_passes_it() -> None:
    """What runs in the service does what the role may: the message names the service. Another service is none."""
    made = Organisation()
    to_lambda = {"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}}
    sender = allow("sqs:SendMessage")
    made.people("sender", sender, allow("iam:PassRole", Condition=to_lambda), dev=["senders"])
    made.role("dev", "purger", allow("sqs:PurgeQueue"))
    (breach,) = _breaches(made, _two())
    assert "purges as dev/sender (senders) -> dev/purger (passed to lambda.amazonaws.com) (" in str(breach)
    other = Organisation()
    other.people("sender", sender, allow("iam:PassRole", Condition=to_lambda), dev=["senders"])
    other.role("dev", "purger", allow("sqs:PurgeQueue"), trusts=service("ec2.amazonaws.com"))
    assert _breaches(other, _two()) == []


def test_people_count_with_all_their_accounts() -> None:
    """Who sends in one account and purges in another holds both."""
    made = Organisation()
    made.people("sender", allow("sqs:SendMessage"), dev=["both", "senders"])
    made.people("purger", allow("sqs:PurgeQueue"), prod=["both"])
    (breach,) = _breaches(made, _two())
    assert breach.whom == "both"


def test_a_role_of_a_service_counts_only_where_everyone_is_meant() -> None:
    """What Lambda may become is nobody's hand, and a duty of people does not speak of it."""
    made = Organisation()
    made.role("dev", "worker", allow("sqs:*"))
    assert [breach.whom for breach in _breaches(made, _two())] == ["dev/worker"]
    assert _breaches(made, _two(whom="people")) == []


def test_a_role_that_strangers_may_become_is_a_hand_of_its_own() -> None:
    """One that only our own can become counts for them; one that another organisation may become for itself, too."""
    made = Organisation()
    made.role("dev", "ours", allow("sqs:*"), trusts=trust(role_arn("dev", "starter")))
    made.role(
        "dev", "shared", allow("sqs:*"), trusts=trust(role_arn("dev", "starter"), "arn:aws:iam::999999999999:root")
    )
    made.role("dev", "starter")
    assert [breach.whom for breach in _breaches(made, _two())] == ["dev/shared", "dev/starter"]


def test_a_guardrail_that_denies_a_part_keeps_the_duty() -> None:
    """What a service control policy denies nobody below it holds."""
    made = Organisation()
    made.people("both", allow("sqs:*"), dev=["hands"])
    made.guardrail("never", deny("sqs:PurgeQueue"))
    assert _breaches(made, _two()) == []


def test_a_condition_excuses_nothing() -> None:
    """Whoever may purge under a tag may set the tag."""
    made = Organisation()
    tagged = {"StringEquals": {"aws:RequestTag/team": "a"}}
    made.people("both", allow("sqs:SendMessage"), allow("sqs:PurgeQueue", Condition=tagged), dev=["hands"])
    assert len(_breaches(made, _two())) == 1


def test_an_exemption_spares_those_it_names() -> None:
    """By group, or by account and role, with wildcards; the others stay bound."""
    made = Organisation()
    for name in ("one", "other"):
        made.role("dev", name, allow("sqs:*"))
    spared = _two(exempt=[{"whom": "dev/on*", "reason": "because"}])
    assert [breach.whom for breach in _breaches(made, spared)] == ["dev/other"]


def test_accounts_narrow_a_power_to_where_it_counts() -> None:
    """A duty of production does not speak of dev."""
    made = Organisation()
    made.people("writer", allow("sqs:*"), dev=["developers"], prod=["operators"])
    first = {"does": "sends", "actions": ["sqs:SendMessage"], "accounts": {"environments": ["prod"]}}
    assert [breach.whom for breach in _breaches(made, _two(first=first, second=None))] == ["operators"]
    assert Accounts(roles=["ml-team"]).names(made.read().synthesis.accounts) == {"dev", "prod"}


def test_every_duty_serves_a_control_of_the_catalogue() -> None:
    """At least eight duties, each with a control that there is, each exemption with its reason."""
    assert len(DUTIES) >= 8
    assert {duty.control for duty in DUTIES} <= set(shipped().controls)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- id: SOD-01", "duties.yaml:1 says Field required"),
        ("[]", "holds no duty"),
        ("a: [", "duties.yaml:2 is not YAML"),
    ],
)
def test_a_faulty_file_of_duties_is_told_with_its_line(tmp_path: Path, text: str, message: str) -> None:
    """What is wrong, where; the gate makes a fault of it, so that nothing passes unjudged."""
    file = tmp_path / "duties.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(GateError, match=message):
        read(file)


def _faults(made: Organisation, folder: Path, *, less: int = 0, cache: Path | None = None) -> Iterable[str]:
    files = made.write(folder)
    kept = Cache(cache, policies="p", checkov="c")
    return [str(fault) for fault in judged.faults(made.manifest, files[less:], kept)]


def _breaking() -> Organisation:
    return _holding(DUTIES[0].first, *([DUTIES[0].second] if DUTIES[0].second else []))


def test_the_gate_has_a_fault_for_each_breach(tmp_path: Path) -> None:
    """At the stack and the block where it is to be mended, with the control."""
    (fault, *_) = _faults(_breaking(), tmp_path)
    address = "management-base/aws_ssoadmin_permission_set_inline_policy.both"
    assert fault.startswith(f"duty-broken: SOD-01 {address}: Nobody registers a model and approves it: {GROUP} ")
    assert fault.endswith("(control SM-42)")


def test_a_part_of_the_stacks_is_not_judged(tmp_path: Path) -> None:
    """With a stack missing nobody can say who holds what: that is a fault, and names it."""
    (fault,) = _faults(_breaking(), tmp_path, less=1)
    assert fault.startswith("duties-unjudged: separation of duties needs every stack: dev-base cannot be read")


@pytest.mark.parametrize(
    ("type_", "body"),
    [
        ("aws_iam_role", {"name": "x", "inline_policy": "text"}),
        ("aws_iam_role_policy_attachment", {"role": "worker"}),
        ("aws_organizations_policy_attachment", {}),
        ("aws_lakeformation_permissions", {"table": [{"name": "t"}]}),
    ],
)
def test_a_block_of_another_shape_is_a_fault(tmp_path: Path, type_: str, body: Json) -> None:
    """The gate answers, whatever stands in a stack: what cannot be read is not passed over."""
    made = Organisation()
    made.role("management", "worker")
    made.add("management", type_, "odd", body)
    (fault,) = _faults(made, tmp_path)
    assert fault.startswith("duties-unjudged: separation of duties needs every stack: a block cannot be read")


def test_faulty_duties_are_a_fault_of_the_gate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They are not left out."""
    (tmp_path / "duties.yaml").write_text("[]", encoding="utf-8")
    monkeypatch.setattr(duties, "read", lambda: read(tmp_path / "duties.yaml"))
    (fault,) = _faults(_breaking(), tmp_path / "out")
    assert "holds no duty" in fault


def test_a_judgement_without_a_breach_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Equal stacks are judged once; other stacks, and a breach, every time."""
    sound, broken = Organisation(), _breaking()
    sound.role("dev", "worker", allow("sqs:SendMessage"))
    asked: list[int] = []
    monkeypatch.setattr(duties, "read", lambda: (asked.append(1), DUTIES)[1])
    for index, made in enumerate((sound, sound, broken, broken)):
        assert bool(_faults(made, tmp_path / str(index), cache=tmp_path / "cache")) is (made is broken)
    assert len(asked) == 3


def test_the_verb_lists_every_duty_and_ends_with_3_where_one_is_broken(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With those who break it, and those who are exempt and why; as JSON, too."""
    sound, broken = tmp_path / "sound", tmp_path / "broken"
    Organisation().write(sound)
    _breaking().write(broken)
    assert main.main(["access", "duties", "--out", str(sound)]) == 0
    page = capsys.readouterr().out
    assert "SOD-01  holds   SM-42    Nobody registers a model and approves it\n" in page
    assert "  exempt  management/*-ci-apply: Delivery carries out what was reviewed" in page
    assert main.main(["access", "duties", "--out", str(broken)]) == 3
    assert f"SOD-01  BROKEN  SM-42    {DUTIES[0].says}\n  by      {DUTIES[0].says}: {GROUP}" in capsys.readouterr().out
    assert main.main(["access", "duties", "--out", str(broken), "--format", "json"]) == 3
    told = json.loads(capsys.readouterr().out)
    assert [state["id"] for state in told] == [duty.id for duty in DUTIES]
    assert GROUP in told[0]["breaches"][0]
