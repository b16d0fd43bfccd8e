"""Endpoints of the embedded AWS: what they answer, what they capture, and how an update that fails is taken back."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.delivery.emulator.conftest import REGION, Client

pytestmark = pytest.mark.e2e

ACCOUNT, BUCKET = "464646464646", "endpoints-files"
PLACE = f"s3://{BUCKET}"
IMAGE = "444444444444.dkr.ecr.eu-west-1.amazonaws.com/scoring:1"
SAMPLE = {"content_type": "text/csv", "accept": "application/json", "request": "1,2", "answer": '{"score": 0.9}'}


def _configure(sagemaker: Any, name: str, model: str, **more: Any) -> None:
    variant = {"VariantName": "all", "ModelName": model, "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
    sagemaker.create_endpoint_config(EndpointConfigName=name, ProductionVariants=[variant], **more)


@pytest.fixture(scope="module", name="sagemaker")
def _sagemaker(client: Client) -> Any:
    """A version with a sample, a model of it, one whose files are gone, and an endpoint that captures all."""
    s3, sagemaker = client("s3", ACCOUNT), client("sagemaker", ACCOUNT)
    s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_object(Bucket=BUCKET, Key="model.tar.gz", Body=b"weights")
    s3.put_object(Bucket=BUCKET, Key="samples.jsonl", Body=json.dumps(SAMPLE).encode())
    client("iam", ACCOUNT).create_role(RoleName="serving", AssumeRolePolicyDocument="{}")
    role = {"ExecutionRoleArn": f"arn:aws:iam::{ACCOUNT}:role/serving"}
    sagemaker.create_model_package_group(ModelPackageGroupName="scoring")
    for name, files in (("good", "model.tar.gz"), ("gone", "nowhere.tar.gz")):
        version = sagemaker.create_model_package(
            ModelPackageGroupName="scoring",
            SamplePayloadUrl=f"{PLACE}/samples.jsonl",
            InferenceSpecification={"Containers": [{"Image": IMAGE, "ModelDataUrl": f"{PLACE}/{files}"}]},
        )["ModelPackageArn"]
        sagemaker.create_model(ModelName=name, PrimaryContainer={"ModelPackageName": version}, **role)
    capture = {
        "EnableCapture": True,
        "InitialSamplingPercentage": 100,
        "DestinationS3Uri": f"{PLACE}/capture",
        "CaptureOptions": [{"CaptureMode": "InputAndOutput"}],
    }
    _configure(sagemaker, "first", "good", DataCaptureConfig=capture)
    _configure(sagemaker, "second", "good")
    _configure(sagemaker, "broken", "gone")
    sagemaker.create_endpoint(EndpointName="scoring", EndpointConfigName="first")
    return sagemaker


def test_an_endpoint_answers_what_the_samples_of_its_version_say(sagemaker: Any, client: Client) -> None:
    """Any other request is one that no container reads; of each answer a line of capture lies in the bucket at once."""
    runtime = client("sagemaker-runtime", ACCOUNT)
    asked = {"EndpointName": "scoring", "ContentType": "text/csv"}
    said = runtime.invoke_endpoint(**asked, Body=b"1,2")
    assert (said["ContentType"], json.loads(said["Body"].read())) == ("application/json", {"score": 0.9})
    with pytest.raises(ClientError, match=r"ModelError.*no sample"):
        runtime.invoke_endpoint(**asked, Body=b"nonsense")
    with pytest.raises(ClientError, match="Endpoint other of account 464646464646 not found"):
        runtime.invoke_endpoint(EndpointName="other", Body=b"1,2")
    s3 = client("s3", ACCOUNT)
    (kept,) = s3.list_objects_v2(Bucket=BUCKET, Prefix="capture/scoring/all/")["Contents"]
    line = json.loads(s3.get_object(Bucket=BUCKET, Key=kept["Key"])["Body"].read())
    assert {name: line["captureData"][name]["data"] for name in ("endpointInput", "endpointOutput")} == {
        "endpointInput": "1,2",
        "endpointOutput": '{"score": 0.9}',
    }


def test_an_update_that_cannot_serve_leaves_the_endpoint_as_it_was(sagemaker: Any, client: Client) -> None:
    """Where files are gone, and where an alarm of the deployment is raised; an endpoint that is new has failed."""
    cloudwatch = client("cloudwatch", ACCOUNT)
    cloudwatch.put_metric_alarm(
        AlarmName="errors",
        Namespace="AWS/SageMaker",
        MetricName="Invocation5XXErrors",
        ComparisonOperator="GreaterThanThreshold",
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=0,
    )
    deployment = {"DeploymentConfig": {"AutoRollbackConfiguration": {"Alarms": [{"AlarmName": "errors"}]}}}

    def update(configuration: str, state: str) -> tuple[str, str, str]:
        cloudwatch.set_alarm_state(AlarmName="errors", StateValue=state, StateReason="test")
        sagemaker.update_endpoint(EndpointName="scoring", EndpointConfigName=configuration, **deployment)
        found = sagemaker.describe_endpoint(EndpointName="scoring")
        return found["EndpointConfigName"], found["EndpointStatus"], found.get("FailureReason", "")

    why = f"broken was rolled back: Failed to download {PLACE}/nowhere.tar.gz"
    assert update("broken", "OK") == ("first", "InService", why)
    assert update("second", "ALARM") == ("first", "InService", "second was rolled back: alarm errors is raised")
    assert update("second", "OK") == ("second", "InService", "")
    assert update("first", "OK") == ("first", "InService", "")
    sagemaker.create_endpoint(EndpointName="new", EndpointConfigName="broken")
    assert sagemaker.describe_endpoint(EndpointName="new")["EndpointStatus"] == "Failed"


def test_what_serverless_inference_cannot_do_is_refused(sagemaker: Any) -> None:
    """A variant without instances goes with no capture."""
    with pytest.raises(ClientError, match="goes with no DataCaptureConfig"):
        sagemaker.create_endpoint_config(
            EndpointConfigName="serverless",
            ProductionVariants=[
                {
                    "VariantName": "all",
                    "ModelName": "good",
                    "ServerlessConfig": {"MemorySizeInMB": 2048, "MaxConcurrency": 1},
                }
            ],
            DataCaptureConfig={
                "InitialSamplingPercentage": 100,
                "DestinationS3Uri": f"{PLACE}/capture",
                "CaptureOptions": [{"CaptureMode": "Input"}],
            },
        )


def test_what_is_asked_without_waiting_is_answered_in_the_bucket(sagemaker: Any, client: Client) -> None:
    """An asynchronous request and a batch transform leave their answers, or why there is none, where they were told."""
    s3, runtime = client("s3", ACCOUNT), client("sagemaker-runtime", ACCOUNT)

    def read(uri: str) -> str:
        bucket, _, key = uri.removeprefix("s3://").partition("/")
        return str(s3.get_object(Bucket=bucket, Key=key)["Body"].read().decode())

    output = {"S3OutputPath": f"{PLACE}/answers", "S3FailurePath": f"{PLACE}/failures"}
    _configure(sagemaker, "asynchronous", "good", AsyncInferenceConfig={"OutputConfig": output})
    sagemaker.create_endpoint(EndpointName="letters", EndpointConfigName="asynchronous")
    for key, body in (("in/good.csv", b"1,2\n"), ("in/bad.csv", b"nonsense\n")):
        s3.put_object(Bucket=BUCKET, Key=key, Body=body)
    asked = {"EndpointName": "letters", "ContentType": "text/csv"}
    good = runtime.invoke_endpoint_async(**asked, InputLocation=f"{PLACE}/in/good.csv")
    bad = runtime.invoke_endpoint_async(**asked, InputLocation=f"{PLACE}/in/bad.csv")
    assert read(good["OutputLocation"]) == '{"score": 0.9}'
    assert "no sample" in read(bad["FailureLocation"])
    for name, prefix, status in (("one", "in/good.csv", "Completed"), ("all", "in/", "Failed")):
        sagemaker.create_transform_job(
            TransformJobName=name,
            ModelName="good",
            TransformInput={
                "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": f"{PLACE}/{prefix}"}},
                "ContentType": "text/csv",
                "SplitType": "Line",
            },
            TransformOutput={"S3OutputPath": f"{PLACE}/out"},
            TransformResources={"InstanceType": "ml.m5.large", "InstanceCount": 1},
        )
        assert sagemaker.describe_transform_job(TransformJobName=name)["TransformJobStatus"] == status
    assert read(f"{PLACE}/out/good.csv.out") == '{"score": 0.9}'


def test_a_job_definition_of_cloud_control_is_the_one_that_sagemaker_knows(sagemaker: Any, client: Client) -> None:
    """It watches an endpoint that captures, its members are SageMaker's, and it stays while a schedule uses it."""
    control, kind = client("cloudcontrol", ACCOUNT), "AWS::SageMaker::ModelQualityJobDefinition"
    cluster = {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 20}
    place = {"S3Output": {"S3Uri": f"{PLACE}/monitoring", "LocalPath": "/opt/ml/processing/output"}}
    wanted = {
        "JobDefinitionName": "quality",
        "RoleArn": f"arn:aws:iam::{ACCOUNT}:role/serving",
        "ModelQualityAppSpecification": {"ImageUri": IMAGE, "ProblemType": "Regression"},
        "ModelQualityJobInput": {
            "EndpointInput": {"EndpointName": "scoring", "LocalPath": "/opt/ml/processing/input"},
            "GroundTruthS3Input": {"S3Uri": f"{PLACE}/truth"},
        },
        "ModelQualityJobOutputConfig": {"MonitoringOutputs": [place]},
        "JobResources": {"ClusterConfig": cluster},
    }
    wrong: dict[str, Any] = {**wanted, "JobResources": {"ClusterConfig": {**cluster, "VolumeKey": "k"}}}
    with pytest.raises(ClientError, match="VolumeKey is unknown"):
        control.create_resource(TypeName=kind, DesiredState=json.dumps(wrong))
    made = control.create_resource(TypeName=kind, DesiredState=json.dumps(wanted))["ProgressEvent"]["Identifier"]
    found = sagemaker.describe_model_quality_job_definition(JobDefinitionName="quality")
    assert found["JobDefinitionArn"] == made
    config = {
        "ScheduleConfig": {"ScheduleExpression": "cron(0 * ? * * *)"},
        "MonitoringJobDefinitionName": "quality",
        "MonitoringType": "ModelQuality",
    }
    name = {"MonitoringScheduleName": "quality"}
    sagemaker.create_monitoring_schedule(**name, MonitoringScheduleConfig=config)
    (listed,) = sagemaker.list_monitoring_schedules(EndpointName="scoring")["MonitoringScheduleSummaries"]
    assert (listed["MonitoringScheduleStatus"], listed["MonitoringType"]) == ("Scheduled", "ModelQuality")
    with pytest.raises(ClientError, match="the schedule quality uses quality"):
        sagemaker.delete_model_quality_job_definition(JobDefinitionName="quality")
    sagemaker.delete_monitoring_schedule(**name)
    control.delete_resource(TypeName=kind, Identifier=made)
    with pytest.raises(ClientError, match="ResourceNotFound"):
        sagemaker.describe_model_quality_job_definition(JobDefinitionName="quality")
