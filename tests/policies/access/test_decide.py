"""IAM's decision before a request is made: what is open is told as a condition, what denies by its statement."""

from __future__ import annotations

import pytest

from policies.access.decide import Decision, Outcome, decide
from policies.access.model import Access, Target
from tests.policies.access.organisation import Organisation, account, allow, deny, policy, principal, role_arn, trust

QUEUE = "arn:aws:sqs:eu-west-1:dev:some"


def _target(found: Access, name: str) -> Target:
    (target,) = (one for one in found.targets if one.name == name)
    return target


def _asked(organisation: Organisation, name: str, action: str, resource: str = "*") -> Decision:
    return decide(principal(organisation.read(), name), action, resource, explain=True)


def test_a_test_that_the_request_decides_is_a_condition() -> None:
    """An Allow under it holds if it is met, a Deny unless it is; what is known beforehand is decided."""
    made = Organisation()
    made.role("dev", "asks", allow("sqs:*", Condition={"StringEquals": {"aws:RequestTag/team": "a"}}))
    made.role("dev", "spared", allow("sqs:*"), deny("sqs:*", Condition={"Null": {"aws:RequestTag/team": "true"}}))
    made.role("dev", "known", allow("sqs:*", Condition={"StringEquals": {"aws:PrincipalAccount": account("dev")}}))
    asks, spared, known = (_asked(made, f"dev/{name}", "sqs:sendmessage") for name in ("asks", "spared", "known"))
    assert (asks.outcome, asks.ways[0].conditions) == (Outcome.CONDITIONAL, ("StringEquals aws:RequestTag/team a",))
    assert spared.ways[0].conditions == ("unless Null aws:RequestTag/team true",)
    assert known.outcome is Outcome.ALLOWED


def test_a_condition_that_a_denial_takes_back_allows_nothing() -> None:
    """What may be done under a test only is denied where the same test denies it."""
    made = Organisation()
    test = {"StringEquals": {"sagemaker:ModelApprovalStatus": "Approved"}}
    made.role("dev", "x", allow("sagemaker:*", Condition=test), deny("sagemaker:Update*", Condition=test, Sid="Never"))
    found = _asked(made, "dev/x", "sagemaker:updatemodelpackage")
    assert found.outcome is Outcome.DENIED
    assert found.denial
    assert found.denial.sid == "Never"


def test_a_denial_on_some_resources_leaves_the_others() -> None:
    """A pattern of resources is allowed as long as one is; NotResource leaves those that it names."""
    made = Organisation()
    made.role("dev", "some", allow("sqs:*"), deny("sqs:*", QUEUE.replace("dev", account("dev"))))
    spared = {"Effect": "Deny", "Action": "sqs:*", "NotResource": "arn:aws:sqs:*:*:spared"}
    made.role("dev", "spared", allow("sqs:*"), spared)
    assert _asked(made, "dev/some", "sqs:sendmessage").outcome is Outcome.ALLOWED
    assert _asked(made, "dev/some", "sqs:sendmessage", QUEUE).outcome is Outcome.DENIED
    assert _asked(made, "dev/spared", "sqs:sendmessage", QUEUE).outcome is Outcome.DENIED
    assert _asked(made, "dev/spared", "sqs:sendmessage", "arn:aws:sqs:*:*:s*").outcome is Outcome.ALLOWED


def test_patterns_of_actions_are_met_from_both_sides() -> None:
    """`s3:Get*` is asked of a grant on `s3:*Object`; only a denial of all that is asked denies it."""
    made = Organisation()
    made.role("dev", "x", allow("s3:*Object"), deny("s3:PutObject"))
    assert _asked(made, "dev/x", "s3:get*").outcome is Outcome.ALLOWED
    assert _asked(made, "dev/x", "s3:put*").outcome is Outcome.ALLOWED
    assert _asked(made, "dev/x", "s3:putobject").outcome is Outcome.DENIED
    assert _asked(made, "dev/x", "s3:*acl").outcome is Outcome.DENIED


def test_the_boundary_is_a_ceiling_and_a_missing_one_is_none() -> None:
    """Only what both allow is allowed; a boundary that no stack holds limits nothing that can be proved."""
    made = Organisation()
    made.own_policy("dev", "ceiling", allow("s3:*"))
    made.role("dev", "bounded", allow("*"), boundary="ceiling")
    made.role("dev", "unbound", allow("*"), permissions_boundary="arn:aws:iam::222222222222:policy/elsewhere")
    found = _asked(made, "dev/bounded", "sqs:sendmessage")
    assert (found.outcome, found.because) == (Outcome.DENIED, "its permissions boundary does not allow it")
    assert _asked(made, "dev/unbound", "sqs:sendmessage").outcome is Outcome.ALLOWED


def test_guardrails_bind_the_accounts_below_them_and_never_the_management_account() -> None:
    """A denial of a unit, of the root and of one account; the document that denies is named."""
    made = Organisation()
    made.guardrail("production-only", deny("sqs:PurgeQueue"), unit="production")
    made.guardrail("everywhere", deny("sqs:DeleteQueue"))
    for of in ("management", "dev", "prod"):
        made.role(of, "wide", allow("*"))
    outcomes = {
        (of, action): _asked(made, f"{of}/wide", action)
        for of in ("management", "dev", "prod")
        for action in ("sqs:purgequeue", "sqs:deletequeue")
    }
    denied = {key for key, found in outcomes.items() if found.outcome is Outcome.DENIED}
    assert denied == {("prod", "sqs:purgequeue"), ("prod", "sqs:deletequeue"), ("dev", "sqs:deletequeue")}
    assert "service control policy production-only" in str(outcomes["prod", "sqs:purgequeue"].denial)


@pytest.mark.parametrize(("of", "name"), [("dev", "dev/wide"), ("prod", "prod/wide")])
def test_across_accounts_both_sides_grant(of: str, name: str) -> None:
    """The own account decides by its own policies, another only where the resource's policy lets it in, too."""
    made = Organisation()
    made.role("dev", "wide", allow("*"))
    made.role("prod", "wide", allow("*"))
    made.role("prod", "nothing")
    root = {"AWS": f"arn:aws:iam::{account('prod')}:root"}
    made.bucket("dev", "shared", allow("s3:GetObject", "arn:aws:s3:::shared/*", Principal=root))
    found = made.read()
    target = _target(found, "dev-base/aws_s3_bucket.shared")
    get, put = (decide(principal(found, name), action, "arn:aws:s3:::shared/x", target=target) for action in _OBJECT)
    assert get.outcome is Outcome.ALLOWED
    assert (put.outcome is Outcome.ALLOWED) is (of == "dev")
    nothing = decide(principal(found, "prod/nothing"), "s3:getobject", "arn:aws:s3:::shared/x", target=target)
    assert nothing.outcome is Outcome.DENIED


_OBJECT = ("s3:getobject", "s3:putobject")


def test_a_key_decides_by_iam_only_where_its_policy_says_so() -> None:
    """Without the account in its policy no identity policy opens a key, whatever it grants."""
    made = Organisation()
    made.role("vault", "wide", allow("*"))
    root = {"AWS": f"arn:aws:iam::{account('vault')}:root"}
    made.add("vault", "aws_kms_key", "open", {"policy": policy(allow("kms:*", Principal=root))})
    one = {"AWS": role_arn("vault", "other")}
    made.add("vault", "aws_kms_key", "closed", {"policy": policy(allow("kms:*", Principal=one))})
    found = made.read()
    outcomes = [
        decide(principal(found, "vault/wide"), "kms:decrypt", target.arns[0], target=target).outcome
        for target in (_target(found, f"vault-base/aws_kms_key.{name}") for name in ("open", "closed"))
    ]
    assert outcomes == [Outcome.ALLOWED, Outcome.DENIED]


def test_what_no_stack_holds_is_open_where_another_account_can_share_it() -> None:
    """A bucket of another account may let it in, a virtual machine cannot; a role needs its trust."""
    made = Organisation()
    made.role("dev", "wide", allow("*"))
    bucket = _asked(made, "dev/wide", "sqs:sendmessage", QUEUE.replace("dev", "prod"))
    assert bucket.ways[0].conditions == ("its own policy, which no stack holds, lets it in",)
    machine = _asked(made, "dev/wide", "ec2:stopinstances", "arn:aws:ec2:eu-west-1:prod:instance/i")
    assert (machine.outcome, machine.because) == (
        Outcome.DENIED,
        "it is of account prod, and ec2 shares nothing across accounts",
    )
    assert _asked(made, "dev/wide", "sts:assumerole", "arn:aws:iam::dev:role/x").outcome is Outcome.CONDITIONAL


def test_a_policy_that_cannot_be_read_lets_everything_happen() -> None:
    """An expression in the place of a document, a policy of nobody's: neither proves that somebody cannot."""
    made = Organisation()
    made.role("dev", "opaque")
    made.add("dev", "aws_iam_role_policy", "p", {"name": "p", "role": "opaque", "policy": "${data.x.y.json}"})
    made.role("dev", "elsewhere", managed_policy_arns=["arn:aws:iam::aws:policy/NoSuchPolicy"])
    for name in ("dev/opaque", "dev/elsewhere"):
        found = _asked(made, name, "sqs:sendmessage")
        assert found.outcome is Outcome.ALLOWED
        assert "unreadable" in str(found.ways[0].rules[0])


def test_not_principal_denies_all_but_the_named() -> None:
    """A resource policy that spares one role denies the others, of whatever account."""
    made = Organisation()
    made.role("dev", "spared", allow("s3:*"))
    made.role("dev", "other", allow("s3:*"))
    spared = {"Effect": "Deny", "NotPrincipal": {"AWS": role_arn("dev", "spared")}, "Action": "s3:*", "Resource": "*"}
    made.bucket("dev", "b", spared)
    made.role("dev", "target", trusts=trust(role_arn("dev", "spared")))
    found = made.read()
    target = _target(found, "dev-base/aws_s3_bucket.b")
    outcomes = [
        decide(principal(found, f"dev/{name}"), "s3:getobject", "arn:aws:s3:::b/x", target=target).outcome
        for name in ("spared", "other")
    ]
    assert outcomes == [Outcome.ALLOWED, Outcome.DENIED]
