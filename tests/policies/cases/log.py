"""Cases of the logging controls."""

from __future__ import annotations

from tests.policies.cases import Case, changed
from tests.policies.support import ACCOUNT, OTHER, policy

TRAIL = {"name": "trail", "s3_bucket_name": "acme-org-logs"}
TYPES = ("AWS::S3::Object", "AWS::SageMaker::Endpoint", "AWS::SageMaker::ExperimentTrialComponent")
SINK = f"arn:aws:oam:eu-west-1:{OTHER}:sink/00000000-0000-0000-0000-000000000001"
ALL_GROUPS = {
    "policy_name": "log-groups",
    "policy_type": "SUBSCRIPTION_FILTER_POLICY",
    "policy_document": '{"DestinationArn":"arn:aws:logs:eu-west-1:111111111111:destination:log-groups"}',
}
MASKED = '{"Name":"masked","Version":"2021-06-01","Statement":[]}'
ORGANIZATION = {"StringEquals": {"aws:PrincipalOrgID": "o-acme123456"}}


def _selectors(*types: str, management: bool = True) -> list[dict[str, object]]:
    events = [{"field": "eventCategory", "equal_to": ["Management"]}]
    data = [
        [{"field": "eventCategory", "equal_to": ["Data"]}, {"field": "resources.type", "equal_to": [kind]}]
        for kind in types
    ]
    return [{"field_selector": tests} for tests in [*data, *([events] if management else [])]]


def _sink(principal: object, **more: object) -> dict[str, str]:
    statement = {"Effect": "Allow", "Principal": principal, "Action": "oam:CreateLink", "Resource": "*", **more}
    return {"sink_identifier": SINK, "policy": policy(statement)}


def _link(*types: str, **more: object) -> dict[str, object]:
    return {"label_template": "$AccountName", "resource_types": types, "sink_identifier": SINK, **more}


def _destination(principal: object, **more: object) -> dict[str, str]:
    statement = {"Effect": "Allow", "Principal": principal, "Action": "logs:PutAccountPolicy", "Resource": "*", **more}
    return {"destination_name": "log-groups", "access_policy": policy(statement)}


CASES = [
    Case(
        "CKV_MLGOV_360",
        "aws_cloudtrail",
        passes={
            "archive": TRAIL,
            "locked": changed(TRAIL, s3_bucket_name="${aws_s3_bucket.@safe.bucket}"),
        },
        fails={
            "open": (changed(TRAIL, s3_bucket_name="${aws_s3_bucket.@plain.id}"), "object_lock_enabled"),
            "elsewhere": (changed(TRAIL, s3_bucket_name="acme-dev-logs"), "not acme-org-logs, nor of this stack"),
        },
        beside={
            "aws_s3_bucket.safe": {"bucket": "acme-safe", "object_lock_enabled": True},
            "aws_s3_bucket.plain": {"bucket": "acme-plain"},
        },
        alone="archive",
        tags={"Organization": "acme"},
    ),
    Case(
        "CKV_MLGOV_361",
        "aws_cloudtrail",
        passes={"all": changed(TRAIL, advanced_event_selector=_selectors(*TYPES, "AWS::SageMaker::FeatureGroup"))},
        fails={
            "absent": (TRAIL, "no advanced_event_selector for AWS::S3::Object"),
            "some": (changed(TRAIL, advanced_event_selector=_selectors(*TYPES)), "for AWS::SageMaker::FeatureGroup"),
            "data_only": (
                changed(TRAIL, advanced_event_selector=_selectors(*TYPES, management=False)),
                "for management events",
            ),
        },
    ),
    Case(
        "CKV_MLGOV_362",
        "aws_oam_sink_policy",
        passes={"organization": _sink("*", Condition=ORGANIZATION), "account": _sink({"AWS": ACCOUNT})},
        fails={
            "everyone": (_sink("*"), "allows every principal"),
            "stranger": (_sink({"AWS": OTHER}), f"allows {OTHER}"),
            "by_type": (
                _sink("*", Condition={"ForAllValues:StringEquals": {"oam:ResourceTypes": ["AWS::Logs::LogGroup"]}}),
                "allows every principal",
            ),
        },
    ),
    Case(
        "CKV_MLGOV_363",
        "aws_oam_link",
        passes={
            "metrics": _link("AWS::CloudWatch::Metric"),
            "filtered": _link(
                "AWS::Logs::LogGroup",
                link_configuration={"log_group_configuration": {"filter": "LogGroupName LIKE '/aws/sagemaker/%'"}},
            ),
        },
        fails={"all_logs": (_link("AWS::CloudWatch::Metric", "AWS::Logs::LogGroup"), "filter is not set")},
    ),
    Case(
        "CKV_MLGOV_460",
        "aws_cloudwatch_log_destination_policy",
        passes={"organization": _destination("*", Condition=ORGANIZATION), "account": _destination({"AWS": ACCOUNT})},
        fails={
            "everyone": (_destination("*"), "allows every principal"),
            "stranger": (_destination({"AWS": OTHER}), f"allows {OTHER}"),
        },
    ),
    Case(
        "CKV_MLGOV_461",
        "aws_cloudwatch_log_account_policy",
        passes={"own": changed(ALL_GROUPS, selection_criteria='LogGroupName NOT IN ["/aws/kinesisfirehose/intake"]')},
        fails={
            "all": (ALL_GROUPS, "selection_criteria leaves out no log group"),
            "others": (
                changed(ALL_GROUPS, selection_criteria='LogGroupName NOT IN ["/noisy"]'),
                "/aws/kinesisfirehose/",
            ),
        },
        ignores={"masked": changed(ALL_GROUPS, policy_type="DATA_PROTECTION_POLICY", policy_document=MASKED)},
    ),
]
