"""Cases of the identity controls."""

from __future__ import annotations

from tests.policies.cases import LATER, UNKNOWN, Case, changed
from tests.policies.support import ACCOUNT, OTHER, policy

BOUNDARY = f"arn:aws:iam::{ACCOUNT}:policy/acme-dev-mlgov-boundary"
AWS = "arn:aws:iam::aws:policy"
LEARNED = "${data.terraform_remote_state.organization.outputs.account_ids.fraud-dev}"
INSTANCE = "arn:aws:sso:::instance/ssoins-1234567890abcdef"
SET = "arn:aws:sso:::permissionSet/ssoins-1234567890abcdef/ps-1234567890abcdef"
GROUP = "00000000-0000-0000-0000-000000000001"
MEMBER = {"instance_arn": INSTANCE, "permission_set_arn": SET}
ASSIGNMENT = {
    **MEMBER,
    "principal_id": GROUP,
    "principal_type": "GROUP",
    "target_id": ACCOUNT,
    "target_type": "AWS_ACCOUNT",
}


def _trust(service: str = "sagemaker.amazonaws.com") -> str:
    return policy({"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"})


def _role(name: str, **more: object) -> dict[str, object]:
    return {"name": name, "assume_role_policy": _trust("lambda.amazonaws.com"), **more}


def _allow(action: str | list[str], resource: str | list[str] = "*", **more: object) -> str:
    return policy({"Effect": "Allow", "Action": action, "Resource": resource, **more})


def _rights(document: str) -> dict[str, str]:
    return {**MEMBER, "inline_policy": document}


def _pass(resource: str, service: str | None = "sagemaker.amazonaws.com", action: str = "iam:PassRole") -> str:
    condition = {"Condition": {"StringEquals": {"iam:PassedToService": service}}} if service else {}
    return _allow(action, resource, **condition)


def _notebook(role: str) -> dict[str, str]:
    return {"name": "notebook", "instance_type": "ml.t3.medium", "role_arn": role}


def _channel(*guardrails: str) -> dict[str, object]:
    return {
        "configuration_name": "alarms",
        "iam_role_arn": f"arn:aws:iam::{ACCOUNT}:role/acme-prod-alarms-chat",
        "slack_channel_id": "C07EZ1ABC23",
        "slack_team_id": "T07EB1XX0AB",
        **({"guardrail_policy_arns": list(guardrails)} if guardrails else {}),
    }


def _teams(*guardrails: str) -> dict[str, object]:
    slack = _channel(*guardrails)
    return {
        **{name: value for name, value in slack.items() if not name.startswith("slack_")},
        "channel_id": "19:alarms@thread.tacv2",
        "team_id": "74361522-da01-538d-aa2e-ac7918c6bb92",
        "tenant_id": "74361522-da01-538d-aa2e-ac7918c6bb92",
    }


def _archive(test: dict[str, object]) -> dict[str, object]:
    return {"analyzer_name": "analyzer", "rule_name": "rule", "filter": [test]}


OURS = f"arn:aws:iam::{ACCOUNT}:role/acme-*"
TAGS = {"Organization": "acme"}

CASES = [
    Case(
        "CKV_MLGOV_300",
        "aws_iam_role",
        passes={"bounded": _role("bounded", permissions_boundary=BOUNDARY)},
        fails={"absent": (_role("absent"), "permissions_boundary is not set")},
    ),
    Case(
        "CKV_MLGOV_300",
        "aws_iam_user",
        passes={"bounded_user": {"name": "bounded", "permissions_boundary": BOUNDARY}},
        fails={"absent_user": ({"name": "absent"}, "permissions_boundary is not set")},
    ),
    Case(
        "CKV_MLGOV_301",
        "aws_iam_user",
        passes={},
        fails={"user": ({"name": "user", "permissions_boundary": BOUNDARY}, "users and their credentials do not end")},
    ),
    Case(
        "CKV_MLGOV_301",
        "aws_iam_access_key",
        passes={},
        fails={"key": ({"user": "user"}, "users and their credentials do not end")},
    ),
    Case(
        "CKV_MLGOV_301",
        "aws_iam_user_login_profile",
        passes={},
        fails={"password": ({"user": "user"}, "users and their credentials do not end")},
    ),
    Case(
        "CKV_MLGOV_302",
        "aws_iam_organizations_features",
        passes={"both": {"enabled_features": ["RootCredentialsManagement", "RootSessions"]}},
        fails={"one": ({"enabled_features": ["RootCredentialsManagement"]}, "lacks RootSessions")},
    ),
    Case(
        "CKV_MLGOV_303",
        "aws_iam_role_policy_attachment",
        passes={
            "narrow": {"role": "r", "policy_arn": f"{AWS}/ReadOnlyAccess"},
            "own": {"role": "r", "policy_arn": "${aws_iam_policy.@written.arn}"},
        },
        fails={
            "administrator": (
                {"role": "r", "policy_arn": "arn:aws-us-gov:iam::aws:policy/AdministratorAccess"},
                "AdministratorAccess is attached",
            ),
            "sagemaker": ({"role": "r", "policy_arn": f"{AWS}/AmazonSageMakerFullAccess"}, "is attached"),
            "unknown": ({"role": "r", "policy_arn": UNKNOWN}, "not provable at synthesis"),
        },
        beside={
            **LATER,
            "aws_iam_policy.written": {"name": "own", "policy": _allow("s3:GetObject", "arn:aws:s3:::acme/x")},
        },
    ),
    Case(
        "CKV_MLGOV_303",
        "aws_ssoadmin_permissions_boundary_attachment",
        passes={"narrow_boundary": {**MEMBER, "permissions_boundary": {"managed_policy_arn": f"{AWS}/ReadOnlyAccess"}}},
        fails={
            "boundless": (
                {**MEMBER, "permissions_boundary": {"managed_policy_arn": f"{AWS}/PowerUserAccess"}},
                "PowerUserAccess is attached",
            )
        },
        ignores={"named": {**MEMBER, "permissions_boundary": {"customer_managed_policy_reference": {"name": "b"}}}},
    ),
    Case(
        "CKV_MLGOV_468",
        "aws_chatbot_slack_channel_configuration",
        passes={"reading": _channel(f"{AWS}/CloudWatchReadOnlyAccess")},
        fails={
            "administering": (_channel(f"{AWS}/AdministratorAccess"), "AdministratorAccess is the guardrail"),
            "unguarded": (_channel(), "guardrail_policy_arns is not set"),
        },
    ),
    Case(
        "CKV_MLGOV_468",
        "aws_chatbot_teams_channel_configuration",
        passes={"reading_teams": _teams(f"{AWS}/CloudWatchReadOnlyAccess")},
        fails={"unguarded_teams": (_teams(), "guardrail_policy_arns is not set")},
    ),
    Case(
        "CKV_MLGOV_304",
        "aws_ssoadmin_permission_set_inline_policy",
        passes={
            "named": _rights(_allow(["s3:GetObject"], "arn:aws:s3:::acme/*")),
            "conditioned": _rights(_allow("glue:*", Condition={"StringEquals": {"aws:ResourceTag/Team": "fraud"}})),
            "denied": _rights(policy({"Effect": "Deny", "Action": "*", "Resource": "*"})),
        },
        fails={
            "whole": (_rights(_allow(["s3:GetObject", "glue:*"])), "allows glue:* on every resource"),
            "all_but": (
                _rights(policy({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"})),
                "allows * on every resource",
            ),
            "unknown": (_rights(UNKNOWN), "not provable at synthesis"),
        },
        beside=LATER,
    ),
    Case(
        "CKV_MLGOV_305",
        "aws_iam_openid_connect_provider",
        passes={
            "ci": {"url": "https://token.actions.githubusercontent.com", "client_id_list": ["sts.amazonaws.com"]},
        },
        fails={
            "issuer": ({"url": "https://ci.example", "client_id_list": ["sts.amazonaws.com"]}, "not among"),
            "audience": (
                {"url": "https://token.actions.githubusercontent.com", "client_id_list": ["sts.amazonaws.com", "x"]},
                "client_id_list is not",
            ),
        },
    ),
    Case(
        "CKV_MLGOV_306",
        "aws_iam_saml_provider",
        passes={},
        fails={"saml": ({"name": "saml", "saml_metadata_document": "x" * 1000}, "a SAML provider of its own")},
    ),
    Case(
        "CKV_MLGOV_307",
        "aws_ssoadmin_permission_set",
        passes={
            "absent": {"name": "absent", "instance_arn": INSTANCE},
            "short": {"name": "short", "instance_arn": INSTANCE, "session_duration": "PT7H30M"},
        },
        fails={
            "long": ({"name": "long", "instance_arn": INSTANCE, "session_duration": "PT8H1M"}, "PT8H at most"),
            "unknown": (
                {"name": "unknown", "instance_arn": INSTANCE, "session_duration": UNKNOWN},
                "not provable at synthesis",
            ),
            "other": ({"name": "other", "instance_arn": INSTANCE, "session_duration": "P1D"}, "must be a duration"),
        },
        beside=LATER,
    ),
    Case(
        "CKV_MLGOV_308",
        "aws_ssoadmin_permission_set",
        passes={"bounded": {"name": "bounded", "instance_arn": INSTANCE}},
        fails={"boundless": ({"name": "boundless", "instance_arn": INSTANCE}, "refers to the permission set")},
        beside={
            "aws_ssoadmin_permissions_boundary_attachment.boundary": {
                "instance_arn": INSTANCE,
                "permission_set_arn": "${aws_ssoadmin_permission_set.@bounded.arn}",
                "permissions_boundary": {"customer_managed_policy_reference": {"name": "b"}},
            }
        },
    ),
    Case(
        "CKV_MLGOV_309",
        "aws_ssoadmin_account_assignment",
        passes={"group": ASSIGNMENT},
        fails={"person": (changed(ASSIGNMENT, principal_type="USER"), "not GROUP")},
    ),
    Case(
        "CKV_MLGOV_310",
        "aws_iam_policy",
        passes={"bound": {"name": "bound", "policy": _pass(OURS)}},
        fails={
            "any_name": ({"name": "any_name", "policy": _pass("arn:aws:iam::*:role/*")}, "lets pass any role"),
            "any_role": ({"name": "any_role", "policy": _pass("*")}, "lets pass any role"),
            "any_service": ({"name": "any_service", "policy": _pass(OURS, None)}, "lets pass any service"),
            "wildcard": ({"name": "wildcard", "policy": _pass("*", None, "iam:*")}, "any role to any service"),
            "every": ({"name": "every", "policy": _pass(OURS, "*")}, "lets pass any service"),
        },
        ignores={"other": {"name": "other", "policy": _allow("iam:GetRole")}},
    ),
    Case(
        "CKV_MLGOV_310",
        "aws_ssoadmin_permission_set_inline_policy",
        passes={"bound_person": _rights(_pass(OURS))},
        fails={"any_person_service": (_rights(_pass(OURS, None)), "lets pass any service")},
    ),
    Case(
        "CKV_MLGOV_311",
        "aws_iam_role",
        passes={"named": {"name": "acme-dev-execution", "assume_role_policy": _trust()}},
        fails={
            "foreign": ({"name": "execution", "assume_role_policy": _trust()}, "does not begin with acme-"),
            "nameless": ({"assume_role_policy": _trust()}, "does not begin with acme-"),
        },
        ignores={"function": _role("function")},
        alone="named",
        tags=TAGS,
    ),
    Case(
        "CKV_MLGOV_311",
        "aws_iam_role",
        passes={},
        fails={"untagged": ({"name": "acme-dev-other", "assume_role_policy": _trust()}, "no tag Organization")},
    ),
    Case(
        "CKV_MLGOV_312",
        "aws_sagemaker_notebook_instance",
        passes={
            "named": _notebook(f"arn:aws:iam::{ACCOUNT}:role/acme-dev-x"),
            "stack": _notebook("${aws_iam_role.@role.arn}"),
        },
        fails={
            "foreign": (_notebook(f"arn:aws:iam::{OTHER}:role/admin"), "not known to be one of acme"),
            "unknown": (_notebook(UNKNOWN), "not known to be one of acme"),
        },
        beside={
            "aws_iam_role.role": {"name": "acme-dev-notebook", "assume_role_policy": _trust()},
            **LATER,
        },
        alone="named",
        tags=TAGS,
    ),
    Case(
        "CKV_MLGOV_312",
        "aws_sagemaker_domain",
        passes={
            "named_domain": {
                "domain_name": "named",
                "auth_mode": "SSO",
                "vpc_id": "vpc-1",
                "subnet_ids": ["subnet-1"],
                "default_user_settings": {"execution_role": f"arn:aws:iam::{ACCOUNT}:role/service/acme-dev-execution"},
            }
        },
        fails={
            "foreign_domain": (
                {
                    "domain_name": "foreign",
                    "auth_mode": "SSO",
                    "vpc_id": "vpc-1",
                    "subnet_ids": ["subnet-1"],
                    "default_user_settings": {"execution_role": f"arn:aws:iam::{ACCOUNT}:role/acmex"},
                },
                "default_user_settings.execution_role is",
            )
        },
        alone="named",
        tags=TAGS,
    ),
    Case(
        "CKV_MLGOV_313",
        "aws_accessanalyzer_analyzer",
        passes={
            "external": {"analyzer_name": "external", "type": "ORGANIZATION"},
            "unused": {"analyzer_name": "unused", "type": "ORGANIZATION_UNUSED_ACCESS"},
        },
        fails={
            "absent": ({"analyzer_name": "absent"}, "type is not set, and AWS takes ACCOUNT"),
            "account": ({"analyzer_name": "account", "type": "ACCOUNT_UNUSED_ACCESS"}, "not among"),
        },
    ),
    Case(
        "CKV_MLGOV_314",
        "aws_accessanalyzer_archive_rule",
        passes={"named": _archive({"criteria": "resource", "eq": [f"arn:aws:iam::{ACCOUNT}:role/acme-org-ci-plan"]})},
        fails={
            "by_type": (_archive({"criteria": "resourceType", "eq": ["AWS::S3::Bucket"]}), "no filter on resource"),
            "all_but": (_archive({"criteria": "resource", "neq": ["x"]}), "no filter on resource"),
        },
    ),
    Case(
        "CKV_MLGOV_315",
        "aws_iam_role",
        passes={"closed": _role("closed")},
        fails={
            "open": (_role("open"), "no aws_iam_role_policies_exclusive"),
            "half": (_role("half"), "no aws_iam_role_policy_attachments_exclusive"),
        },
        beside={
            "aws_iam_role_policies_exclusive.inline": {"role_name": "${aws_iam_role.@closed.name}", "policy_names": []},
            "aws_iam_role_policies_exclusive.half_inline": {
                "role_name": "${aws_iam_role.@half.name}",
                "policy_names": [],
            },
            "aws_iam_role_policy_attachments_exclusive.attached": {
                "role_name": "${aws_iam_role.@closed.name}",
                "policy_arns": [],
            },
        },
    ),
]
