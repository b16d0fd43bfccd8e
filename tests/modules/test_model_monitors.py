"""How a served model is watched: what each monitor does, by whose baselines, and where."""

from __future__ import annotations

import json
import re
from types import SimpleNamespace
from typing import Any

import pytest
from pydantic import ValidationError

from modules.foundations.contract import BaselineContract
from modules.foundations.network.contract import SpokeContract
from modules.ml_operations.layout import MONITOR_KINDS
from modules.ml_operations.model_monitors import ModelMonitors
from modules.ml_operations.model_version import ModelVersion
from modules.ml_operations.monitor_plan import Watched
from modules.ml_operations.monitoring_settings import MonitoringSettings, MonitorSettings, monitors
from modules.ml_operations.monitors.preprocess import TARGET, TEXT, preprocess_handler
from tests.support.rendering import NAMING, Rendered, render

KEY = "arn:aws:kms:eu-west-1:222222222222:key/"
PINNED = MonitoringSettings(analyzer_digest="sha256:" + "a" * 64, clarify_digest="sha256:" + "b" * 64)
WATCHED = Watched(
    target="is_fraud",
    problem="BinaryClassification",
    bucket="acme-dev-serving--card-fraud",
    endpoint="acme-dev-serving--card-fraud",
    favourable=(False,),
    facets={"last_channel": ("online",)},
)


def _render(watched: Watched = WATCHED, kinds: Any = MONITOR_KINDS, settings: MonitoringSettings = PINNED) -> Rendered:
    network = SpokeContract("tgw-1", "vpc-1", ["subnet-1", "subnet-2"], "sg-1")
    keys = BaselineContract(key_arns={what: f"{KEY}{what}" for what in ("data", "endpoint")}, **_rest())
    return render(
        lambda scope: ModelMonitors(
            scope,
            "monitors",
            naming=NAMING,
            settings=settings,
            project="card-fraud",
            kinds=kinds,
            watched=watched,
            version=ModelVersion(scope, "version", naming=NAMING, project="card-fraud"),
            model="${aws_sagemaker_model.model[0].name}",
            jobs="arn:aws:iam::222222222222:role/acme-dev-fraud-pipeline",
            tags={"Team": "fraud"},
            network=network,
            keys=keys,
            after=[],
        )
    )


def _rest() -> dict[str, Any]:
    from dataclasses import fields

    return {field.name: "x" for field in fields(BaselineContract) if field.name != "key_arns"}


@pytest.fixture(name="rendered", scope="module")
def _rendered() -> Rendered:
    return _render()


def _definitions(rendered: Rendered) -> dict[str, dict[str, Any]]:
    """The definitions through Cloud Control by their type, with expressions as text."""
    found = {}
    for body in rendered.all("aws_cloudcontrolapi_resource").values():
        plain = re.sub(r'(?<!["\w}/-])\$\{[\w.]+\}(?!["\w])', '"later"', body["desired_state"])
        found[body["type_name"].split("::")[-1]] = json.loads(plain)
    return found


def test_every_kind_has_a_definition_and_a_schedule_that_runs_it(rendered: Rendered) -> None:
    """Four schedules each name the definition of their kind."""
    schedules = rendered.all("aws_sagemaker_monitoring_schedule").values()
    named = {
        each["monitoring_schedule_config"]["monitoring_type"]: each["monitoring_schedule_config"] for each in schedules
    }
    definitions = _definitions(rendered)
    assert set(named) == {"DataQuality", "ModelQuality", "ModelBias", "ModelExplainability"}
    for word in ("ModelQuality", "ModelBias", "ModelExplainability"):
        made = definitions[f"{word}JobDefinition"]["JobDefinitionName"]
        assert named[word]["monitoring_job_definition_name"] == made
    native = rendered.one("aws_sagemaker_data_quality_job_definition")["name"]
    assert named["DataQuality"]["monitoring_job_definition_name"] == native


def test_jobs_are_isolated_but_for_explanations(rendered: Rendered) -> None:
    """Clarify asks a copy of the model over the VPC; every other job reaches no network."""
    isolated = {name: body["NetworkConfig"]["EnableNetworkIsolation"] for name, body in _definitions(rendered).items()}
    native = rendered.one("aws_sagemaker_data_quality_job_definition")["network_config"]
    assert isolated == {
        "ModelQualityJobDefinition": True,
        "ModelBiasJobDefinition": True,
        "ModelExplainabilityJobDefinition": False,
    }
    assert native["enable_network_isolation"] is True


def test_every_job_is_in_the_vpc_and_encrypted(rendered: Rendered) -> None:
    """Subnets, security group, traffic, disk and results: of every kind."""
    for body in _definitions(rendered).values():
        assert body["NetworkConfig"]["VpcConfig"] == {"SecurityGroupIds": ["sg-1"], "Subnets": "later"}
        assert body["NetworkConfig"]["EnableInterContainerTrafficEncryption"] is True
        assert body["JobResources"]["ClusterConfig"]["VolumeKmsKeyId"] == f"{KEY}data"
        output = next(value for name, value in body.items() if name.endswith("OutputConfig"))
        assert output["KmsKeyId"] == f"{KEY}endpoint"
    native = rendered.one("aws_sagemaker_data_quality_job_definition")
    assert native["network_config"]["vpc_config"]["subnets"] == ["subnet-1", "subnet-2"]
    assert native["job_resources"]["cluster_config"]["volume_kms_key_id"] == f"{KEY}data"


def test_baselines_are_those_of_the_served_version(rendered: Rendered) -> None:
    """Each kind is compared with the constraints below the version's own folder."""
    for word, kind in (("ModelQuality", "model-quality"), ("ModelBias", "model-bias")):
        found = _definitions(rendered)[f"{word}JobDefinition"][f"{word}BaselineConfig"]["ConstraintsResource"]["S3Uri"]
        assert re.fullmatch(rf"\$\{{jsondecode\([\w.]+\)\.files\}}baselines/{kind}/constraints\.json", found)


def test_only_what_the_version_has_baselines_of_is_made(rendered: Rendered) -> None:
    """Without a version, or without a baseline of the kind, the count is 0; Clarify needs the columns, too."""
    for kind, body in (
        ("data-quality", rendered.one("aws_sagemaker_data_quality_job_definition")),
        *(
            (re.sub(r"(?<!^)(?=[A-Z])", "-", each["type_name"][16:-13]).lower(), each)
            for each in rendered.all("aws_cloudcontrolapi_resource").values()
        ),
    ):
        assert f'.baselines, "{kind}")' in body["count"], kind
        assert 'model_package_arn != "none"' in body["count"]
        assert (".columns, [])) > 0" in body["count"]) == (kind in ("model-bias", "model-explainability"))
        assert body["count"].endswith(" ? 1 : 0}")


def test_a_changed_definition_is_made_before_the_old_one_ends(rendered: Rendered) -> None:
    """Names hold a hash of what is defined, and the lifecycle keeps the old until the schedule names the new."""
    for body in _definitions(rendered).values():
        assert re.search(r"-\$\{substr\(sha256\(local\.[\w-]+\), 0, 6\)\}$", body["JobDefinitionName"])
    for body in rendered.all("aws_cloudcontrolapi_resource").values():
        assert body["lifecycle"]["create_before_destroy"] is True


def test_clarify_is_told_facets_and_what_is_good(rendered: Rendered) -> None:
    """The configuration of bias names label, favourable answers and facets, as the project's file says."""
    found = _analysis(rendered, "model-bias")
    assert found["label"] == "is_fraud"
    assert found["label_values_or_threshold"] == [False]
    assert found["facet"] == [{"name_or_index": "last_channel", "value_or_threshold": ["online"]}]


def test_clarify_asks_a_copy_of_the_served_model(rendered: Rendered) -> None:
    """Records by name, as our models take them, and its own machine."""
    predictor = _analysis(rendered, "model-explainability")["predictor"]
    assert re.fullmatch(r"\$\{local\.\w+\}", predictor["model_name"])
    assert predictor["record_template"] == "$features_kvp"
    assert predictor["probability"] == "predictions[*].probability"


def _analysis(rendered: Rendered, kind: str) -> dict[str, Any]:
    text = next(value for name, value in rendered.document["locals"].items() if f"{kind}-analysis" in name)
    found: dict[str, Any] = json.loads(re.sub(r"(?<!\")\$\{local\.\w+\}(?!\")", "[]", text))
    return found


def test_definitions_are_what_the_api_takes() -> None:
    """Every property is one of the request that makes such a definition, as botocore knows it."""
    import botocore.session
    from botocore.validate import ParamValidator

    model = botocore.session.get_session().get_service_model("sagemaker")
    for name, body in _definitions(_render()).items():
        shape = model.operation_model(f"Create{name}").input_shape
        word = name.removesuffix("JobDefinition")
        body["NetworkConfig"]["VpcConfig"]["Subnets"] = ["subnet-1"]
        assert not ParamValidator().validate(body, shape).has_errors(), (word, ParamValidator().validate(body, shape))


def test_a_batch_is_watched_by_what_it_captured() -> None:
    """Without an endpoint the monitor reads the capture of batches."""
    rendered = _render(
        Watched(target="is_fraud", problem="Regression", bucket="acme-dev-serving--card-fraud", endpoint=None),
        ("data-quality",),
    )
    job = rendered.one("aws_sagemaker_data_quality_job_definition")["data_quality_job_input"]
    assert job["batch_transform_input"]["data_captured_destination_s3_uri"].endswith("--card-fraud/capture/")


def test_what_cannot_be_watched_is_not_made() -> None:
    """Serverless endpoints capture nothing; batches keep no single answers; texts are not explained."""
    assert monitors("serverless", bias=True, text=False) == ()
    assert monitors("batch", bias=True, text=False) == ("data-quality",)
    assert monitors("real-time", bias=True, text=False) == MONITOR_KINDS
    assert monitors("asynchronous", bias=False, text=True) == ("data-quality", "model-quality")


@pytest.mark.parametrize(
    ("hours", "expected"), [(1, "cron(0 * ? * * *)"), (6, "cron(0 0/6 ? * * *)"), (24, "cron(0 0 ? * * *)")]
)
def test_schedules_are_spelt_as_sagemaker_takes_them(hours: Any, expected: str) -> None:
    """Hourly, every few hours, daily."""
    assert MonitorSettings(every_hours=hours).schedule == expected


def test_answers_are_judged_once_their_truth_is_known() -> None:
    """The window ends a delay before the run and is as long as the time between runs."""
    settings = MonitoringSettings(truth_delay_hours=48)
    assert settings.window("model-quality") == ("-PT72H", "-PT48H")
    assert settings.window("data-quality") == ("-PT1H", "-PT0H")


def test_a_run_ends_before_the_next() -> None:
    """What runs every hour may not take an hour."""
    with pytest.raises(ValidationError, match="max_runtime_minutes of 50 at most"):
        MonitoringSettings(max_runtime_minutes=60)


def test_what_explains_runs_on_encrypted_disks() -> None:
    """Clarify names no key for the copy that it asks, so its disks must need none."""
    with pytest.raises(ValidationError, match="explain_on with local disks"):
        MonitoringSettings(explain_on="ml.m5.xlarge")


def _call(data: str, content_type: str, answers: list[dict[str, Any]]) -> Any:
    return SimpleNamespace(
        endpoint_input=SimpleNamespace(data=data, observed_content_type=content_type),
        endpoint_output=SimpleNamespace(
            data=json.dumps({"predictions": answers}), observed_content_type="application/json"
        ),
    )


def test_each_row_of_a_request_is_a_record_named_as_in_the_baseline(monkeypatch: pytest.MonkeyPatch) -> None:
    """CSV and JSON come to the same: inputs by column, the prediction by the target's name."""
    monkeypatch.setenv(TARGET, "is_fraud")
    answers = [{"predicted": True, "probability": 0.9}, {"predicted": False, "probability": 0.1}]
    wanted = [
        {"amount": 10.0, "channel": "online", "is_fraud": True},
        {"amount": 2.5, "channel": None, "is_fraud": False},
    ]
    csv = _call("amount,channel\n10,online\n2.5,\n", "text/csv", answers)
    records = [{"amount": 10.0, "channel": "online"}, {"amount": 2.5, "channel": None}]
    assert preprocess_handler(csv) == wanted
    assert preprocess_handler(_call(json.dumps(records), "application/json", answers)) == wanted


def test_the_quality_of_the_model_is_judged_by_answers_alone() -> None:
    """Without a target in its environment the job is told what was predicted, and how surely."""
    answers = [{"predicted": True, "probability": 0.9}]
    assert preprocess_handler(_call("amount\n10\n", "text/csv", answers)) == answers


def test_a_text_is_described_by_its_measures(monkeypatch: pytest.MonkeyPatch) -> None:
    """No word of a letter is watched."""
    monkeypatch.setenv(TARGET, "topic")
    monkeypatch.setenv(TEXT, "letter")
    call = _call(json.dumps([{"letter": "My Bill 12"}]), "application/json", [{"predicted": "bill"}])
    assert preprocess_handler(call) == [{"characters": 10, "words": 3, "capitals": 2, "digits": 2, "topic": "bill"}]


def test_an_answer_that_does_not_fit_its_request_fails_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is skipped in silence."""
    monkeypatch.setenv(TARGET, "is_fraud")
    with pytest.raises(ValueError, match="zip"):
        preprocess_handler(_call("amount\n10\n20\n", "text/csv", [{"predicted": True}]))
