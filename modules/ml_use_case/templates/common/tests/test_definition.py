"""The pipeline that is built for the example's settings, by the real SDK: whole, protected, and always the same."""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import botocore.session
import jsonschema
import pytest
from botocore.validate import ParamValidator

import definitions
from ml_pipeline import problem, settings
from ml_pipeline.code import code
from ml_pipeline.jobs import has_local_disks
from ml_pipeline.settings import SettingsError
from ml_pipeline.template import KINDS

OPERATIONS = {
    "Processing": ("CreateProcessingJob", "ProcessingJobName"),
    "Training": ("CreateTrainingJob", "TrainingJobName"),
    "RegisterModel": ("CreateModelPackage", "ModelPackageName"),
}
# Each must be there with this value, or with any where none is named: of a job of either kind.
PROTECTIONS: dict[str, list[tuple[str, Callable[[dict[str, Any]], Any], Any]]] = {
    "Processing": [
        ("network isolation", lambda job: job["NetworkConfig"]["EnableNetworkIsolation"], True),
        (
            "encryption between containers",
            lambda job: job["NetworkConfig"]["EnableInterContainerTrafficEncryption"],
            True,
        ),
        ("subnets", lambda job: job["NetworkConfig"]["VpcConfig"]["Subnets"], None),
        ("security groups", lambda job: job["NetworkConfig"]["VpcConfig"]["SecurityGroupIds"], None),
        ("key of volumes", lambda job: job["ProcessingResources"]["ClusterConfig"]["VolumeKmsKeyId"], "volume"),
        ("key of outputs", lambda job: job["ProcessingOutputConfig"]["KmsKeyId"], "output"),
        ("longest time", lambda job: job["StoppingCondition"]["MaxRuntimeInSeconds"], None),
        ("tags", lambda job: job["Tags"], None),
    ],
    "Training": [
        ("network isolation", lambda job: job["EnableNetworkIsolation"], True),
        ("encryption between containers", lambda job: job["EnableInterContainerTrafficEncryption"], True),
        ("subnets", lambda job: job["VpcConfig"]["Subnets"], None),
        ("security groups", lambda job: job["VpcConfig"]["SecurityGroupIds"], None),
        ("key of volumes", lambda job: job["ResourceConfig"]["VolumeKmsKeyId"], "volume"),
        ("key of outputs", lambda job: job["OutputDataConfig"]["KmsKeyId"], "output"),
        ("longest time", lambda job: job["StoppingCondition"]["MaxRuntimeInSeconds"], None),
        ("tags", lambda job: job["Tags"], None),
    ],
}


@pytest.fixture(scope="module", name="definition")
def _definition(document: dict[str, Any]) -> dict[str, Any]:
    definition: dict[str, Any] = json.loads(definitions.text_for(document))
    return definition


@pytest.fixture(scope="module", name="parameters")
def _parameters(definition: dict[str, Any]) -> dict[str, Any]:
    return {each["Name"]: each.get("DefaultValue", "run-1") for each in definition["Parameters"]}


@pytest.fixture(scope="module", name="steps")
def _steps(definition: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {step["Name"]: step for step in definitions.walk(definition["Steps"])}


def unprotected(step: dict[str, Any], keys: dict[str, str]) -> list[str]:
    """What the job of the step lacks. A value that only the run knows protects nothing."""
    lacking = []
    for what, value_of, expected in PROTECTIONS[step["Type"]]:
        try:
            value = value_of(step["Arguments"])
        except KeyError:
            value = None
        wanted = keys.get(expected, expected) if isinstance(expected, str) else expected
        if not value or isinstance(value, dict) or (wanted is not None and value != wanted):
            lacking.append(f"{step['Name']}: {what}")
    return lacking


def test_every_job_is_isolated_encrypted_tagged_and_ends(steps: dict[str, Any], document: dict[str, Any]) -> None:
    """No job lacks the VPC, a key of ours, encryption between containers, tags or an end; Query alone may ask AWS."""
    jobs = [step for step in steps.values() if step["Type"] in definitions.JOBS]
    queries = ["Query"] if document["data"]["kind"] == "athena" else []
    assert len(jobs) == 7 + len(queries)
    lacking = [lack for step in jobs for lack in unprotected(step, document["keys"])]
    assert lacking == [f"{name}: network isolation" for name in queries]


@pytest.mark.parametrize("name", ["Prepare", "Train", "DataBias"])
def test_a_job_that_lacks_one_protection_is_found(name: str, steps: dict[str, Any], document: dict[str, Any]) -> None:
    """Each protection, taken away, is named: the test above cannot pass by looking away."""
    for what, *_ in PROTECTIONS[steps[name]["Type"]]:
        job = json.loads(json.dumps(steps[name]))
        _remove(job["Arguments"], what)
        assert unprotected(job, document["keys"]) == [f"{name}: {what}"]


def test_every_request_is_one_that_the_api_takes(steps: dict[str, Any], parameters: dict[str, Any]) -> None:
    """The arguments of each step, validated by botocore as the request that SageMaker makes of them."""
    model = botocore.session.Session().get_service_model("sagemaker")
    checked = []
    for step in steps.values():
        if step["Type"] in OPERATIONS:
            operation, name = OPERATIONS[step["Type"]]
            request = definitions.resolved(step["Arguments"], parameters)
            if step["Type"] in definitions.JOBS:
                request[name] = "named-by-the-pipeline"
            report = ParamValidator().validate(request, model.operation_model(operation).input_shape)
            assert not report.has_errors(), f"{step['Name']}: {report.generate_report()}"
            checked.append(step["Name"])
    assert len(checked) == 8 + ("Query" in steps)


def test_the_definition_keeps_to_its_schema(definition: dict[str, Any]) -> None:
    """Top level, parameters, and the types of steps with their fields."""
    schema = json.loads(Path(__file__).with_name("definition.schema.json").read_text())
    errors = list(jsonschema.Draft202012Validator(schema).iter_errors(definition))
    assert [f"{error.json_path}: {error.message}" for error in errors] == []


def test_no_step_waits_for_itself(steps: dict[str, Any]) -> None:
    """The order that the steps ask for exists, begins with the data, and gates after all checks."""
    graph = {name: {*step.get("DependsOn", []), *definitions.references(_own(step))} for name, step in steps.items()}
    for step in steps.values():
        if step["Type"] == "Condition":
            for child in step["Arguments"]["IfSteps"] + step["Arguments"]["ElseSteps"]:
                graph[child["Name"]].add(step["Name"])
    order = list(TopologicalSorter(graph).static_order())
    assert order[0] == ("Query" if "Query" in steps else "Prepare")
    assert set(order[-2:]) == {"Register", "BelowGate"}
    assert set(graph["Gate"]) >= {"Evaluate", "DataQualityBaseline", "ModelQualityBaseline", "DataBias", "ModelBias"}


def test_the_same_source_makes_the_same_bytes(document: dict[str, Any]) -> None:
    """No clock and no chance is in a definition."""
    assert definitions.text_for(document) == definitions.text_for(document)


def test_a_model_below_the_gate_fails_with_what_was_demanded(steps: dict[str, Any], document: dict[str, Any]) -> None:
    """The gate compares the metric of the report with the project's bound, and the other way ends in a sentence."""
    gate = steps["Gate"]["Arguments"]
    [condition] = gate["Conditions"]
    assert condition["RightValue"] == document["gate"]["at_least"]
    assert condition["LeftValue"]["Std:JsonGet"]["Path"].split(".")[1:] == [document["gate"]["metric"], "value"]
    message = gate["ElseSteps"][0]["Arguments"]["ErrorMessage"]["Std:Join"]["Values"][0]
    assert f"demands {document['gate']['metric']} at least {document['gate']['at_least']}" in message


def test_the_bound_is_no_parameter(definition: dict[str, Any]) -> None:
    """Who starts the pipeline cannot lower what the reviewed file of the project demands."""
    assert {each["Name"] for each in definition["Parameters"]} <= {
        "Run", "ProcessingInstanceType", "TrainingInstanceType", "InputData"
    }  # fmt: skip
    assert next(each for each in definition["Parameters"] if each["Name"] == "Run").keys() == {"Name", "Type"}


def test_at_most_is_gated_too(document: dict[str, Any]) -> None:
    """A metric that is good when it is small."""
    text = definitions.text_for(definitions.changed(document, gate={"metric": "log_loss", "at_most": 0.4}))
    gate = next(step for step in json.loads(text)["Steps"] if step["Name"] == "Gate")
    assert gate["Arguments"]["Conditions"][0]["Type"] == "LessThanOrEqualTo"


def test_a_version_waits_for_approval_with_all_baselines(steps: dict[str, Any], document: dict[str, Any]) -> None:
    """Pending, in the project's group, with metrics and drift baselines of data, predictions, bias and explanations."""
    request = steps["Register"]["Arguments"]
    assert request["ModelApprovalStatus"] == "PendingManualApproval"
    assert request["ModelPackageGroupName"] == document["model_package_group"]
    assert set(request["DriftCheckBaselines"]) == {"ModelQuality", "ModelDataQuality", "Bias", "Explainability"}
    assert set(request["DriftCheckBaselines"]["Bias"]) == {"PreTrainingConstraints", "PostTrainingConstraints"}
    assert set(request["ModelMetrics"]) == {"ModelQuality", "ModelDataQuality", "Bias", "Explainability"}
    assert "samples" in json.dumps(request["SamplePayloadUrl"])
    assert "Tags" not in request, "AWS refuses tags on a version of a group"


def test_lineage_leads_to_source_query_and_features(document: dict[str, Any]) -> None:
    """Commit, run, data set, the query and where its results lie, feature groups: within AWS's limits."""
    definition = json.loads(definitions.text_for(definitions.changed(document, data=definitions.ATHENA)))
    steps = {step["Name"]: step for step in definitions.walk(definition["Steps"])}
    request = steps["Register"]["Arguments"]
    lineage = request["CustomerMetadataProperties"]
    assert request["MetadataProperties"]["CommitId"] == lineage["commit"] == definitions.COMMIT
    assert (lineage["dataset"], lineage["feature_groups"]) == ("payments.cards.card_payment", "card-velocity")
    measured = {"run", "execution", "code", "dataset_sha256", "dataset_rows"}
    assert measured | {"dataset_table", "query_sha256", "query_workgroup", "query_results"} <= set(lineage)
    assert len(lineage) <= 50
    assert all(len(value) <= 256 for value in lineage.values() if isinstance(value, str))


def test_scripts_know_what_the_pipeline_passes(steps: dict[str, Any]) -> None:
    """Seam 4: every script that a job starts exists and takes the arguments; every folder is an input or an output."""
    started = set()
    for step in steps.values():
        if step["Type"] == "Processing" and "ContainerEntrypoint" in step["Arguments"]["AppSpecification"]:
            script = Path(step["Arguments"]["AppSpecification"]["ContainerEntrypoint"][1]).stem
            given = step["Arguments"]["AppSpecification"]["ContainerArguments"]
            importlib.import_module(script).arguments().parse_args(given)
            folders = {each["S3Input"]["LocalPath"] for each in step["Arguments"]["ProcessingInputs"]}
            folders |= {
                each["S3Output"]["LocalPath"] for each in step["Arguments"]["ProcessingOutputConfig"]["Outputs"]
            }
            assert set(given[1::2]) == folders - {"/opt/ml/processing/code"}
            started.add(script)
        elif step["Type"] == "Training":
            script = Path(step["Arguments"]["AlgorithmSpecification"]["ContainerEntrypoint"][1]).stem
            defaults = vars(importlib.import_module(script).arguments().parse_args([])).values()
            channels = {f"/opt/ml/input/data/{each['ChannelName']}" for each in step["Arguments"]["InputDataConfig"]}
            read = {str(each) for each in defaults if str(each).startswith("/opt/ml/input/data/")}
            assert read == channels - {"/opt/ml/input/data/code"}
            started.add(script)
    assert started - {"query"} == {"prepare", "train", "evaluate"}


def test_the_query_is_the_settings_own(document: dict[str, Any]) -> None:
    """Seams 4 and 5: database, table and groups come from the settings, and the job reads them as its own role.

    What the query answers is what Prepare reads, and its code is this job's alone: no data of another step reaches it.
    """
    asked = definitions.changed(document, data=definitions.ATHENA)
    definition = json.loads(definitions.text_for(asked))
    steps = {step["Name"]: step for step in definition["Steps"]}
    query, prepare = steps["Query"]["Arguments"], steps["Prepare"]["Arguments"]
    [data] = [each for each in prepare["ProcessingInputs"] if each["InputName"] == "data"]
    [output] = query["ProcessingOutputConfig"]["Outputs"]
    assert data["S3Input"]["S3Uri"] == output["S3Output"]["S3Uri"]
    assert "Query" in steps["Prepare"]["DependsOn"]
    assert [each["InputName"] for each in query["ProcessingInputs"]] == ["code"]
    assert query["RoleArn"] == document["role_arn"]
    project = settings.load(json.dumps(asked))
    told = json.loads(code(project, problem.kind(project, KINDS)).files["steps/query.json"])
    names = ("catalog", "database", "query", "workgroup")
    assert told == {name: definitions.ATHENA[name] for name in names} | {"region": document["region"]}


def test_files_of_the_team_are_read_too(document: dict[str, Any]) -> None:
    """A project without a published table reads a prefix, which is a parameter."""
    data = {"kind": "files", "uri": f"s3://{document['bucket']}/data/first/", "format": "csv"}
    definition = json.loads(definitions.text_for(definitions.changed(document, data=data)))
    assert {"Name": "InputData", "Type": "String", "DefaultValue": data["uri"]} in definition["Parameters"]


def test_without_facets_no_bias_is_measured_and_none_is_promised(document: dict[str, Any]) -> None:
    """Neither jobs of Clarify nor reports that nobody wrote."""
    definition = json.loads(definitions.text_for(definitions.changed(document, facets=[])))
    steps = {step["Name"]: step for step in definitions.walk(definition["Steps"])}
    assert not {"DataBias", "ModelBias"} & set(steps)
    assert "Bias" not in steps["Register"]["Arguments"]["DriftCheckBaselines"]


def test_disks_that_the_hardware_encrypts_get_no_key(document: dict[str, Any]) -> None:
    """AWS refuses a key for types with local disks."""
    instances = document["instances"] | {"training": document["instances"]["training"] | {"type": "ml.g5.xlarge"}}
    definition = json.loads(definitions.text_for(definitions.changed(document, instances=instances)))
    train = next(step for step in definition["Steps"] if step["Name"] == "Train")
    assert "VolumeKmsKeyId" not in train["Arguments"]["ResourceConfig"]
    assert [has_local_disks(each) for each in ("ml.g5.xlarge", "ml.m5d.large", "ml.m5.large")] == [True, True, False]


def test_images_of_the_settings_take_the_place_of_awss(document: dict[str, Any]) -> None:
    """A scanned image of the organisation, by its digest."""
    image = f"111111111111.dkr.ecr.eu-west-1.amazonaws.com/own@sha256:{'0' * 64}"
    definition = json.loads(definitions.text_for(definitions.changed(document, images={"training": image})))
    train = next(step for step in definition["Steps"] if step["Name"] == "Train")
    assert train["Arguments"]["AlgorithmSpecification"]["TrainingImage"] == image


def test_a_metric_that_is_not_measured_is_refused(document: dict[str, Any]) -> None:
    """The gate would compare nothing."""
    with pytest.raises(SettingsError, match=r"'goodness' is none that .* measures: "):
        definitions.text_for(definitions.changed(document, gate={"metric": "goodness", "at_least": 1}))


def _own(step: dict[str, Any]) -> Any:
    return step["Arguments"]["Conditions"] if step["Type"] == "Condition" else step["Arguments"]


def _remove(job: dict[str, Any], what: str) -> None:
    fields = {
        "network isolation": "EnableNetworkIsolation",
        "encryption between containers": "EnableInterContainerTrafficEncryption",
        "subnets": "Subnets",
        "security groups": "SecurityGroupIds",
        "key of volumes": "VolumeKmsKeyId",
        "key of outputs": "KmsKeyId",
        "longest time": "MaxRuntimeInSeconds",
        "tags": "Tags",
    }
    for value in [job, *job.values()]:
        for inner in [value, *(value.values() if isinstance(value, dict) else [])]:
            if isinstance(inner, dict):
                inner.pop(fields[what], None)
