"""Cases of the CI/CD controls."""

from __future__ import annotations

import json

from tests.policies.cases import Body, Case, changed
from tests.policies.support import ACCOUNT, OTHER, policy

KEY = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/k"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/pipeline"
PROD_ROLE = f"arn:aws:iam::{OTHER}:role/acme-prod-release"
ORGANISATION = {"StringEquals": {"aws:PrincipalOrgID": "o-acme"}}
ENVIRONMENT = {"compute_type": "BUILD_GENERAL1_SMALL", "image": "aws/codebuild/standard:7.0", "type": "LINUX_CONTAINER"}
PROJECT = {
    "name": "p",
    "service_role": ROLE,
    "artifacts": {"type": "NO_ARTIFACTS"},
    "environment": ENVIRONMENT,
    "source": {"type": "GITHUB", "location": "https://github.com/acme/models.git"},
}
ARTIFACT = {"artifact_identifier": "a", "type": "S3", "location": "acme"}
NETWORK = {"vpc_id": "vpc-1", "subnets": ["subnet-1"], "security_group_ids": ["sg-1"]}
STORE = {"location": "acme", "type": "S3"}
STORED = {**STORE, "encryption_key": {"id": KEY, "type": "KMS"}}
REPOSITORY = {"name": "r"}
TEMPLATE = {"prefix": "cache", "applied_for": ["PULL_THROUGH_CACHE"]}
ENCRYPTED = {"encryption_type": "KMS", "kms_key": KEY}
EVERYTHING = [{"filter": "*", "filter_type": "WILDCARD"}]


def _variables(*variables: Body) -> Body:
    return changed(PROJECT, environment={**ENVIRONMENT, "environment_variable": list(variables)})


def _source(**more: object) -> Body:
    return changed(PROJECT, source={"type": "GITHUB", "location": "https://github.com/acme/models.git", **more})


def _action(category: str, provider: str, name: str = "", **more: object) -> Body:
    owner = "ThirdParty" if provider == "GitHub" else "AWS"
    name = name or category.lower()
    return {"category": category, "name": name, "owner": owner, "provider": provider, "version": "1", **more}


CONNECTION = _action(
    "Source", "CodeStarSourceConnection", output_artifacts=["code"], configuration={"FullRepositoryId": "acme/models"}
)
TOKEN = _action("Source", "GitHub", output_artifacts=["code"], configuration={"OAuthToken": "x", "Repo": "models"})
SOURCE = {"name": "source", "action": [CONNECTION]}
APPROVAL = _action("Approval", "Manual")
RELEASE = _action("Deploy", "CloudFormation", input_artifacts=["code"])
TERRAFORM = _action("Build", "CodeBuild", "terraform", input_artifacts=["code"])


def _pipeline(*stages: tuple[str, list[Body]], source: Body = SOURCE) -> Body:
    later = [{"name": name, "action": actions} for name, actions in stages]
    return {"name": "p", "role_arn": ROLE, "artifact_store": [STORED], "stage": [source, *later]}


def _scan(type_: str, *rules: tuple[str, list[Body]]) -> Body:
    return {
        "scan_type": type_,
        "rule": [{"scan_frequency": often, "repository_filter": which} for often, which in rules],
    }


def _shared(principal: object, condition: Body | None = None) -> str:
    statement = {"Effect": "Allow", "Principal": principal, "Action": "ecr:BatchGetImage"}
    return policy(statement | ({"Condition": condition} if condition else {}))


def _approved(statements: list[Body]) -> Body:
    rule = {"Version": "2018-11-08", "DestinationReferences": ["refs/heads/main"], "Statements": statements}
    return {"name": "approvals", "content": json.dumps(rule)}


CASES = [
    Case(
        "CKV_MLGOV_250",
        "aws_codebuild_project",
        passes={
            "default": PROJECT,
            "on": changed(PROJECT, secondary_artifacts=[{**ARTIFACT, "encryption_disabled": False}]),
        },
        fails={
            "second": (
                changed(PROJECT, secondary_artifacts=[{**ARTIFACT, "encryption_disabled": True}]),
                "secondary_artifacts.encryption_disabled is true",
            ),
            "logs": (
                changed(
                    PROJECT,
                    logs_config={
                        "s3_logs": {"status": "ENABLED", "location": "acme/logs", "encryption_disabled": True}
                    },
                ),
                "logs_config.s3_logs.encryption_disabled is true",
            ),
        },
    ),
    Case(
        "CKV_MLGOV_251",
        "aws_codebuild_project",
        passes={
            "stored": _variables(
                {"name": "DB_PASSWORD", "value": "claims:password", "type": "SECRETS_MANAGER"},
                {"name": "API_KEY", "value": "/acme/key", "type": "PARAMETER_STORE"},
                {"name": "STAGE", "value": "dev"},
            ),
        },
        fails={
            "default": (_variables({"name": "GITHUB_TOKEN", "value": "x"}), "GITHUB_TOKEN is in clear text"),
            "plain": (
                _variables({"name": "AWS_SECRET_ACCESS_KEY", "value": "x", "type": "PLAINTEXT"}),
                "AWS_SECRET_ACCESS_KEY is in clear text",
            ),
            "unknown": (
                _variables({"name": "${aws_codebuild_project.@plain.arn}", "value": "x"}),
                "not provable",
            ),
        },
        ignores={
            "harmless": _variables({"name": "STAGE", "value": "dev"}, {"name": "DB_SECRET_ARN", "value": "arn:aws:s"}),
            "none": PROJECT,
        },
    ),
    Case(
        "CKV_MLGOV_252",
        "aws_codebuild_project",
        passes={"plain": PROJECT},
        fails={
            "signed_in": (_source(location="https://me:token@github.com/acme/models.git"), "holds credentials"),
            "unverified": (_source(insecure_ssl=True), "insecure_ssl is true"),
        },
    ),
    Case(
        "CKV_MLGOV_253",
        "aws_codebuild_source_credential",
        passes={"connection": {"auth_type": "CODECONNECTIONS", "server_type": "GITHUB", "token": "arn:aws:c"}},
        fails={
            "token": (
                {"auth_type": "PERSONAL_ACCESS_TOKEN", "server_type": "GITHUB", "token": "x"},
                "auth_type is PERSONAL_ACCESS_TOKEN",
            )
        },
    ),
    Case(
        "CKV_MLGOV_254",
        "aws_codepipeline",
        passes={"connection": _pipeline(("build", [TERRAFORM]))},
        fails={
            "token": (
                _pipeline(("build", [TERRAFORM]), source={"name": "source", "action": [TOKEN]}),
                "action source holds an OAuthToken",
            )
        },
    ),
    Case(
        "CKV_MLGOV_255",
        "aws_codebuild_project",
        passes={"vpc": changed(PROJECT, vpc_config=NETWORK)},
        fails={"absent": (PROJECT, "vpc_config.vpc_id is not set")},
    ),
    Case(
        "CKV_MLGOV_257",
        "aws_codepipeline",
        passes={"key": _pipeline(("build", [TERRAFORM]))},
        fails={
            "absent": (
                changed(_pipeline(("build", [TERRAFORM])), artifact_store=[STORE]),
                "encryption_key.id is not set",
            ),
            "second_region": (
                changed(
                    _pipeline(("build", [TERRAFORM])),
                    artifact_store=[{**STORED, "region": "eu-west-1"}, {**STORE, "region": "eu-central-1"}],
                ),
                "encryption_key.id is not set",
            ),
        },
    ),
    Case(
        "CKV_MLGOV_258",
        "aws_codepipeline",
        passes={
            "earlier": _pipeline(("approve", [APPROVAL]), ("release", [RELEASE])),
            "same_stage": _pipeline(("release", [{**APPROVAL, "run_order": 1}, {**RELEASE, "run_order": 2}])),
        },
        fails={
            "never": (_pipeline(("release", [RELEASE])), "action deploy of stage release comes before any Approval"),
            "later": (_pipeline(("release", [RELEASE]), ("approve", [APPROVAL])), "comes before any Approval"),
            "beside": (_pipeline(("release", [APPROVAL, RELEASE])), "comes before any Approval"),
        },
        ignores={"builds": _pipeline(("build", [TERRAFORM]))},
        environment="prod",
    ),
    Case(
        "CKV_MLGOV_258",
        "aws_codepipeline",
        passes={"approved": _pipeline(("approve", [APPROVAL]), ("prod", [TERRAFORM]))},
        fails={
            "by_stage": (_pipeline(("prod", [TERRAFORM])), "action terraform of stage prod comes before any Approval"),
            "by_role": (
                _pipeline(("release", [{**RELEASE, "role_arn": PROD_ROLE}])),
                "action deploy of stage release comes before any Approval",
            ),
        },
        ignores={"to_dev": _pipeline(("release", [RELEASE])), "product": _pipeline(("reproduce", [RELEASE]))},
    ),
    Case(
        "CKV_MLGOV_259",
        "aws_ecr_registry_scanning_configuration",
        passes={"all": _scan("ENHANCED", ("CONTINUOUS_SCAN", EVERYTHING))},
        fails={
            "basic": (_scan("BASIC", ("SCAN_ON_PUSH", EVERYTHING)), "scan_type is BASIC"),
            "none": (_scan("ENHANCED"), "no rule scans all repositories"),
            "once": (_scan("ENHANCED", ("SCAN_ON_PUSH", EVERYTHING)), "no rule scans all repositories"),
            "some": (
                _scan("ENHANCED", ("CONTINUOUS_SCAN", [{"filter": "prod", "filter_type": "WILDCARD"}])),
                "no rule scans all repositories",
            ),
        },
    ),
    Case(
        "CKV_MLGOV_260",
        "aws_ecr_repository",
        passes={"key": {**REPOSITORY, "encryption_configuration": [ENCRYPTED]}},
        fails={
            "absent": (REPOSITORY, "encryption_type is not set, and AWS takes AES256"),
            "of_aws": (
                {**REPOSITORY, "encryption_configuration": [{"encryption_type": "KMS"}]},
                "kms_key is not set",
            ),
        },
    ),
    Case(
        "CKV_MLGOV_261",
        "aws_ecr_repository_creation_template",
        passes={"fixed": {**TEMPLATE, "image_tag_mutability": "IMMUTABLE"}},
        fails={
            "absent": (TEMPLATE, "image_tag_mutability is not set, and AWS takes MUTABLE"),
            "mutable": ({**TEMPLATE, "image_tag_mutability": "MUTABLE"}, "image_tag_mutability is MUTABLE"),
        },
    ),
    Case(
        "CKV_MLGOV_262",
        "aws_ecr_repository_policy",
        passes={
            "organisation": {"repository": "r", "policy": _shared("*", ORGANISATION)},
            "own": {"repository": "r", "policy": _shared({"AWS": f"arn:aws:iam::{ACCOUNT}:root"})},
        },
        fails={
            "open": ({"repository": "r", "policy": _shared("*")}, "every principal"),
            "stranger": (
                {"repository": "r", "policy": _shared({"AWS": f"arn:aws:iam::{OTHER}:root"})},
                "without a condition on aws:PrincipalOrgID",
            ),
        },
    ),
    Case(
        "CKV_MLGOV_262",
        "aws_codeartifact_domain_permissions_policy",
        passes={"packages": {"domain": "d", "policy_document": _shared("*", ORGANISATION)}},
        fails={"open_packages": ({"domain": "d", "policy_document": _shared("*")}, "every principal")},
    ),
    Case(
        "CKV_MLGOV_476",
        "aws_codecommit_approval_rule_template",
        passes={"one": _approved([{"Type": "Approvers", "NumberOfApprovalsNeeded": 1}])},
        fails={
            "none": (_approved([]), "content asks for no approval"),
            "zero": (
                _approved([{"Type": "Approvers", "NumberOfApprovalsNeeded": 0}]),
                "content asks for no approval",
            ),
        },
    ),
]
