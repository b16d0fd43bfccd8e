"""Cases of the cost controls."""

from __future__ import annotations

from tests.policies.cases import Body, Case, changed
from tests.policies.support import ACCOUNT

ROLE = f"arn:aws:iam::{ACCOUNT}:role/r"
WHO = {"subscriber_email_addresses": ["owner@acme.example"]}
BUDGET = {"budget_type": "COST", "limit_amount": "1000", "limit_unit": "USD", "time_unit": "MONTHLY"}
ACTION = {
    "action_threshold": {"action_threshold_type": "PERCENTAGE", "action_threshold_value": 100},
    "action_type": "APPLY_IAM_POLICY",
    "budget_name": "b",
    "definition": {"iam_action_definition": {"policy_arn": f"arn:aws:iam::{ACCOUNT}:policy/stop", "roles": ["r"]}},
    "execution_role_arn": ROLE,
    "notification_type": "ACTUAL",
    "subscriber": [{"address": "owner@acme.example", "subscription_type": "EMAIL"}],
}
VARIANT = {"variant_name": "all", "model_name": "m"}
ON_INSTANCES = {**VARIANT, "instance_type": "ml.m5.large", "initial_instance_count": 2}
MANAGED = {"status": "ENABLED", "min_instance_count": 1, "max_instance_count": 4}
TARGET = {
    "service_namespace": "sagemaker",
    "scalable_dimension": "sagemaker:variant:DesiredInstanceCount",
    "resource_id": "endpoint/e/variant/all",
    "min_capacity": 2,
    "max_capacity": 8,
}
POLICY = {
    "name": "p",
    "service_namespace": "sagemaker",
    "scalable_dimension": "sagemaker:variant:DesiredInstanceCount",
    "policy_type": "TargetTrackingScaling",
    "target_tracking_scaling_policy_configuration": {
        "target_value": 100,
        "predefined_metric_specification": {"predefined_metric_type": "SageMakerVariantInvocationsPerInstance"},
    },
}

SUBSCRIPTION = {
    "name": "s",
    "frequency": "DAILY",
    "monitor_arn_list": [f"arn:aws:ce::{ACCOUNT}:anomalymonitor/m"],
    "subscriber": [{"type": "EMAIL", "address": "owner@acme.example"}],
    "threshold_expression": {
        "dimension": {
            "key": "ANOMALY_TOTAL_IMPACT_ABSOLUTE",
            "match_options": ["GREATER_THAN_OR_EQUAL"],
            "values": ["100"],
        }
    },
}


def _export(overwrite: str = "OVERWRITE_REPORT", resources: str = "TRUE", hours: str = "HOURLY") -> Body:
    output = {"compression": "PARQUET", "format": "PARQUET", "output_type": "CUSTOM", "overwrite": overwrite}
    bucket = {"s3_bucket": "b", "s3_prefix": "p", "s3_region": "eu-west-1", "s3_output_configurations": [output]}
    table = {"INCLUDE_RESOURCES": resources, "TIME_GRANULARITY": hours}
    query = {
        "query_statement": "SELECT line_item_resource_id FROM COST_AND_USAGE_REPORT",
        "table_configurations": {"COST_AND_USAGE_REPORT": table},
    }
    whole = {"data_query": [query], "destination_configurations": [{"s3_destination": [bucket]}]}
    return {"export": [{"name": "e", **whole, "refresh_cadence": [{"frequency": "SYNCHRONOUS"}]}]}


def _variant(**more: object) -> Body:
    return {"production_variants": [{**VARIANT, **more}]}


def _serverless(concurrency: int, memory: int) -> Body:
    return _variant(serverless_config={"max_concurrency": concurrency, "memory_size_in_mb": memory})


def _alert(kind: str, percent: int, **more: object) -> Body:
    alert = {"comparison_operator": "GREATER_THAN", "threshold": percent, "threshold_type": "PERCENTAGE", **WHO}
    return changed({**alert, "notification_type": kind}, **more)


def _budget(*alerts: Body) -> Body:
    return {**BUDGET, "notification": list(alerts)}


def _scaled(name: str, endpoint: str) -> Body:
    return {**TARGET, "resource_id": f"endpoint/{endpoint}/variant/{name}"}


def _workgroup(**configuration: object) -> Body:
    return {"name": "w", "configuration": {"publish_cloudwatch_metrics_enabled": True, **configuration}}


RULES = "${aws_quicksight_data_set.@rules.arn}"


def _data_set(name: str, rules: Body | None = None) -> Body:
    sql = {"data_source_arn": f"arn:aws:quicksight:eu-west-1:{ACCOUNT}:datasource/costs", "name": "t", "sql_query": "s"}
    table = {"physical_table_map_id": "t", "custom_sql": {**sql, "columns": [{"name": "c", "type": "STRING"}]}}
    body = {"data_set_id": name, "name": name, "import_mode": "SPICE", "physical_table_map": [table]}
    return {**body, "row_level_permission_data_set": rules} if rules else body


CASES = [
    Case(
        "CKV_MLGOV_270",
        "aws_sagemaker_notebook_instance",
        passes={"small": {"name": "n", "role_arn": ROLE, "instance_type": "ml.t3.medium"}},
        fails={
            "large": ({"name": "n", "role_arn": ROLE, "instance_type": "ml.p4d.24xlarge"}, "is ml.p4d.24xlarge"),
            "unknown": (
                {"name": "n", "role_arn": ROLE, "instance_type": "${aws_sagemaker_notebook_instance.@large.id}"},
                "not provable",
            ),
        },
    ),
    Case(
        "CKV_MLGOV_270",
        "aws_sagemaker_endpoint_configuration",
        passes={"hosted": {"production_variants": [ON_INSTANCES]}, "serverless": _serverless(5, 2048)},
        fails={
            "hosted_large": (
                _variant(instance_type="ml.g5.48xlarge"),
                "production_variants.instance_type is ml.g5.48xlarge",
            ),
        },
    ),
    Case(
        "CKV_MLGOV_271",
        "aws_sagemaker_endpoint_configuration",
        passes={"capped": _serverless(20, 4096)},
        fails={
            "wide": (_serverless(21, 2048), "max_concurrency is 21: it must be at most 20"),
            "deep": (_serverless(5, 6144), "memory_size_in_mb is 6144: it must be at most 4096"),
        },
        ignores={"instances": {"production_variants": [ON_INSTANCES]}},
    ),
    Case(
        "CKV_MLGOV_272",
        "aws_budgets_budget",
        passes={"both": _budget(_alert("ACTUAL", 80), _alert("FORECASTED", 100))},
        fails={
            "silent": (_budget(), "no notification of type ACTUAL"),
            "no_forecast": (_budget(_alert("ACTUAL", 80)), "no notification of type FORECASTED"),
            "too_late": (_budget(_alert("ACTUAL", 120), _alert("FORECASTED", 100)), "no notification of type ACTUAL"),
            "unheard": (
                _budget(_alert("ACTUAL", 80, subscriber_email_addresses=None), _alert("FORECASTED", 100)),
                "no notification of type ACTUAL at 100 % or less has a subscriber",
            ),
        },
    ),
    Case(
        "CKV_MLGOV_273",
        "aws_budgets_budget_action",
        passes={"asks": {**ACTION, "approval_model": "MANUAL"}},
        fails={"acts": ({**ACTION, "approval_model": "AUTOMATIC"}, "approval_model is AUTOMATIC, not MANUAL")},
    ),
    Case(
        "CKV_MLGOV_275",
        "aws_sagemaker_endpoint_configuration",
        passes={
            "target": {"name": "c1", "production_variants": [ON_INSTANCES]},
            "managed": _variant(instance_type="ml.m5.large", managed_instance_scaling=MANAGED),
            "serverless": _serverless(5, 2048),
        },
        fails={
            "fixed": ({"production_variants": [ON_INSTANCES]}, "variant all neither has managed_instance_scaling"),
            "other_variant": ({"name": "c2", "production_variants": [ON_INSTANCES]}, "variant all neither"),
        },
        beside={
            "aws_sagemaker_endpoint.one": {
                "name": "one",
                "endpoint_config_name": "${aws_sagemaker_endpoint_configuration.@target.name}",
            },
            "aws_appautoscaling_target.of_one": _scaled("all", "${aws_sagemaker_endpoint.@one.name}"),
            "aws_sagemaker_endpoint.two": {"name": "two", "endpoint_config_name": "c2"},
            "aws_appautoscaling_target.of_two": _scaled("shadow", "two"),
        },
        environment="prod",
    ),
    Case(
        "CKV_MLGOV_275",
        "aws_sagemaker_endpoint_configuration",
        passes={},
        fails={},
        ignores={"of_dev": {"production_variants": [ON_INSTANCES]}},
    ),
    Case(
        "CKV_MLGOV_276",
        "aws_appautoscaling_target",
        passes={"followed": TARGET, "by_value": {**TARGET, "resource_id": "endpoint/f/variant/all"}},
        fails={
            "alone": ({**TARGET, "resource_id": "endpoint/g/variant/all"}, "scales the target"),
            "fixed": ({**TARGET, "resource_id": "endpoint/h/variant/all", "max_capacity": 2}, "nothing can scale"),
        },
        ignores={
            "table": {
                **TARGET,
                "service_namespace": "dynamodb",
                "scalable_dimension": "dynamodb:table:ReadCapacityUnits",
                "resource_id": "table/t",
            }
        },
        beside={
            "aws_appautoscaling_policy.of_followed": {
                **POLICY,
                "resource_id": "${aws_appautoscaling_target.@followed.resource_id}",
            },
            "aws_appautoscaling_policy.of_by_value": {**POLICY, "resource_id": "endpoint/f/variant/all"},
            "aws_appautoscaling_policy.of_fixed": {**POLICY, "resource_id": "endpoint/h/variant/all"},
        },
    ),
    Case(
        "CKV_MLGOV_423",
        "aws_athena_workgroup",
        passes={"bounded": _workgroup(bytes_scanned_cutoff_per_query=100_000_000_000)},
        fails={
            "absent": (_workgroup(), "bytes_scanned_cutoff_per_query is not set, and AWS takes no limit"),
            "wide": (
                _workgroup(bytes_scanned_cutoff_per_query=2_000_000_000_000),
                "bytes_scanned_cutoff_per_query is 2000000000000: it must be at least 1 and at most 1000000000000",
            ),
            "unenforced": (
                _workgroup(bytes_scanned_cutoff_per_query=100_000_000_000, enforce_workgroup_configuration=False),
                "enforce_workgroup_configuration is false",
            ),
        },
    ),
    Case(
        "CKV_MLGOV_470",
        "aws_bcmdataexports_export",
        passes={"costs": _export()},
        fails={
            "piled": (_export(overwrite="CREATE_NEW_REPORT"), "overwrite is CREATE_NEW_REPORT, not OVERWRITE_REPORT"),
            "coarse": (_export(resources="FALSE"), "COST_AND_USAGE_REPORT has no INCLUDE_RESOURCES = TRUE"),
            "monthly": (_export(hours="MONTHLY"), "COST_AND_USAGE_REPORT has a TIME_GRANULARITY of MONTHLY"),
        },
    ),
    Case(
        "CKV_MLGOV_471",
        "aws_ce_anomaly_subscription",
        passes={"told": SUBSCRIPTION},
        fails={
            "silent": (
                changed(SUBSCRIPTION, subscriber=[{"type": "EMAIL", "address": ""}]),
                "no subscriber has an address",
            ),
            "endless": (changed(SUBSCRIPTION, threshold_expression=None), "threshold_expression is not set"),
        },
    ),
    Case(
        "CKV_MLGOV_473",
        "aws_quicksight_data_set",
        passes={"ruled": _data_set("r", {"arn": RULES, "permission_policy": "GRANT_ACCESS"})},
        fails={
            "open": (_data_set("o"), "row_level_permission_data_set is not set: whoever may read it sees every row"),
            "denying": (
                _data_set("d", {"arn": RULES, "permission_policy": "DENY_ACCESS"}),
                "row_level_permission_data_set.permission_policy is DENY_ACCESS, not GRANT_ACCESS",
            ),
            "asleep": (
                _data_set("a", {"arn": RULES, "permission_policy": "GRANT_ACCESS", "status": "DISABLED"}),
                "row_level_permission_data_set.status is DISABLED",
            ),
        },
        ignores={"rules": _data_set("rules")},
    ),
    Case(
        "CKV_MLGOV_477",
        "aws_computeoptimizer_enrollment_status",
        passes={"all": {"status": "Active", "include_member_accounts": True}},
        fails={
            "own": ({"status": "Active"}, "include_member_accounts is not set"),
            "left": ({"status": "Inactive", "include_member_accounts": True}, "status is Inactive"),
        },
    ),
    Case(
        "CKV_MLGOV_477",
        "aws_costoptimizationhub_enrollment_status",
        passes={"whole": {"include_member_accounts": True}},
        fails={"alone": ({"include_member_accounts": False}, "include_member_accounts is false")},
    ),
]
