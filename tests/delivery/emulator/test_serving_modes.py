"""What serves models, in all four modes, applied by the real Terraform: versions come, go and come back."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import boto3
import pytest
from constructs import Construct

from delivery.emulator import Emulator, override
from delivery.mirror import cli_config
from modules.core.naming import Naming
from modules.foundations.network.contract import SpokeContract
from modules.ml_operations import names
from modules.ml_operations.layout import ServedVersion
from modules.ml_operations.serving_settings import ServedAs
from tests.delivery.emulator.test_applied_stacks import REGION, Terraform
from tests.support.rendering import render
from tests.support.served import MODES, operate, serve, served

pytestmark = pytest.mark.e2e

ACCOUNT = "111111111111"
NAMING = Naming("acme", "prod", "fraud-prod", ACCOUNT, "aws", REGION)
SETTINGS = {project: served(mode) for mode, project in MODES.items()}
ENDPOINTS = sorted(names.endpoint(NAMING, project) for project, each in SETTINGS.items() if each.has_endpoint)


class Served:
    """An emulator with what models need, and Terraform in the two stacks of four projects."""

    def __init__(self, emulator: Emulator, work: Path) -> None:
        self._emulator = emulator
        key = self.client("kms").create_key()["KeyMetadata"]["Arn"]
        network = self._network()
        self._roles()
        self.packages = self._packages()
        environment = {**os.environ, **emulator.environment(), "TF_IN_AUTOMATION": "1", "TF_INPUT": "0"}
        if config := cli_config(work / "cli"):
            environment["TF_CLI_CONFIG_FILE"] = str(config)

        def place(name: str, put: Callable[[Construct, str], object]) -> Terraform:
            document = render(lambda scope: [put(scope, project) for project in SETTINGS]).document
            # The provider waits a minute for each of these; the main job's test applies them.
            document["resource"].pop("aws_s3_bucket_lifecycle_configuration", None)
            document["provider"] = {"aws": [{"region": REGION}]}
            document.setdefault("terraform", {})["required_providers"] = {"aws": {"source": "hashicorp/aws"}}
            folder = work / name
            folder.mkdir(exist_ok=True)
            (folder / "cdk.tf.json").write_text(json.dumps(document), encoding="utf-8")
            (folder / "mlgov_override.tf.json").write_text(json.dumps(override(document)), encoding="utf-8")
            return Terraform(folder, environment)

        def placed(served_as: Mapping[str, ServedAs]) -> Terraform:
            return place(
                "serving",
                lambda scope, project: serve(
                    scope, served_as[project], naming=NAMING, key=key, network=network, project=project
                ),
            )

        self._placed, self.serving = placed, placed(SETTINGS)
        self.operations = place(
            "operations", lambda scope, each: operate(scope, SETTINGS[each], naming=NAMING, key=key)
        )
        self.operations.run("apply", "-auto-approve")

    def client(self, service: str) -> Any:
        """A client of the account."""
        keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test", "region_name": REGION}
        return boto3.client(service, endpoint_url=self._emulator.endpoint, **keys)

    def serve_as(self, served_as: Mapping[str, ServedAs]) -> str:
        """Apply what serves with other settings, as people do; what Terraform printed."""
        self.serving = self._placed(served_as)
        return self.serving.run("apply", "-auto-approve", "-no-color").stdout

    def release(self, version: int) -> str:
        """Set the parameters as a release does, and apply what they say; what Terraform printed."""
        served_version = ServedVersion(
            model_package_arn=self.packages[version - 1],
            version=str(version),
            files=f"s3://acme-models/{version}/",
            passport="a" * 64,
            baselines=[],
            columns=[],
        )
        for project in MODES.values():
            self.client("ssm").put_parameter(
                Name=names.version_parameter(NAMING, project), Value=json.dumps(served_version), Overwrite=True
            )
        return self.serving.run("apply", "-auto-approve", "-no-color").stdout

    def unchanged(self) -> bool:
        """Whether a plan of what serves finds nothing to do."""
        return self.serving.run("plan", "-detailed-exitcode").returncode == 0

    def endpoints(self) -> dict[str, dict[str, Any]]:
        """What SageMaker says of each endpoint, by name."""
        sagemaker = self.client("sagemaker")
        found = sorted(each["EndpointName"] for each in sagemaker.list_endpoints()["Endpoints"])
        return {name: sagemaker.describe_endpoint(EndpointName=name) for name in found}

    def _network(self) -> SpokeContract:
        ec2 = self.client("ec2")
        vpc = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
        subnets = [ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.9.{n}.0/24")["Subnet"]["SubnetId"] for n in range(2)]
        group = ec2.create_security_group(GroupName="workload", Description="workload", VpcId=vpc)["GroupId"]
        return SpokeContract(
            attachment_id="tgw-attach-1", vpc_id=vpc, private_subnet_ids=subnets, workload_security_group_id=group
        )

    def _roles(self) -> None:
        iam = self.client("iam")
        statement = {"Effect": "Allow", "Principal": {"Service": "sagemaker.amazonaws.com"}, "Action": "sts:AssumeRole"}
        for what in ("fraud-serving", "fraud-pipeline"):
            trust = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
            iam.create_role(RoleName=NAMING.name(what), AssumeRolePolicyDocument=trust)
        nothing = {"Effect": "Deny", "Action": "*", "Resource": "*"}
        iam.create_policy(
            PolicyName="boundary", PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [nothing]})
        )

    def _packages(self) -> list[str]:
        s3, sagemaker = self.client("s3"), self.client("sagemaker")
        s3.create_bucket(Bucket="acme-models", CreateBucketConfiguration={"LocationConstraint": REGION})
        sagemaker.create_model_package_group(ModelPackageGroupName="acme-prod-fraud-card-fraud")
        arns = []
        for version in (1, 2):
            s3.put_object(Bucket="acme-models", Key=f"{version}/model.tar.gz", Body=b"weights")
            image = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/scoring@sha256:{str(version) * 64}"
            container = {"Image": image, "ModelDataUrl": f"s3://acme-models/{version}/model.tar.gz"}
            arns.append(
                sagemaker.create_model_package(
                    ModelPackageGroupName="acme-prod-fraud-card-fraud",
                    ModelApprovalStatus="Approved",
                    InferenceSpecification={
                        "Containers": [container],
                        "SupportedContentTypes": ["text/csv"],
                        "SupportedResponseMIMETypes": ["text/csv"],
                    },
                )["ModelPackageArn"]
            )
        return arns


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The stacks `operations` applied, on an emulator of their own."""
    if shutil.which("terraform") is None:
        pytest.skip("terraform is not on PATH: run `make terraform` and put .mlgov/bin on PATH")
    work = tmp_path_factory.mktemp("served")
    with Emulator(work / "emulator.log", management_account=ACCOUNT, region=REGION) as emulator:
        yield Served(emulator, work)


def test_versions_come_and_go_in_every_mode(world: Served) -> None:
    """Nothing stands at first; a version comes, the next replaces its parts in place, the first comes back.

    After each the second plan is empty, and the stack's own bytes lie in the bucket of each model.
    """
    assert "7 added, 0 changed, 0 destroyed" in world.serving.run("apply", "-auto-approve", "-no-color").stdout
    assert world.unchanged()
    assert not world.endpoints()

    assert "0 changed, 0 destroyed" in world.release(1)
    assert world.unchanged()
    first = world.endpoints()
    assert sorted(first) == ENDPOINTS
    assert {each["EndpointStatus"] for each in first.values()} == {"InService"}
    kept = world.client("s3").get_object(Bucket="acme-prod-serving--churn", Key=names.STACK_FILE)["Body"].read()
    assert b"aws_sagemaker_endpoint" in kept

    # A model for each, a configuration for each with an endpoint; those of the first version go.
    assert "7 added, 4 changed, 7 destroyed" in world.release(2)
    assert world.unchanged()
    second = world.endpoints()
    assert all(second[name]["CreationTime"] == first[name]["CreationTime"] for name in ENDPOINTS)
    assert all(second[name]["EndpointConfigName"] != first[name]["EndpointConfigName"] for name in ENDPOINTS)

    assert "7 added, 4 changed, 7 destroyed" in world.release(1)
    configs = {each["EndpointConfigName"] for each in world.endpoints().values()}
    assert not configs & {each["EndpointConfigName"] for each in (*first.values(), *second.values())}


def test_another_mode_makes_the_endpoint_anew(world: Served) -> None:
    """AWS updates none from mode to mode: Terraform says that it replaces it, and finds nothing to do afterwards."""
    name = names.endpoint(NAMING, MODES["real-time"])
    before = world.endpoints()[name]
    told = world.serve_as(SETTINGS | {MODES["real-time"]: served("asynchronous")})
    after = world.endpoints()[name]
    assert "sagemaker_endpoint" in told
    assert "AsyncInferenceConfig" not in before
    assert after["AsyncInferenceConfig"]
    assert after["CreationTime"] > before["CreationTime"]
    assert world.unchanged()
