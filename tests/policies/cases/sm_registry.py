"""Cases of the SageMaker controls on registry, feature store, hub, review and what the platform alone makes."""

from __future__ import annotations

import json

from tests.policies.cases import Case, changed
from tests.policies.cases.sm import KEY, KEY_OF_AWS, ROLE, UNKNOWN, UNKNOWN_OF
from tests.policies.support import ACCOUNT, OTHER, policy

Json = dict[str, object]
GROUP: Json = {"model_package_group_name": "churn"}
FEATURES: Json = {
    "feature_group_name": "customers",
    "record_identifier_feature_name": "id",
    "event_time_feature_name": "time",
    "role_arn": ROLE,
    "feature_definition": [
        {"feature_name": "id", "feature_type": "String"},
        {"feature_name": "time", "feature_type": "String"},
    ],
    "online_store_config": {"enable_online_store": True},
}
CARD: Json = {
    "Type": "AWS::SageMaker::ModelCard",
    "Properties": {"ModelCardName": "churn", "ModelCardStatus": "Approved", "SecurityConfig": {"KmsKeyId": KEY}},
}
TEAMS = f"arn:aws:sagemaker:eu-west-1:{ACCOUNT}:workteam"
HUB: Json = {"hub_name": "curated", "hub_description": "What may be used"}
SERVER: Json = {"tracking_server_name": "churn", "role_arn": ROLE, "artifact_store_uri": "s3://acme-dev-mlflow/x"}


def shared(**changed: object) -> Json:
    """The policy of a model package group: one statement, with these changes."""
    statement = {
        "Sid": "Use",
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{OTHER}:root"},
        "Action": ["sagemaker:DescribeModelPackage", "sagemaker:ListModelPackages", "sagemaker:CreateModel"],
        "Resource": "*",
    }
    return {**GROUP, "resource_policy": policy({**statement, **changed})}


def card(**properties: object) -> Json:
    """A stack of CloudFormation that makes a model card with these changes."""
    made = {**CARD, "Properties": {**dict(CARD["Properties"]), **properties}}  # type: ignore[call-overload]
    return {"name": "churn-card", "template_body": json.dumps({"Resources": {"Card": made}})}


def flow(team: str, **loop: object) -> Json:
    """A review by this team."""
    return {
        "flow_definition_name": "review",
        "role_arn": ROLE,
        "human_loop_config": {
            "human_task_ui_arn": f"arn:aws:sagemaker:eu-west-1:{ACCOUNT}:human-task-ui/x",
            "task_count": 1,
            "task_title": "review",
            "task_description": "review",
            "workteam_arn": team,
            **loop,
        },
        "output_config": {"s3_output_path": "s3://acme-dev-review/x", "kms_key_id": KEY},
    }


def workforce(**more: object) -> Json:
    """Who labels and reviews, from these networks."""
    pool = {"client_id": "x", "user_pool": "eu-west-1_abcdef"}
    return {"workforce_name": "acme", "cognito_config": pool, **more}


def offline(**storage: object) -> Json:
    """A feature group with this offline store."""
    return changed(
        FEATURES, offline_store_config={"s3_storage_config": {"s3_uri": "s3://acme-dev-features/x", **storage}}
    )


CASES = [
    Case(
        "CKV_MLGOV_130",
        "aws_sagemaker_flow_definition",
        passes={
            "private": flow(f"{TEAMS}/private-crowd/risk"),
            "of_stack": flow("${aws_sagemaker_workteam.@own.arn}"),
        },
        fails={
            "public": (
                flow("arn:aws:sagemaker:eu-west-1:394669845002:workteam/public-crowd/default"),
                "workteam/public-crowd/default, not among",
            ),
            "priced": (
                flow(f"{TEAMS}/private-crowd/risk", public_workforce_task_price={"amount_in_usd": {"cents": 1}}),
                "public_workforce_task_price is set",
            ),
            "unknown": (flow(f"{TEAMS}/{UNKNOWN}"), "not provable at synthesis: workteam_arn"),
        },
        beside={
            **UNKNOWN_OF,
            "aws_sagemaker_workteam.own": {
                "workteam_name": "risk",
                "description": "risk",
                "member_definition": [
                    {
                        "cognito_member_definition": {
                            "client_id": "x",
                            "user_group": "y",
                            "user_pool": "eu-west-1_abcdef",
                        }
                    }
                ],
            },
        },
    ),
    Case(
        "CKV_MLGOV_166",
        "aws_sagemaker_workforce",
        passes={"named": workforce(source_ip_config={"cidrs": ["203.0.113.0/24"]})},
        fails={
            "absent": (workforce(), "neither source_ip_config nor workforce_vpc_config is set"),
            "open": (workforce(source_ip_config={"cidrs": ["10.0.0.0/8", "0.0.0.0/0"]}), "cidrs holds 0.0.0.0/0"),
            "halved": (workforce(source_ip_config={"cidrs": ["0.0.0.0/1", "128.0.0.0/1"]}), "0.0.0.0/1, 128.0.0.0/1"),
            "vpcless": (workforce(workforce_vpc_config={"subnets": ["subnet-1"]}), "workforce_vpc_config.vpc_id"),
        },
        ignores={},
    ),
    Case(
        "CKV_MLGOV_145",
        "aws_sagemaker_model_package_group_policy",
        passes={
            "account": shared(),
            "organisation": shared(Principal="*", Condition={"StringEquals": {"aws:PrincipalOrgID": "o-abc1234567"}}),
            "role_by_contract": shared(Principal={"AWS": "arn:aws:iam::${aws_kms_key.@later.id}:root"}),
            "denial": shared(Effect="Deny", Principal="*"),
        },
        fails={
            "everybody": (
                shared(Principal="*"),
                "statement Use allows *: it names neither accounts nor aws:PrincipalOrgID",
            ),
            "wild": (shared(Principal={"AWS": "*"}), "statement Use allows *"),
            "any_account": (
                shared(Principal="*", Condition={"StringLike": {"aws:PrincipalOrgID": "*"}}),
                "names neither accounts nor aws:PrincipalOrgID",
            ),
            "service": (
                shared(Principal={"AWS": OTHER, "Service": "lambda.amazonaws.com"}),
                f"allows {OTHER}, lambda.amazonaws.com",
            ),
            "any_name": (shared(Principal={"AWS": "${aws_kms_key.@later.key_id}"}), "names neither accounts"),
            "unknown": ({**GROUP, "resource_policy": UNKNOWN}, "not provable at synthesis: resource_policy"),
        },
        beside=UNKNOWN_OF,
    ),
    Case(
        "CKV_MLGOV_171",
        "aws_sagemaker_model_package_group_policy",
        passes={"use": shared(), "registering": shared(Action="sagemaker:CreateModelPackage")},
        fails={
            "all": (shared(Action="sagemaker:*"), "statement Use allows sagemaker:*"),
            "deletes": (
                shared(Action=["sagemaker:DescribeModelPackage", "sagemaker:DeleteModelPackage"]),
                "statement Use allows sagemaker:deletemodelpackage",
            ),
            "not_action": (shared(Action=None, NotAction="sagemaker:DeleteModelPackage"), "statement Use allows *"),
        },
    ),
    Case(
        "CKV_MLGOV_146",
        "aws_sagemaker_model_package_group",
        passes={"kept": changed(GROUP, lifecycle={"prevent_destroy": True})},
        fails={
            "absent": (GROUP, "lifecycle.prevent_destroy is not true"),
            "off": (changed(GROUP, lifecycle={"prevent_destroy": False}), "lifecycle.prevent_destroy is not true"),
        },
    ),
    Case(
        "CKV_MLGOV_147",
        "aws_cloudformation_stack",
        passes={"approved": card()},
        fails={
            "draft": (card(ModelCardStatus="Draft"), "model card Card: ModelCardStatus is Draft, not Approved"),
            "absent": (card(ModelCardStatus=None), "ModelCardStatus is not set"),
            "keyless": (card(SecurityConfig={}), "model card Card: SecurityConfig.KmsKeyId is not set"),
            "unreadable": (
                {"name": "yaml", "template_body": "Resources: {Card: {Type: AWS::SageMaker::ModelCard}}"},
                "not provable at synthesis: template_body",
            ),
        },
        ignores={"cardless": {"name": "topic", "template_body": '{"Resources": {"T": {"Type": "AWS::SNS::Topic"}}}'}},
        environment="prod",
    ),
    Case(
        "CKV_MLGOV_147",
        "aws_cloudformation_stack",
        {},
        {},
        ignores={"in_dev": card(ModelCardStatus="Draft")},
    ),
    Case(
        "CKV_MLGOV_150",
        "aws_sagemaker_feature_group",
        passes={"key": offline(kms_key_id=KEY)},
        fails={
            "absent": (offline(), "offline_store_config.s3_storage_config.kms_key_id is not set"),
            "of_aws": (offline(kms_key_id=KEY_OF_AWS), "a key of AWS"),
        },
        ignores={"online_alone": FEATURES},
    ),
    Case(
        "CKV_MLGOV_174",
        "aws_sagemaker_feature_group",
        passes={"ours": offline(), "of_stack": offline(s3_uri="s3://${aws_s3_bucket.@features.bucket}/x")},
        fails={"foreign": (offline(s3_uri="s3://elsewhere/x"), "not in a bucket named acme-* or minnow-*")},
        ignores={"online_alone": FEATURES},
        beside={"aws_s3_bucket.features": {}},
    ),
    Case(
        "CKV_MLGOV_151",
        "aws_sagemaker_feature_group",
        passes={
            "key": changed(
                FEATURES, online_store_config={"enable_online_store": True, "security_config": {"kms_key_id": KEY}}
            )
        },
        fails={"absent": (FEATURES, "online_store_config.security_config.kms_key_id is not set")},
        ignores={"offline_alone": changed(offline(kms_key_id=KEY), online_store_config=None)},
    ),
    Case(
        "CKV_MLGOV_152",
        "aws_sagemaker_feature_group",
        passes={"described": changed(FEATURES, description="Customers as of each day")},
        fails={
            "absent": (FEATURES, "description is not set"),
            "hidden": (
                changed(
                    FEATURES,
                    description="Customers as of each day",
                    offline_store_config={
                        "disable_glue_table_creation": True,
                        "s3_storage_config": {"s3_uri": "s3://acme-dev-features/x"},
                    },
                ),
                "disable_glue_table_creation is true",
            ),
        },
    ),
    Case(
        "CKV_MLGOV_176",
        "aws_sagemaker_hub",
        passes={"ours": changed(HUB, s3_storage_config={"s3_output_path": "s3://acme-dev-hub/"})},
        fails={
            "absent": (HUB, "s3_storage_config.s3_output_path is not set, so AWS chooses the bucket"),
            "foreign": (changed(HUB, s3_storage_config={"s3_output_path": "s3://elsewhere/"}), "not in a bucket"),
        },
    ),
    Case(
        "CKV_MLGOV_155",
        "aws_sagemaker_servicecatalog_portfolio_status",
        passes={"off": {"status": "Disabled"}, "on": {"status": "Enabled"}},
        fails={},
    ),
    Case(
        "CKV_MLGOV_155",
        "aws_sagemaker_servicecatalog_portfolio_status",
        passes={"off": {"status": "Disabled"}},
        fails={"opened": ({"status": "Enabled"}, "opens a portfolio here")},
        beside={
            "aws_servicecatalog_principal_portfolio_association.people": {
                "portfolio_id": "port-1234567890abc",
                "principal_arn": "arn:aws:iam::111111111111:role/someone",
                "principal_type": "IAM",
            }
        },
        alone="opened",
    ),
    Case(
        "CKV_MLGOV_177",
        "aws_sagemaker_mlflow_tracking_server",
        passes={"ours": SERVER},
        fails={
            "foreign": (
                changed(SERVER, artifact_store_uri="s3://elsewhere/x"),
                "artifact_store_uri is s3://elsewhere/x",
            ),
            "unknown": (changed(SERVER, artifact_store_uri=UNKNOWN), "not provable at synthesis: artifact_store_uri"),
        },
        beside=UNKNOWN_OF,
    ),
]
