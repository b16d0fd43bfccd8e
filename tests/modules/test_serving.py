"""What serves a model in each mode, what stays whatever its version is, and who may do what there."""

from __future__ import annotations

import json
from typing import Any

import pytest

from modules.core.errors import ConfigError
from modules.core.naming import Naming
from modules.ml_operations import names
from modules.ml_operations.endpoint_rollout import deployment
from modules.ml_operations.model_version import SHAPE
from modules.ml_operations.rollout_settings import Rollout
from modules.ml_operations.served_user import serves
from tests.support.rendering import NAMING, Rendered, render, statements
from tests.support.served import KEY, MODES, operate, serve, served

LIVE = "jsondecode(data.aws_ssm_parameter.{}.insecure_value)"


@pytest.fixture(name="real_time", scope="module")
def _real_time() -> Rendered:
    return render(lambda scope: serve(scope, served("real-time")))


@pytest.fixture(name="asynchronous", scope="module")
def _asynchronous() -> Rendered:
    return render(lambda scope: serve(scope, served("asynchronous", instance_type="ml.g5.xlarge")))


@pytest.fixture(name="serverless", scope="module")
def _serverless() -> Rendered:
    return render(lambda scope: serve(scope, served("serverless")))


@pytest.fixture(name="batch", scope="module")
def _batch() -> Rendered:
    return render(lambda scope: serve(scope, served("batch")))


@pytest.fixture(name="operated", scope="module")
def _operated() -> Rendered:
    def place(scope: Any) -> None:
        operate(scope, served("asynchronous", alarms={"silent_hours": 6}))
        operate(scope, served("batch"))

    return render(place)


def test_another_mode_makes_the_endpoint_anew(real_time: Rendered, asynchronous: Rendered) -> None:
    """AWS updates none from mode to mode, and forgets the scalable target of one that goes."""
    for rendered, mode in ((real_time, "real-time"), (asynchronous, "asynchronous")):
        ((name, said),) = rendered.document["resource"]["terraform_data"].items()
        assert said["input"] == {"mode": mode}
        for kind in ("aws_sagemaker_endpoint", "aws_appautoscaling_target"):
            assert rendered.one(kind)["lifecycle"] == {"replace_triggered_by": [f"terraform_data.{name}"]}


def test_nothing_of_a_version_stands_while_none_is_served(real_time: Rendered, batch: Rendered) -> None:
    """All but the copy of the stack's JSON counts on the parameter, which Terraform reads."""
    for rendered in (real_time, batch):
        (parameter,) = rendered.document["data"]["aws_ssm_parameter"]
        count = f'${{({LIVE.format(parameter)}.model_package_arn != "none") ? 1 : 0}}'
        for kind, resources in rendered.document["resource"].items():
            expected = {None} if kind in ("aws_s3_object", "terraform_data") else {count}
            assert {each.get("count") for each in resources.values()} == expected, kind


def test_the_model_is_the_registered_package_in_the_network_and_isolated(real_time: Rendered) -> None:
    """It names the package alone, and no image or file of its own."""
    model = real_time.one("aws_sagemaker_model")
    assert list(model["primary_container"]) == ["model_package_name"]
    assert model["primary_container"]["model_package_name"].endswith(".model_package_arn}")
    assert model["enable_network_isolation"] is True
    assert model["vpc_config"] == {"subnets": ["subnet-1", "subnet-2"], "security_group_ids": ["sg-1"]}
    assert model["execution_role_arn"] == NAMING.role_arn("fraud-serving")


def test_a_new_version_comes_before_the_old_goes_and_updates_the_endpoint_in_place(real_time: Rendered) -> None:
    """Model and configuration have new names by version and by how often it was set; the endpoint keeps its own."""
    for kind in ("aws_sagemaker_model", "aws_sagemaker_endpoint_configuration"):
        each = real_time.one(kind)
        assert each["lifecycle"] == {"create_before_destroy": True}
        assert each["name"].startswith("acme-dev-serving--card-fraud--${jsondecode(")
        assert f'sha256("{SHAPE}|' in each["name"]
    endpoint = real_time.one("aws_sagemaker_endpoint")
    assert endpoint["name"] == "acme-dev-serving--card-fraud"
    assert "create_before_destroy" not in endpoint["lifecycle"]


def test_the_configuration_is_exactly_this(real_time: Rendered) -> None:
    """Who changes how it is rendered raises SHAPE in model_version.py: AWS changes no configuration."""
    configuration = dict(real_time.one("aws_sagemaker_endpoint_configuration"))
    (model,) = real_time.all("aws_sagemaker_model")
    for left_out in ("count", "lifecycle", "name", "tags"):
        configuration.pop(left_out)
    assert (SHAPE, configuration) == (
        1,
        {
            "kms_key_arn": KEY.format("endpoint"),
            "production_variants": [
                {
                    "variant_name": "main",
                    "model_name": f"${{aws_sagemaker_model.{model}[0].name}}",
                    "instance_type": "ml.m5.large",
                    "initial_instance_count": 2,
                    "initial_variant_weight": 1,
                }
            ],
            "data_capture_config": {
                "enable_capture": True,
                "initial_sampling_percentage": 100,
                "destination_s3_uri": "s3://acme-dev-serving--card-fraud/capture",
                "kms_key_id": KEY.format("endpoint"),
                "capture_options": [{"capture_mode": "Input"}, {"capture_mode": "Output"}],
                "capture_content_type_header": {
                    "csv_content_types": ["text/csv"],
                    "json_content_types": ["application/json", "application/jsonlines"],
                },
            },
        },
    )


def test_an_endpoint_says_which_version_it_serves_by_which_passport(real_time: Rendered) -> None:
    """Its tags are of the parameter that made it."""
    tags = real_time.one("aws_sagemaker_endpoint")["tags"]
    assert {name: value.rpartition(".")[2] for name, value in tags.items()} == {
        "Project": "card-fraud",
        "ModelPackage": "model_package_arn}",
        "ModelVersion": "version}",
        "Passport": "passport}",
    }


@pytest.mark.parametrize(
    ("said", "kind", "canary", "linear"),
    [
        ({}, "CANARY", 20, None),
        ({"shift": "linear", "percent": 50}, "LINEAR", None, 50),
        ({"shift": "all-at-once"}, "ALL_AT_ONCE", None, None),
    ],
)
def test_traffic_shifts_as_settings_say(
    said: dict[str, Any], kind: str, canary: int | None, linear: int | None
) -> None:
    """Each shift of blue/green, with its part and its bake."""
    policy = deployment(Rollout.model_validate(said), ["errors"]).blue_green_update_policy
    assert policy is not None
    routing = policy.traffic_routing_configuration
    sizes = [size.value if size else None for size in (routing.canary_size, routing.linear_step_size)]
    assert (routing.type, routing.wait_interval_in_seconds, sizes) == (kind, 600, [canary, linear])


def test_a_rolling_update_replaces_instances_part_by_part() -> None:
    """Of the parts that AWS takes."""
    policy = deployment(Rollout(shift="rolling", percent=25), ["errors"]).rolling_update_policy
    assert policy is not None
    assert (policy.maximum_batch_size.type, policy.maximum_batch_size.value) == ("CAPACITY_PERCENT", 25)


def test_an_update_is_taken_back_by_alarms_that_are_there_before(asynchronous: Rendered, operated: Rendered) -> None:
    """Those on errors and latency, which the stack `operations` has, and none on who asks."""
    config = asynchronous.one("aws_sagemaker_endpoint")["deployment_config"]
    alarms = {each["alarm_name"] for each in config["auto_rollback_configuration"]["alarms"]}
    assert alarms == {f"acme-dev-serving--letter-triage-{what}" for what in ("errors", "latency")}
    assert alarms <= {each["alarm_name"] for each in operated.all("aws_cloudwatch_metric_alarm").values()}


def test_what_answers_at_once_scales_by_requests_and_never_below_two(real_time: Rendered) -> None:
    """In production; the target waits for the endpoint, by reference."""
    target = real_time.one("aws_appautoscaling_target")
    assert (target["min_capacity"], target["max_capacity"]) == (2, 4)
    assert "[0].name}/variant/main" in target["resource_id"]
    tracking = real_time.one("aws_appautoscaling_policy")["target_tracking_scaling_policy_configuration"]
    metric = tracking["predefined_metric_specification"]["predefined_metric_type"]
    assert metric == "SageMakerVariantInvocationsPerInstance"


def test_what_answers_later_goes_and_comes_back_with_its_queue(asynchronous: Rendered) -> None:
    """No instance while nothing waits; one request that waits brings the first."""
    assert asynchronous.one("aws_appautoscaling_target")["min_capacity"] == 0
    load, first = sorted(asynchronous.all("aws_appautoscaling_policy").items(), reverse=True)
    backlog = load[1]["target_tracking_scaling_policy_configuration"]["customized_metric_specification"]
    assert backlog["metric_name"] == "ApproximateBacklogSizePerInstance"
    alarm = asynchronous.one("aws_cloudwatch_metric_alarm")
    assert alarm["metric_name"] == "HasBacklogWithoutCapacity"
    assert alarm["alarm_actions"] == [f"${{aws_appautoscaling_policy.{first[0]}[0].arn}}"]


def test_late_answers_lie_under_the_key_and_are_told(asynchronous: Rendered) -> None:
    """Answers and failures in the model's bucket; who asked hears of the one, the owner of the other."""
    output = asynchronous.one("aws_sagemaker_endpoint_configuration")["async_inference_config"]["output_config"]
    assert output["kms_key_id"] == KEY.format("endpoint")
    assert output["s3_output_path"] == "s3://acme-dev-serving--letter-triage/output"
    assert output["notification_config"] == {
        "success_topic": "arn:aws:sns:eu-west-1:222222222222:acme-dev-serving--letter-triage--answers",
        "error_topic": "arn:aws:sns:eu-west-1:222222222222:acme-dev-serving--letter-triage",
    }


def test_no_key_is_given_for_disks_that_the_hardware_encrypts(asynchronous: Rendered) -> None:
    """SageMaker refuses one for a GPU with local disks."""
    assert "kms_key_arn" not in asynchronous.one("aws_sagemaker_endpoint_configuration")


def test_serverless_has_none_of_what_aws_refuses_for_it(serverless: Rendered) -> None:
    """No network, isolation, capture, guarded update or scaling."""
    assert not {"vpc_config"} & set(serverless.one("aws_sagemaker_model"))
    assert serverless.one("aws_sagemaker_model")["enable_network_isolation"] is False
    configuration = serverless.one("aws_sagemaker_endpoint_configuration")
    assert "data_capture_config" not in configuration
    assert configuration["production_variants"][0]["serverless_config"] == {
        "memory_size_in_mb": 2048,
        "max_concurrency": 20,
    }
    assert "deployment_config" not in serverless.one("aws_sagemaker_endpoint")
    assert not serverless.all("aws_appautoscaling_target")


def test_a_batch_is_one_transform_by_the_calendar_each_time_once(batch: Rendered) -> None:
    """Input and output are parameters; a start that is tried again has the token of the first."""
    definition = json.loads(batch.one("aws_sagemaker_pipeline")["pipeline_definition"])
    (step,) = definition["Steps"]
    request = step["Arguments"]
    assert request["TransformOutput"]["KmsKeyId"] == KEY.format("artifacts")
    assert request["TransformResources"]["VolumeKmsKeyId"] == KEY.format("artifacts")
    assert request["DataCaptureConfig"]["DestinationS3Uri"] == "s3://acme-dev-serving--churn/capture"
    assert {"Key": "Team", "Value": "fraud"} in request["Tags"]
    told = json.loads(batch.one("aws_scheduler_schedule")["target"]["input"])
    assert told["ClientRequestToken"] == "acme-dev-serving--churn-<aws.scheduler.scheduled-time>"
    assert not batch.all("aws_sagemaker_endpoint")


def test_the_stack_keeps_its_own_bytes_for_the_pipeline(real_time: Rendered) -> None:
    """The object is the file that Terraform runs, and changes with it."""
    kept = real_time.one("aws_s3_object")
    assert (kept["key"], kept["source"]) == ("stack/cdk.tf.json", "${path.module}/cdk.tf.json")
    assert kept["source_hash"] == '${filesha256("${path.module}/cdk.tf.json")}'


def test_the_parameter_begins_with_none_and_is_never_set_again(operated: Rendered) -> None:
    """A release sets it; what Terraform made says that nothing is served."""
    for parameter in operated.all("aws_ssm_parameter").values():
        assert json.loads(parameter["value"])["model_package_arn"] == "none"
        assert parameter["lifecycle"] == {"ignore_changes": ["value"]}


def test_data_of_a_served_model_expires_and_what_releases_apply_stays(operated: Rendered) -> None:
    """Every prefix that holds data has a rule, stack/ has none, and no rule is for all."""
    for each in operated.all("aws_s3_bucket_lifecycle_configuration").values():
        expiring = {rule["filter"][0]["prefix"] for rule in each["rule"] if "expiration" in rule}
        if "" not in expiring:  # as that of access logs
            assert expiring == {names.CAPTURE, names.TRUTH, names.FINDINGS, names.INPUT, names.OUTPUT, names.FAILURES}


def test_alarms_watch_errors_latency_waiting_and_silence(operated: Rendered) -> None:
    """Thresholds are in the units of the metrics; only silence is told while no endpoint sends anything."""
    found = {
        each["alarm_name"].rpartition("-triage-")[2]: each
        for each in operated.all("aws_cloudwatch_metric_alarm").values()
        if "triage-" in each["alarm_name"]
    }
    assert {what: (each["metric_name"], each["threshold"]) for what, each in found.items()} == {
        "errors": ("Invocation5XXErrors", 0.01),
        "refusals": ("Invocation4XXErrors", 0.2),
        "latency": ("ModelLatency", 300_000_000),
        "late": ("ApproximateAgeOfOldestRequest", 3600),
        "silent": ("InvocationsProcessed", 1),
    }
    breaching = {what for what, each in found.items() if each["treat_missing_data"] == "breaching"}
    assert breaching == {"silent"}
    assert found["errors"]["dimensions"] == {"EndpointName": "acme-dev-serving--letter-triage", "VariantName": "main"}


def test_answers_are_told_to_who_subscribes_and_failures_to_the_owner(operated: Rendered) -> None:
    """Nobody is mailed each answer; the topic is there, under a key and over TLS alone."""
    topics = {each["name"]: id_ for id_, each in operated.all("aws_sns_topic").items()}
    mailed = {each["topic_arn"].split(".")[1] for each in operated.all("aws_sns_topic_subscription").values()}
    assert topics["acme-dev-serving--letter-triage--answers"] not in mailed
    assert topics["acme-dev-serving--letter-triage"] in mailed


def test_who_starts_batches_starts_nothing_else(operated: Rendered) -> None:
    """One pipeline, one queue, two keys."""
    allowed = statements(operated.one("aws_iam_role_policy")["policy"])
    assert allowed["Start"]["Resource"] == "arn:aws:sagemaker:eu-west-1:222222222222:pipeline/acme-dev-serving--churn"
    assert all("*" not in each["Resource"] for each in allowed.values())


def test_a_batch_that_fails_is_told(operated: Rendered) -> None:
    """A rule on the pipeline's failures, which the topic admits."""
    rule = operated.one("aws_cloudwatch_event_rule")
    assert json.loads(rule["event_pattern"])["detail"]["currentPipelineExecutionStatus"] == ["Failed", "Stopped"]
    (topic,) = (
        each["policy"] for each in operated.all("aws_sns_topic_policy").values() if "serving--churn" in each["policy"]
    )
    admitted = statements(topic)["OwnRulePublishes"]["Condition"]["ArnLike"]["aws:SourceArn"]
    assert NAMING.arn("events", f"rule/{rule['name']}").startswith(admitted.removesuffix("*"))


def test_endpoints_and_monitors_reach_their_part_of_the_bucket_alone() -> None:
    """An endpoint writes what it answered and cannot read it; monitors read it and cannot change it."""
    found = {}
    for role in ("serving", "pipeline"):
        made = serves(
            role, naming=NAMING, projects={"card-fraud": False}, endpoint_key=KEY.format("endpoint"), message_key="m"
        )
        found[role] = {each.sid: {arn.partition("/")[2] for arn in each.resources} for each in made}
    assert found["serving"]["ReadServed"] == {"input/*"}
    assert found["serving"]["WriteServed"] == {"capture/*", "failures/*", "output/*"}
    assert found["pipeline"]["ReadServed"] == {"capture/*", "ground-truth/*", "input/*", "stack/monitors/*"}
    assert found["pipeline"]["WriteServed"] == {"monitoring/*"}
    assert "TellOfAnswers" not in found["serving"]


def test_a_name_that_leaves_no_room_for_a_version_is_told() -> None:
    """Names of models and configurations add a version to that of the endpoint."""
    naming = Naming("a" * 20, "prod", "x", "2" * 12, "aws", "eu-west-1")
    with pytest.raises(ConfigError, match="44 are allowed"):
        names.endpoint(naming, "b" * 20)
    assert len(names.endpoint(naming, "b" * 9) + names.VERSION_SUFFIX) <= names.SAGEMAKER_LIMIT


def test_every_mode_has_a_project_here() -> None:
    """No mode goes untested by being forgotten."""
    assert set(MODES) == {"real-time", "asynchronous", "serverless", "batch"}


def test_what_an_endpoint_prints_is_kept_and_encrypted(operated: Rendered) -> None:
    """Its log group is there before SageMaker makes it; a batch has none of its own."""
    groups = [
        group
        for group in operated.all("aws_cloudwatch_log_group").values()
        if group["name"].startswith("/aws/sagemaker/Endpoints/")
    ]
    assert [(group["name"], group["retention_in_days"], group["kms_key_id"]) for group in groups] == [
        ("/aws/sagemaker/Endpoints/acme-dev-serving--letter-triage", 365, KEY.format("account-logs"))
    ]


def test_errors_and_latency_are_one_alarm_together(operated: Rendered) -> None:
    """Which tells nobody by itself, and waits for both."""
    unwell = operated.one("aws_cloudwatch_composite_alarm")
    assert unwell["alarm_name"].endswith("-unwell")
    alarms = {each["alarm_name"] for each in operated.all("aws_cloudwatch_metric_alarm").values()}
    parts = set(unwell["alarm_rule"].replace('ALARM("', "").replace('")', "").split(" OR "))
    assert {part.rpartition("-")[2] for part in parts} == {"errors", "latency"}
    assert parts <= alarms
    assert "alarm_actions" not in unwell
