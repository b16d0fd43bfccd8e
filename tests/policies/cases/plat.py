"""Cases of the controls of the platform itself."""

from __future__ import annotations

import json

from tests.policies.cases import LATER, UNKNOWN, Body, Case, changed
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


def _schedule(letters: Body | None) -> Body:
    target = {
        "arn": f"arn:aws:sqs:eu-west-1:{ACCOUNT}:acme-dev-work",
        "role_arn": f"arn:aws:iam::{ACCOUNT}:role/starts",
    }
    return {
        "schedule_expression": "rate(1 hours)",
        "flexible_time_window": {"mode": "OFF"},
        "target": {**target, **({"dead_letter_config": letters} if letters else {})},
    }


def _launched(name: str, **template: object) -> dict[str, str]:
    """An object with a template, which is a version of a product; to Terraform a template is text."""
    content = json.dumps(template).replace("${", "$${")
    return {"bucket": "acme-org-ml-templates", "key": f"products/{name}.yaml", "content": content}


def _versions(policy: str, *names: str) -> dict[str, Body]:
    """For each template of a case the version of a product that launches it."""
    url = "https://acme-org-ml-templates.s3.eu-west-1.amazonaws.com/products"
    return {
        f"aws_servicecatalog_provisioning_artifact.version_{name}": {
            "product_id": "prod-1234567890abc",
            "name": name,
            "type": "CLOUD_FORMATION_TEMPLATE",
            "template_url": f"{url}/{policy}/{name}.yaml",
        }
        for name in names
    }


def _one(type_: str, **block: object) -> dict[str, object]:
    return {"Thing": {"Type": type_, **block}}


LOGS = "AWS::Logs::LogGroup"
KEPT = {"DeletionPolicy": "RetainExceptOnCreate", "UpdateReplacePolicy": "Retain"}
TAGGED = [{"Key": key, "Value": "x"} for key in ("CostCenter", "Environment", "Team")]
NAMED_ROLE = {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/${Organization}-dev-${Team}-pipeline"}
PINNED = {"Type": "String", "AllowedValues": ["acme"]}
FREE = {"Type": "String", "AllowedPattern": ".*"}

CASES = [
    Case(
        "CKV_MLGOV_455",
        "aws_s3_object",
        passes={"plain": _launched("455/plain", Resources=_one(LOGS))},
        fails={
            "role": (_launched("455/role", Resources=_one("AWS::IAM::Role")), "Thing (AWS::IAM::Role) is refused"),
            "custom": (_launched("455/custom", Resources=_one("Custom::Any")), "Thing (Custom::Any) is refused"),
            "nested": (
                _launched("455/nested", Resources=_one("AWS::CloudFormation::Stack")),
                "Thing (AWS::CloudFormation::Stack) is refused",
            ),
            "macro": (_launched("455/macro", Transform="Any", Resources=_one(LOGS)), "Transform rewrites"),
        },
        ignores={"launched_by_nobody": _launched("455/none", Resources=_one("AWS::IAM::Role"))},
        beside=_versions("455", "plain", "role", "custom", "nested", "macro"),
    ),
    Case(
        "CKV_MLGOV_456",
        "aws_s3_object",
        passes={
            "kept": _launched("456/kept", Resources=_one("AWS::S3::Bucket", **KEPT)),
            "holds_nothing": _launched("456/holds_nothing", Resources=_one("AWS::Events::Rule")),
        },
        fails={
            "deleted": (
                _launched("456/deleted", Resources=_one("AWS::S3::Bucket")),
                "DeletionPolicy is Delete, not Retain or RetainExceptOnCreate",
            ),
            "replaced": (
                _launched("456/replaced", Resources=_one("AWS::SageMaker::Domain", DeletionPolicy="Retain")),
                "UpdateReplacePolicy is Delete, not Retain",
            ),
        },
        beside=_versions("456", "kept", "holds_nothing", "deleted", "replaced"),
    ),
    Case(
        "CKV_MLGOV_457",
        "aws_s3_object",
        passes={
            "tagged": _launched("457/tagged", Resources=_one(LOGS, Properties={"Tags": TAGGED})),
            "mapping": _launched(
                "457/mapping",
                Resources=_one("AWS::SSM::Parameter", Properties={"Tags": {tag["Key"]: "x" for tag in TAGGED}}),
            ),
            "takes_none": _launched("457/takes_none", Resources=_one("AWS::KMS::Alias")),
        },
        fails={
            "bare": (_launched("457/bare", Resources=_one(LOGS)), "lacks CostCenter, Environment, Team"),
            "partly": (
                _launched("457/partly", Resources=_one(LOGS, Properties={"Tags": TAGGED[:2]})),
                "Thing (AWS::Logs::LogGroup) lacks Team",
            ),
        },
        beside=_versions("457", "tagged", "mapping", "takes_none", "bare", "partly"),
    ),
    Case(
        "CKV_MLGOV_458",
        "aws_s3_object",
        passes={
            "by_rule": _launched("458/by_rule", Resources=_one("A::B::C", Properties={"RoleArn": NAMED_ROLE})),
            "one_value": _launched(
                "458/one_value",
                Parameters={"Key": PINNED},
                Resources=_one("A::B::C", Properties={"KmsKeyId": {"Ref": "Key"}}),
            ),
        },
        fails={
            "chosen_role": (
                _launched(
                    "458/chosen_role",
                    Parameters={"Role": FREE},
                    Resources=_one("A::B::C", Properties={"RoleArn": {"Ref": "Role"}}),
                ),
                "RoleArn is people's to choose",
            ),
            "role_in_part": (
                _launched(
                    "458/role_in_part",
                    Resources=_one("A::B::C", Properties={"RoleArn": {"Fn::Sub": "arn:aws:iam::1:role/${Role}"}}),
                ),
                "RoleArn is people's to choose",
            ),
            "chosen_subnet": (
                _launched(
                    "458/chosen_subnet",
                    Parameters={"Subnet": FREE},
                    Resources=_one("A::B::C", Properties={"VpcConfig": {"Subnets": [{"Ref": "Subnet"}]}}),
                ),
                "VpcConfig.Subnets is people's to choose",
            ),
        },
        beside=_versions("458", "by_rule", "one_value", "chosen_role", "role_in_part", "chosen_subnet"),
    ),
    Case(
        "CKV_MLGOV_459",
        "aws_s3_object",
        passes={
            "bounded": _launched("459/bounded", Parameters={"A": FREE, "B": PINNED}, Resources=_one(LOGS)),
            "number": _launched("459/number", Parameters={"A": {"Type": "Number"}}, Resources=_one(LOGS)),
        },
        fails={
            "any_text": (
                _launched("459/any_text", Parameters={"A": {"Type": "String"}}, Resources=_one(LOGS)),
                "the parameter A has neither AllowedPattern nor AllowedValues",
            ),
        },
        beside=_versions("459", "bounded", "number", "any_text"),
    ),
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
    Case(
        "CKV_MLGOV_475",
        "aws_scheduler_schedule",
        passes={"kept": _schedule({"arn": f"arn:aws:sqs:eu-west-1:{ACCOUNT}:acme-dev-dead-letters"})},
        fails={"lost": (_schedule(None), "target.dead_letter_config.arn is not set")},
    ),
]
