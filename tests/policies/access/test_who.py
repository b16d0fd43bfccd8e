"""Who can: every principal with its people, its way, its conditions, and the chains that lead there."""

from __future__ import annotations

import pytest

from policies.access.decide import Outcome
from policies.access.pages import answered
from policies.access.who import Answer, Question, who_can
from policies.errors import AccessError
from tests.policies.access.organisation import Organisation, account, allow, deny, policy, role_arn, trust


def _answer(made: Organisation, action: str, on: str = "*", **more: str) -> Answer:
    return who_can(made.read(), Question(action, on, **more))


def _can(answer: Answer) -> dict[str, str]:
    return {one.principal: one.outcome.value for one in answer.holdings}


@pytest.fixture(scope="module", name="made")
def _made() -> Organisation:
    """A lead who may become a role that writes to a bucket of another account."""
    made = Organisation()
    made.people("lead", allow("sts:AssumeRole", role_arn("dev", "writer")), dev=["leads"], prod=["leads"])
    made.people("reader", allow("s3:Get*"), deny("s3:GetObject", "arn:aws:s3:::data/secret/*"), vault=["readers"])
    lead = {"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{account('dev')}:role/aws-reserved/*AWSReservedSSO_lead_*"}}
    trusts = trust(f"arn:aws:iam::{account('dev')}:root", Condition=lead)
    made.role("dev", "writer", allow("s3:PutObject", "arn:aws:s3:::data/*"), trusts=trusts)
    writer = {"AWS": role_arn("dev", "writer")}
    cloudtrail = {"Service": "cloudtrail.amazonaws.com"}
    organisation = {"StringEquals": {"aws:PrincipalOrgID": "${aws_organizations_organization.o.id}"}}
    made.bucket(
        "vault",
        "data",
        allow("s3:PutObject", "arn:aws:s3:::data/*", Principal=writer, Sid="Writers"),
        allow("s3:PutObject", "arn:aws:s3:::data/trail/*", Principal=cloudtrail),
        allow("s3:ListBucket", "arn:aws:s3:::data", Principal="*", Condition=organisation),
    )
    made.add("vault", "aws_organizations_organization", "o", {})
    return made


def test_an_answer_names_people_statements_and_chain(made: Organisation) -> None:
    """The role that writes, both policies that it takes, and the session that becomes it."""
    answer = _answer(made, "s3:PutObject", "arn:aws:s3:::data/x")
    (writer,) = answer.holdings
    assert (writer.principal, writer.outcome) == ("dev/writer", Outcome.ALLOWED)
    assert writer.ways[0].by == (
        "inline policy own (dev-base/aws_iam_role_policy.writer)",
        "s3 policy Writers of the resource",
    )
    assert writer.via == ("dev/lead (leads) -> dev/writer",)
    page = answered(answer)
    assert "dev/writer  allowed\n" in page
    assert "  via     dev/lead (leads) -> dev/writer\n" in page


def test_the_people_behind_a_session_are_its_groups(made: Organisation) -> None:
    """Who becomes the role in dev, and not the same people in prod: the trust names the role of dev alone."""
    answer = _answer(made, "sts:AssumeRole", "arn:aws:iam::*:role/writer")
    (lead,) = answer.holdings
    assert (lead.principal, lead.people) == ("dev/lead", ("leads",))


def test_behind_a_role_stand_those_whom_it_trusts() -> None:
    """The identity provider with the subject that it must show, and the service."""
    made = Organisation()
    subject = {"StringLike": {"token.actions.example:sub": "repo:tiny/infra:environment:apply"}}
    federated = {"Federated": f"arn:aws:iam::{account('dev')}:oidc-provider/token.actions.example"}
    enters = {
        "Effect": "Allow",
        "Principal": federated,
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": subject,
    }
    made.role("dev", "ci", allow("sqs:*"), trusts=policy(enters))
    (ci,) = _answer(made, "sqs:SendMessage").holdings
    assert ci.people == (
        "arn:aws:iam::dev:oidc-provider/token.actions.example if "
        "StringLike token.actions.example:sub repo:tiny/infra:environment:apply",
    )


def test_services_are_told_with_the_part_that_they_reach(made: Organisation) -> None:
    """A service of AWS that a resource policy lets in is a principal like others, on its part of the resource."""
    trail = _answer(made, "s3:PutObject", "arn:aws:s3:::data/trail/x")
    assert _can(trail) == {"dev/writer": "allowed", "cloudtrail.amazonaws.com": "allowed"}


def test_a_policy_for_the_organisation_lets_no_stranger_in(made: Organisation) -> None:
    """`*` under the organisation's id is everybody of it whose own policy grants, and nobody else."""
    assert "anyone outside the organisation" not in _can(_answer(made, "s3:ListBucket", "arn:aws:s3:::data"))
    public = Organisation()
    public.bucket("vault", "b", allow("s3:GetObject", "arn:aws:s3:::b/*", Principal="*"))
    assert _can(_answer(public, "s3:GetObject", "arn:aws:s3:::b/x")) == {"anyone outside the organisation": "allowed"}


def test_patterns_of_actions_and_resources_find_each_that_meets_them(made: Organisation) -> None:
    """A denial of a part leaves the rest; of all that is asked it leaves nothing."""
    assert _can(_answer(made, "s3:G*", "arn:aws:s3:::da*")) == {"vault/reader": "allowed"}
    assert _can(_answer(made, "s3:GetObject", "arn:aws:s3:::data/secret/*")) == {}


def test_a_denied_principal_is_told_the_statement(made: Organisation) -> None:
    """Asked for by name, by group or by ARN, with the reason why not."""
    for name in ("vault/reader", "readers", "arn:aws:iam::vault:role/aws-reserved/*"):
        (one,) = _answer(made, "s3:GetObject", "arn:aws:s3:::data/secret/x", principal=name).holdings
        assert one.outcome is Outcome.DENIED
        expected = "a statement denies it: inline policy (management-base/"
        assert one.because.startswith(expected)


def test_a_resource_may_be_named_by_its_address(made: Organisation) -> None:
    """`<stack>/<address>` and the construct path stand for the ARN, which for a key AWS assigns later."""
    by_address = _answer(made, "s3:ListBucket", "vault-base/aws_s3_bucket.data")
    assert by_address.resource == "arn:aws:s3:::data"
    assert _answer(made, "s3:ListBucket", "vault-base/data").resource == "arn:aws:s3:::data"


def test_the_request_decides_what_it_is_told() -> None:
    """A condition key given with the question decides its tests: the answer has no condition left."""
    made = Organisation()
    test = {"StringEquals": {"sagemaker:ModelApprovalStatus": "Approved"}}
    made.role("dev", "approver", allow("sagemaker:UpdateModelPackage", Condition=test))
    for status, expected in (("Approved", {"dev/approver": "allowed"}), ("Rejected", {})):
        question = Question("sagemaker:UpdateModelPackage", when={"sagemaker:ModelApprovalStatus": status})
        assert _can(who_can(made.read(), question)) == expected


def test_an_account_narrows_to_its_resources(made: Organisation) -> None:
    """Only what is done there counts, by whomever."""
    assert _can(_answer(made, "s3:PutObject", "*", account="vault")) == {
        "dev/writer": "allowed",
        "cloudtrail.amazonaws.com": "allowed",
    }
    assert _can(_answer(made, "s3:Get*", "*", account="dev")) == {}


@pytest.mark.parametrize(
    ("action", "more", "message"),
    [
        ("GetObject", {}, "is no action: write it as service:Action"),
        ("s3:GetObject", {"on": "data"}, "neither an ARN"),
        ("s3:GetObject", {"account": "nowhere"}, "there are dev, management, prod, vault"),
        (
            "s3:GetObject",
            {"principal": "nobody"},
            "no principal is like 'nobody': name <account>/<role or permission set>, a group",
        ),
    ],
)
def test_a_question_of_nothing_is_an_error_of_the_caller(
    made: Organisation, action: str, more: dict[str, str], message: str
) -> None:
    """It says what was asked and what could be; its exit code is 2."""
    with pytest.raises(AccessError, match=message) as told:
        _answer(made, action, **more)
    assert told.value.exit_code == 2


def test_a_key_is_found_by_the_service_that_it_names() -> None:
    """A resource policy of every kind is read: a topic, a queue, a secret, a bus, a repository, a vault of backups."""
    made = Organisation()
    made.role("prod", "guest", allow("*"))
    guest = {"AWS": role_arn("prod", "guest")}
    for type_, (arn, action, body, attached) in _KINDS.items():
        document = policy(allow(action, Principal=guest))
        made.add("dev", type_, "x", {**body, **({} if attached else {"policy": document})})
        if attached:
            attachment, attribute, reference = attached
            made.add("dev", attachment, "x", {attribute: document, reference: f"${{{type_}.x.{_reference(type_)}}}"})
        assert _can(_answer(made, action, arn, principal="prod/guest")) == {"prod/guest": "allowed"}, type_


def _reference(type_: str) -> str:
    return "arn" if type_ in ("aws_sns_topic", "aws_secretsmanager_secret", "aws_dynamodb_table") else "id"


_KINDS = {
    "aws_sns_topic": (
        "arn:aws:sns:eu-west-1:dev:t",
        "sns:Publish",
        {"name": "t"},
        ("aws_sns_topic_policy", "policy", "arn"),
    ),
    "aws_sqs_queue": ("arn:aws:sqs:eu-west-1:dev:q", "sqs:SendMessage", {"name": "q"}, None),
    "aws_secretsmanager_secret": (
        "arn:aws:secretsmanager:eu-west-1:dev:secret:s-abcdef",
        "secretsmanager:GetSecretValue",
        {"name": "s"},
        ("aws_secretsmanager_secret_policy", "policy", "secret_arn"),
    ),
    "aws_cloudwatch_event_bus": (
        "arn:aws:events:eu-west-1:dev:event-bus/b",
        "events:PutEvents",
        {"name": "b"},
        ("aws_cloudwatch_event_bus_policy", "policy", "event_bus_name"),
    ),
    "aws_ecr_repository": (
        "arn:aws:ecr:eu-west-1:dev:repository/r",
        "ecr:BatchGetImage",
        {"name": "r"},
        ("aws_ecr_repository_policy", "policy", "repository"),
    ),
    "aws_backup_vault": (
        "arn:aws:backup:eu-west-1:dev:backup-vault:v",
        "backup:CopyIntoBackupVault",
        {"name": "v"},
        ("aws_backup_vault_policy", "policy", "backup_vault_name"),
    ),
    "aws_dynamodb_table": (
        "arn:aws:dynamodb:eu-west-1:dev:table/d",
        "dynamodb:GetItem",
        {"name": "d"},
        ("aws_dynamodb_resource_policy", "policy", "resource_arn"),
    ),
    "aws_sagemaker_model_package_group": (
        "arn:aws:sagemaker:eu-west-1:dev:model-package/m/1",
        "sagemaker:DescribeModelPackage",
        {"model_package_group_name": "m"},
        ("aws_sagemaker_model_package_group_policy", "resource_policy", "model_package_group_name"),
    ),
}
