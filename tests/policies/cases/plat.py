"""Cases of the controls of the platform itself."""

from __future__ import annotations

import json

from tests.policies.cases import LATER, UNKNOWN, Case, changed
from tests.policies.support import ACCOUNT, OTHER, policy

BOTH = {"portfolio_id": "port-1234567890abc"}
SHARE = {**BOTH, "principal_id": f"arn:aws:organizations::{ACCOUNT}:organization/o-acme123456"}
TOPIC = f"arn:aws:sns:eu-west-1:{ACCOUNT}:acme-dev-topic"
ORGANIZATION = {"StringEquals": {"aws:PrincipalOrgID": "o-acme123456"}}
SOURCE = {"ArnEquals": {"aws:SourceArn": f"arn:aws:events:eu-west-1:{ACCOUNT}:rule/acme-dev-rule"}}
EVENTS = {"Service": "events.amazonaws.com"}
PERMISSION = {"action": "lambda:InvokeFunction", "function_name": "acme-dev-function"}
TO_FAILED = '{"deadLetterTargetArn": "${aws_sqs_queue.@failed.arn}", "maxReceiveCount": 3}'


def _constraint(product: str, type_: str, **parameters: str) -> dict[str, str]:
    return {**BOTH, "product_id": product, "type": type_, "parameters": json.dumps(parameters)}


def _product(product: str) -> dict[str, str]:
    return {**BOTH, "product_id": product}


def _person(arn: str) -> dict[str, str]:
    return {**BOTH, "principal_arn": arn, "principal_type": "IAM_PATTERN" if "*" in arn else "IAM"}


def _topic(principal: object, **more: object) -> dict[str, str]:
    statement = {"Effect": "Allow", "Principal": principal, "Action": "sns:Publish", "Resource": TOPIC, **more}
    return {"arn": TOPIC, "policy": policy(statement)}


def _document(name: str, **more: object) -> dict[str, object]:
    content = json.dumps({"schemaVersion": "2.2", "description": "x", "mainSteps": []})
    return {"name": f"acme-{name}", "document_type": "Command", "content": content, **more}


CASES = [
    Case(
        "CKV_MLGOV_401",
        "aws_servicecatalog_portfolio_share",
        passes={"organization": {**SHARE, "type": "ORGANIZATION"}},
        fails={"account": ({**BOTH, "principal_id": OTHER, "type": "ACCOUNT"}, "type is ACCOUNT, not among")},
    ),
    Case(
        "CKV_MLGOV_402",
        "aws_servicecatalog_product_portfolio_association",
        passes={"local": _product("prod-1234567890abc")},
        fails={
            "bare": (_product("prod-1234567890abd"), "no aws_servicecatalog_constraint of type LAUNCH"),
            "by_arn": (_product("prod-1234567890abe"), "without a LocalRoleName"),
        },
        beside={
            "aws_servicecatalog_constraint.local_launch": _constraint(
                "prod-1234567890abc", "LAUNCH", LocalRoleName="acme-launch"
            ),
            "aws_servicecatalog_constraint.no_launch": _constraint("prod-1234567890abd", "TEMPLATE", Rules="x"),
            "aws_servicecatalog_constraint.arn_launch": _constraint(
                "prod-1234567890abe", "LAUNCH", RoleArn=f"arn:aws:iam::{ACCOUNT}:role/acme-launch"
            ),
        },
    ),
    Case(
        "CKV_MLGOV_403",
        "aws_servicecatalog_principal_portfolio_association",
        passes={
            "role": _person(f"arn:aws:iam::{ACCOUNT}:role/acme-launch"),
            "set": _person("arn:aws:iam:::role/aws-reserved/sso.amazonaws.com/*/AWSReservedSSO_mlgov-data-scientist_*"),
        },
        fails={
            "any": (_person("arn:aws:iam:::role/*"), "more than one identity"),
            "any_set": (
                _person("arn:aws:iam:::role/aws-reserved/sso.amazonaws.com/*/AWSReservedSSO_*"),
                "more than one identity",
            ),
            "prefix": (_person("arn:aws:iam:::role/acme-*"), "more than one identity"),
        },
    ),
    Case(
        "CKV_MLGOV_404",
        "aws_sns_topic_policy",
        passes={
            "organization": _topic("*", Condition=ORGANIZATION),
            "source": _topic(EVENTS, Condition=SOURCE),
            "account": _topic({"AWS": ACCOUNT}),
        },
        fails={
            "everyone": (_topic("*"), "allows every principal"),
            "stranger": (_topic({"AWS": OTHER}), f"allows {OTHER}"),
            "deputy": (_topic(EVENTS), "allows events.amazonaws.com without a condition"),
            "unknown": ({"arn": TOPIC, "policy": UNKNOWN}, "not provable at synthesis"),
        },
        beside=LATER,
    ),
    Case(
        "CKV_MLGOV_404",
        "aws_cloudwatch_event_bus_policy",
        passes={
            "members": {
                "policy": policy(
                    {
                        "Effect": "Allow",
                        "Principal": "*",
                        "Action": "events:PutEvents",
                        "Resource": "*",
                        "Condition": ORGANIZATION,
                    }
                )
            }
        },
        fails={
            "open_bus": (
                {
                    "policy": policy(
                        {"Effect": "Allow", "Principal": "*", "Action": "events:PutEvents", "Resource": "*"}
                    )
                },
                "allows every principal",
            )
        },
    ),
    Case(
        "CKV_MLGOV_406",
        "aws_lambda_permission",
        passes={
            "source": changed(PERMISSION, principal="events.amazonaws.com", source_arn=TOPIC),
            "sender": changed(PERMISSION, principal="s3.amazonaws.com", source_account=ACCOUNT),
            "own": changed(PERMISSION, principal=ACCOUNT),
            "members": changed(PERMISSION, principal="*", principal_org_id="o-acme000000"),
        },
        fails={
            "deputy": (changed(PERMISSION, principal="events.amazonaws.com"), "may act for anybody"),
            "stranger": (changed(PERMISSION, principal=OTHER), f"principal {OTHER} may be of another organisation"),
            "everyone": (changed(PERMISSION, principal="*"), "principal * may be of another organisation"),
        },
    ),
    Case(
        "CKV_MLGOV_406",
        "aws_cloudwatch_event_permission",
        passes={
            "bus": {
                "principal": "*",
                "statement_id": "bus",
                "condition": {"key": "aws:PrincipalOrgID", "type": "StringEquals", "value": "o-acme000000"},
            }
        },
        fails={"open": ({"principal": "*", "statement_id": "open"}, "principal * may be of another organisation")},
    ),
    Case(
        "CKV_MLGOV_405",
        "aws_ssm_document",
        passes={"named": _document("named", permissions={"type": "Share", "account_ids": OTHER})},
        fails={"all": (_document("all", permissions={"type": "Share", "account_ids": "All"}), "with all accounts")},
        ignores={"own": _document("own")},
    ),
    Case(
        "CKV_MLGOV_405",
        "aws_ami_launch_permission",
        passes={"member": {"image_id": "ami-1", "account_id": OTHER}},
        fails={"public": ({"image_id": "ami-1", "group": "all"}, "shared with the group all")},
    ),
    Case(
        "CKV_MLGOV_424",
        "aws_sqs_queue",
        passes={
            "handed_on": {"name": "records", "redrive_policy": TO_FAILED},
            "apart": {"name": "apart"},
        },
        fails={"absent": ({"name": "lost"}, "redrive_policy is not set, and no resource of the stack has it as dead")},
        ignores={"failed": {"name": "failed"}, "of_function": {"name": "of-function"}, "of_rule": {"name": "of-rule"}},
        beside={
            "aws_sqs_queue_redrive_policy.redrive": {
                "queue_url": "${aws_sqs_queue.@apart.id}",
                "redrive_policy": TO_FAILED,
            },
            "aws_lambda_function.worker": {
                "function_name": "worker",
                "role": f"arn:aws:iam::{ACCOUNT}:role/worker",
                "filename": "function.zip",
                "handler": "main.handler",
                "runtime": "python3.13",
                "dead_letter_config": {"target_arn": "${aws_sqs_queue.@of_function.arn}"},
            },
            "aws_cloudwatch_event_target.rule": {
                "rule": "acme-dev-rule",
                "arn": TOPIC,
                "dead_letter_config": {"arn": "${aws_sqs_queue.@of_rule.arn}"},
            },
        },
    ),
    Case(
        "CKV_MLGOV_425",
        "aws_sqs_queue",
        passes={
            "named": {"name": "named", "kms_master_key_id": f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/messages"},
            "of_another_stack": {"name": "messages", "kms_master_key_id": UNKNOWN},
        },
        fails={
            "absent": ({"name": "absent"}, "kms_master_key_id is not set, so the key is not the organisation's"),
            "of_aws": (
                {"name": "of-aws", "kms_master_key_id": "alias/aws/sqs"},
                "kms_master_key_id is alias/aws/sqs, a key of AWS",
            ),
        },
        beside=LATER,
    ),
]
