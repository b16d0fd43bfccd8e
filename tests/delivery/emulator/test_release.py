"""A release, as its builds run it: the real Terraform, the stack's published bytes, on the embedded AWS."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from delivery.emulator import Emulator, override
from delivery.mirror import cli_config
from modules.core.naming import Naming
from modules.foundations.network.contract import SpokeContract
from modules.ml_operations import layout, names
from modules.ml_operations.release import tools
from modules.ml_operations.release.__main__ import main
from modules.ml_operations.release.candidate import Candidate
from modules.ml_operations.release_settings import ToolsSettings
from tests.delivery.emulator.test_applied_stacks import REGION, Terraform
from tests.support.rendering import render
from tests.support.served import operate, serve, served

pytestmark = pytest.mark.e2e

ACCOUNT, PROJECT, MODELS, STATES = "111111111111", "card-fraud", "acme-prod-ml-models", "acme-prod-tfstate"
NAMING = Naming("acme", "test", "fraud-test", ACCOUNT, "aws", REGION)
GROUP = "acme-prod-fraud-card-fraud"
SAMPLE = {"content_type": "text/csv", "accept": "text/csv", "request": "1,2,3", "answer": "0.25"}


class World:
    """An account that is all accounts: central versions, the stacks of one served model, and variables of builds."""

    def __init__(self, emulator: Emulator, work: Path) -> None:
        self.emulator, self.work = emulator, work
        self.environment = {**os.environ, **emulator.environment(), "TF_IN_AUTOMATION": "1", "TF_INPUT": "0"}
        self.config = cli_config(work / "cli")
        if self.config is not None:
            self.environment["TF_CLI_CONFIG_FILE"] = str(self.config)
        self.key = self.client("kms").create_key()["KeyMetadata"]["Arn"]
        for bucket in (MODELS, STATES):
            place = {"LocationConstraint": REGION}
            self.client("s3").create_bucket(Bucket=bucket, CreateBucketConfiguration=place)
        self.client("dynamodb").create_table(
            TableName="acme-prod-model-releases",
            BillingMode="PAY_PER_REQUEST",
            KeySchema=[
                {"AttributeName": name, "KeyType": kind} for name, kind in (("project", "HASH"), ("account", "RANGE"))
            ],
            AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("account", "project")],
        )
        self._roles()
        self._stacks()
        self.client("sagemaker").create_model_package_group(ModelPackageGroupName=GROUP)

    def client(self, service: str) -> Any:
        """A client of the account."""
        keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test", "region_name": REGION}
        return boto3.client(service, endpoint_url=self.emulator.endpoint, **keys)

    def alarms(self, state: str) -> None:
        """Bring every alarm of the endpoint into this state."""
        cloudwatch = self.client("cloudwatch")
        prefix = f"{names.endpoint(NAMING, PROJECT)}-"
        for alarm in cloudwatch.describe_alarms(AlarmNamePrefix=prefix)["MetricAlarms"]:
            cloudwatch.set_alarm_state(AlarmName=alarm["AlarmName"], StateValue=state, StateReason="test")

    def version(self, number: int) -> str:
        """A central version as it is promoted and approved."""
        files, s3 = f"models/fraud/{PROJECT}/{number}/", self.client("s3")
        manifest = json.dumps({"source": number}).encode()
        content = {
            "metrics/evaluation.json": b"{}",
            "model/model.tar.gz": b"weights",
            "samples/samples.jsonl": json.dumps(SAMPLE).encode(),
            "manifest.json": manifest,
        }
        for name, body in content.items():
            s3.put_object(Bucket=MODELS, Key=files + name, Body=body)
        container = {
            "Image": f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/scoring@sha256:{str(number) * 64}",
            "ModelDataUrl": f"s3://{MODELS}/{files}model/model.tar.gz",
        }
        arn: str = self.client("sagemaker").create_model_package(
            ModelPackageGroupName=GROUP,
            ModelApprovalStatus="Approved",
            SamplePayloadUrl=f"s3://{MODELS}/{files}samples/samples.jsonl",
            Domain="MACHINE_LEARNING",
            Task="CLASSIFICATION",
            CustomerMetadataProperties={
                layout.SOURCE_VERSION: f"dev/{number}",
                layout.APPROVED_BY: "lead",
                layout.MANIFEST_HASH: hashlib.sha256(manifest).hexdigest(),
                layout.FILES: f"s3://{MODELS}/{files}",
            },
            InferenceSpecification={
                "Containers": [container],
                "SupportedContentTypes": ["text/csv"],
                "SupportedResponseMIMETypes": ["text/csv"],
            },
        )["ModelPackageArn"]
        return arn

    def variables(self, arn: str, folder: Path) -> dict[str, str]:
        """What the stack `release` tells builds of the stage test, and CodeBuild beside it."""
        role = f"arn:aws:iam::{ACCOUNT}:role/acme-test-"
        return {
            **self.emulator.environment(),
            "ACCOUNT": "fraud-test",
            "CANDIDATE": "prepared",
            "CAPTURE_PREFIX": names.CAPTURE,
            "CODEBUILD_SRC_DIR_prepared": str(folder / "out"),
            "DEPLOY_ROLE": f"{role}deploy--{PROJECT}",
            "ENDPOINT": names.endpoint(NAMING, PROJECT),
            "EXECUTION_ID": f"run-{arn.rpartition('/')[2]}",
            "EXTERNAL_ID": "acme-mlgov-delivery",
            "LATENCY_MS": "5000",
            "MODE": "real-time",
            "MODELS_BUCKET": MODELS,
            "MODEL_GROUP_ARN": f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:model-package-group/{GROUP}",
            "MODEL_PACKAGE_ARN": arn,
            "PATIENCE_SECONDS": "5",
            "PLACE": "test",
            "PROJECT": PROJECT,
            "PROVIDER_HASH": ToolsSettings().provider_hash,
            "REGION": REGION,
            "RELEASES_TABLE": "acme-prod-model-releases",
            "SERVING_BUCKET": f"acme-test-serving--{PROJECT}",
            "STACK_KEY": names.STACK_FILE,
            "STATE_ROLE": f"{role}release-state",
            "TARGET": "is_fraud",
            "TEAM": "fraud",
            "TERRAFORM_SHA256": "-",
            "TOLERANCE": "0.001",
            "TOOLS_BUCKET": "acme-prod-ml-artifacts",
            "VERIFY_ROLE": f"{role}verify--{PROJECT}",
            "VERSION_PARAMETER": names.version_parameter(NAMING, PROJECT),
        }

    def endpoint(self) -> dict[str, Any]:
        """What SageMaker says of the endpoint, and of the model behind it."""
        sagemaker = self.client("sagemaker")
        found = sagemaker.describe_endpoint(EndpointName=names.endpoint(NAMING, PROJECT))
        config = sagemaker.describe_endpoint_config(EndpointConfigName=found["EndpointConfigName"])
        model = sagemaker.describe_model(ModelName=config["ProductionVariants"][0]["ModelName"])
        container = model.get("PrimaryContainer") or model["Containers"][0]
        return {**found, "package": container["ModelPackageName"]}

    def parameter(self) -> dict[str, Any]:
        """The version parameter, as it was released last."""
        name = f"{names.version_parameter(NAMING, PROJECT)}:released"
        found: dict[str, Any] = json.loads(self.client("ssm").get_parameter(Name=name)["Parameter"]["Value"])
        return found

    def recorded(self) -> dict[str, str]:
        """The row of the table of releases."""
        (item,) = self.client("dynamodb").scan(TableName="acme-prod-model-releases")["Items"]
        return {name: value["S"] for name, value in item.items()}

    def _roles(self) -> None:
        iam = self.client("iam")
        statement = {"Effect": "Allow", "Principal": {"Service": "sagemaker.amazonaws.com"}, "Action": "sts:AssumeRole"}
        for what in ("fraud-serving", "fraud-pipeline"):
            trust = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
            iam.create_role(RoleName=NAMING.name(what), AssumeRolePolicyDocument=trust)
        nothing = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}]}
        iam.create_policy(PolicyName="boundary", PolicyDocument=json.dumps(nothing))

    def _network(self) -> SpokeContract:
        ec2 = self.client("ec2")
        vpc = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
        subnets = [ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.9.{n}.0/24")["Subnet"]["SubnetId"] for n in range(2)]
        group = ec2.create_security_group(GroupName="workload", Description="workload", VpcId=vpc)["GroupId"]
        return SpokeContract(
            attachment_id="tgw-attach-1", vpc_id=vpc, private_subnet_ids=subnets, workload_security_group_id=group
        )

    def _stacks(self) -> None:
        settings = served("real-time", "test")
        backend = {"s3": {"bucket": STATES, "key": "serving.tfstate", "region": REGION, "use_lockfile": True}}
        operations = render(lambda scope: operate(scope, settings, naming=NAMING, key=self.key)).document
        del operations["resource"]["aws_s3_bucket_lifecycle_configuration"]  # the provider waits a minute for each
        network = self._network()
        serving = render(lambda scope: serve(scope, settings, naming=NAMING, key=self.key, network=network)).document
        for name, document, kept in (("operations", operations, {}), ("serving", serving, {"backend": backend})):
            document["provider"] = {"aws": [{"region": REGION}]}
            required = {"aws": {"source": "hashicorp/aws", "version": "5.100.0"}}
            document["terraform"] = {"required_providers": required, **kept}
            folder = self.work / name
            folder.mkdir()
            (folder / "cdk.tf.json").write_text(json.dumps(document), encoding="utf-8")
            (folder / "beside_override.tf.json").write_text(json.dumps(override(document)), encoding="utf-8")
            Terraform(folder, self.environment).run("apply", "-auto-approve")


@pytest.fixture(name="world", scope="module")
def _world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    if shutil.which("terraform") is None:
        pytest.skip("terraform is not on PATH: run `make terraform` and put .mlgov/bin on PATH")
    work = tmp_path_factory.mktemp("release")
    with Emulator(work / "emulator.log", management_account=ACCOUNT, region=REGION) as emulator:
        yield World(emulator, work)


@pytest.fixture(name="run")
def _run(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """`run(arn, *verbs)`: the builds of a release of that version, each with the exit code that it ends with."""
    found = shutil.which("terraform")
    assert found is not None
    here = tools.Tools(Path(found), world.config or Path(os.environ["TF_CLI_CONFIG_FILE"]))
    # The tools are this machine's: 160 MB are not put into a bucket to be fetched again (test_release_tools.py).
    monkeypatch.setattr(tools, "fetch", lambda *_, **__: here)
    monkeypatch.chdir(tmp_path)

    def run(arn: str, *verbs: str) -> list[int]:
        variables = world.variables(arn, tmp_path)
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        return [main([verb], variables) for verb in verbs]

    return run


def test_versions_are_released_in_place_and_one_that_fails_is_taken_back(
    world: World, run: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Version 1 comes and answers, version 2 takes its place in the same endpoint, version 3 sets off an alarm.

    Parameter, record and endpoint say the same after each.
    """
    first = world.version(1)
    assert run(first, "prepare", "deploy", "verify") == [0, 0, 0], capsys.readouterr().err
    before = world.endpoint()
    assert (before["EndpointStatus"], before["package"]) == ("InService", first)
    result = json.loads(Path("out/integration.json").read_text())
    assert result["passed"]
    assert [check["name"] for check in result["checks"]] == [
        "sample 1",
        "a malformed request is refused",
        "latency",
        "requests are captured",
    ]

    second = world.version(2)
    assert run(second, "prepare", "deploy") == [0, 0], capsys.readouterr().err
    after = world.endpoint()
    assert (after["CreationTime"], after["package"]) == (before["CreationTime"], second)
    assert after["EndpointConfigName"] != before["EndpointConfigName"]

    third = world.version(3)
    world.alarms("ALARM")
    monkeypatch.setattr(time, "sleep", lambda _: world.alarms("OK"))  # while the build waits the alarms go out
    capsys.readouterr()
    assert run(third, "prepare", "deploy") == [0, 1]
    said = capsys.readouterr().err
    assert "SageMaker has rolled it back" in said
    assert "In use now is version 2" in said
    left = world.endpoint()
    assert (left["EndpointStatus"], left["package"]) == ("InService", second)
    assert (world.parameter()["version"], world.parameter()["model_package_arn"]) == ("2", second)
    assert {key: world.recorded()[key] for key in ("version", "previous", "account")} == {
        "version": "2",
        "previous": first,
        "account": "fraud-test",
    }


def test_a_version_that_was_rejected_meanwhile_is_not_deployed(
    world: World, run: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    """Days may pass at an approval: each deployment asks the registry again."""
    arn = world.version(4)
    assert run(arn, "prepare") == [0], capsys.readouterr().err
    world.client("sagemaker").update_model_package(ModelPackageArn=arn, ModelApprovalStatus="Rejected")
    assert run(arn, "deploy") == [1]
    assert "is Rejected" in capsys.readouterr().err
    assert Candidate.read(Path("out")).model_package_arn == arn
