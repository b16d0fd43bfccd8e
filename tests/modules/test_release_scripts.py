"""What the builds of a release decide by themselves: versions, plans, tools, answers."""

from __future__ import annotations

import ast
import hashlib
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from modules.ml_operations.release import tools
from modules.ml_operations.release.answers import differs
from modules.ml_operations.release.aws import Role
from modules.ml_operations.release.candidate import Candidate
from modules.ml_operations.release.checks import Checks
from modules.ml_operations.release.deploy import Deploy
from modules.ml_operations.release.errors import ReleaseError
from modules.ml_operations.release.override import lock, override
from modules.ml_operations.release.parameter import NONE
from modules.ml_operations.release.plan_rules import refusals
from modules.ml_operations.release.settings import Environment
from modules.ml_operations.release.verify import Demands, Endpoint
from modules.ml_operations.release.waiting import Patience
from modules.ml_operations.release_scripts import release_scripts

STACK: dict[str, Any] = {
    "terraform": {
        "backend": {"s3": {"bucket": "acme-prod-tfstate", "key": "serving.tfstate", "use_lockfile": True}},
        "required_providers": {"aws": {"source": "hashicorp/aws", "version": "5.100.0"}},
    },
    "provider": {"aws": [{"region": "eu-west-1", "assume_role": [{"role_arn": "plan"}]}]},
    "data": {"terraform_remote_state": {"network": {"backend": "s3", "config": {"bucket": "b", "key": "k"}}}},
}
DEPLOYER, KEEPER = Role("arn:deploy", "external", "release-1"), Role("arn:state", "external", "release-1")
VERSION = Candidate(
    "card-fraud", "fraud", "arn:2", "2", "s3://m/2/", "0" * 64, [], [], "dev/2", "lead", "run-2"
).served()
OLD = {**VERSION, "version": "1", "model_package_arn": "arn:1"}


def change(kind: str, *actions: str, before: Any = None, after: Any = None) -> dict[str, Any]:
    """A change of a plan, as `terraform show -json` has it."""
    return {
        "type": kind,
        "address": f"{kind}.x",
        "change": {"actions": list(actions), "before": before, "after": after},
    }


def refused(*changes: dict[str, Any], first: bool = False) -> list[str]:
    """Why a plan with these changes is no release."""
    return list(refusals({"resource_changes": list(changes)}, may_remove_endpoint=first))


def test_a_release_replaces_what_has_a_version_and_updates_the_endpoint() -> None:
    """Models and configurations are made anew, the endpoint stays; reading changes nothing."""
    assert not refused(
        change("aws_sagemaker_model", "create", "delete"),
        change("aws_sagemaker_endpoint_configuration", "delete", "create"),
        change("aws_sagemaker_endpoint", "update"),
        change("aws_iam_role", "no-op"),
        change("aws_ssm_parameter", "read"),
    )


@pytest.mark.parametrize(
    ("kind", "actions"),
    [
        ("aws_sagemaker_endpoint", ["delete"]),
        ("aws_sagemaker_endpoint", ["delete", "create"]),
        ("aws_s3_bucket", ["update"]),
        ("aws_iam_role_policy", ["create"]),
        ("aws_ssm_parameter", ["update"]),
        ("aws_sagemaker_pipeline", ["delete"]),
    ],
)
def test_what_is_more_than_a_release_is_refused(kind: str, actions: list[str]) -> None:
    """An endpoint is never removed or replaced, and nothing that a release does not know is touched."""
    assert refused(change(kind, *actions)) == [f"{kind}.x would see {' and '.join(sorted(actions))}"]


def test_the_endpoint_of_a_first_version_that_failed_may_go() -> None:
    """Nothing was served before it."""
    assert not refused(change("aws_sagemaker_endpoint", "delete"), first=True)


def test_cloud_control_changes_job_definitions_and_nothing_else() -> None:
    """Its Terraform type alone could be anything; so could an object: of objects only monitors' files change."""
    job, card = {"type_name": "AWS::SageMaker::ModelBiasJobDefinition"}, {"type_name": "AWS::SageMaker::ModelCard"}
    assert not refused(change("aws_cloudcontrolapi_resource", "delete", "create", before=job, after=job))
    assert refused(change("aws_cloudcontrolapi_resource", "update", before=card, after=card))
    assert not refused(change("aws_s3_object", "delete", before={"key": "stack/monitors/bias.json"}))
    own = {"key": "stack/cdk.tf.json"}
    for actions in (["create"], ["update"], ["delete"]):
        assert refused(change("aws_s3_object", *actions, before=own, after=own))


def test_terraform_works_as_the_roles_of_the_release() -> None:
    """The provider becomes the deployer, the backend and every read the keeper of states; the rest stays."""
    beside = override(STACK, deployer=DEPLOYER, keeper=KEEPER)
    assert beside["provider"] == {"aws": [{"assume_role": [DEPLOYER.block()]}]}
    assert beside["terraform"]["backend"]["s3"] == {
        "bucket": "acme-prod-tfstate",
        "key": "serving.tfstate",
        "use_lockfile": True,
        "assume_role": KEEPER.block(),
    }
    config = beside["data"]["terraform_remote_state"]["network"]["config"]
    assert config == {"bucket": "b", "key": "k", "assume_role": KEEPER.block()}


@pytest.mark.parametrize(
    "changed",
    [
        {"provider": {"aws": [{}, {"alias": "other"}]}},
        {"provider": {"aws": [{}], "random": [{}]}},
        {"terraform": {"backend": {"local": {}}}},
        {"data": {"terraform_remote_state": {"network": {"backend": "local", "config": {}}}}},
    ],
)
def test_a_stack_that_would_work_as_the_build_itself_is_refused(changed: dict[str, Any]) -> None:
    """Another provider, another backend, another read: none would take the roles of the release."""
    with pytest.raises(ReleaseError, match="the stack must"):
        override({**STACK, **changed}, deployer=DEPLOYER, keeper=KEEPER)


def test_the_provider_is_the_locked_one() -> None:
    """The lock file names its version and its hash, and no second hash."""
    text = lock(STACK, "h1:abc=")
    assert 'version     = "5.100.0"' in text
    assert 'hashes      = ["h1:abc="]' in text


class Parameter:
    """A version parameter that remembers what was put."""

    def __init__(self, released: Any) -> None:
        self.now, self.put_values, self.marked = released, list[str](), list[int]()

    def released(self) -> Any:
        return self.now

    def put(self, version: Any) -> int:
        self.put_values.append(version["version"])
        return len(self.put_values)

    def mark(self, put: int) -> None:
        self.marked.append(put)


class FakeTerraform:
    """Terraform whose plans are given, and whose applies may fail."""

    def __init__(self, *plans: list[dict[str, Any]], failing: int = 0) -> None:
        self.plans, self.failing, self.applied = list(plans), failing, 0

    def init(self) -> None:
        """Nothing to do."""

    def plan(self) -> dict[str, Any]:
        return {"resource_changes": self.plans.pop(0)}

    def apply(self) -> None:
        self.applied += 1
        if self.applied <= self.failing:
            raise ReleaseError("terraform apply failed")


UPDATE = [change("aws_sagemaker_endpoint", "update")]


def deploy(parameter: Any, terraform: Any) -> None:
    """Release VERSION."""
    Deploy(parameter, terraform, wait=lambda: None, attempts=2).run(VERSION)


def test_a_version_that_is_applied_whole_is_marked_as_released() -> None:
    """The second plan is empty: what was planned is in use."""
    parameter = Parameter(OLD)
    deploy(parameter, FakeTerraform(UPDATE, []))
    assert (parameter.put_values, parameter.marked) == (["2"], [1])


def test_a_plan_that_is_no_release_changes_nothing() -> None:
    """The parameter is put back before anything was applied."""
    parameter, terraform = Parameter(OLD), FakeTerraform([change("aws_sagemaker_endpoint", "delete", "create")])
    with pytest.raises(ReleaseError, match="this is no release"):
        deploy(parameter, terraform)
    assert (parameter.put_values, parameter.marked, terraform.applied) == (["2", "1"], [2], 0)


def test_a_failed_apply_goes_back_to_what_was_released_last() -> None:
    """The former version is put, applied and marked, and the build fails and says what is in use."""
    parameter = Parameter(OLD)
    with pytest.raises(ReleaseError, match="In use now is version 1"):
        deploy(parameter, FakeTerraform(UPDATE, UPDATE, [], failing=1))
    assert (parameter.put_values, parameter.marked) == (["2", "1"], [2])


def test_an_endpoint_that_sagemaker_rolled_back_has_failed() -> None:
    """Terraform applied without an error, and would change the same again."""
    parameter = Parameter(OLD)
    with pytest.raises(ReleaseError, match=r"rolled it back[\s\S]*In use now is version 1"):
        deploy(parameter, FakeTerraform(UPDATE, UPDATE, UPDATE, []))


def test_going_back_is_tried_again() -> None:
    """SageMaker takes no update while an alarm is on: not at once, and a little later."""
    parameter = Parameter(OLD)
    with pytest.raises(ReleaseError, match="In use now is version 1"):
        deploy(parameter, FakeTerraform(UPDATE, UPDATE, UPDATE, UPDATE, UPDATE, []))
    assert (parameter.put_values, parameter.marked) == (["2", "1"], [2])


def test_a_release_that_cannot_go_back_says_what_to_do_and_marks_nothing() -> None:
    """Both errors are told."""
    parameter = Parameter(NONE)
    with pytest.raises(ReleaseError, match=r"Going back to no version, as before failed, too[\s\S]*by hand"):
        deploy(parameter, FakeTerraform(UPDATE, UPDATE, UPDATE, failing=3))
    assert parameter.marked == []


@pytest.mark.parametrize(
    ("expected", "actual"),
    [("0.25", "0.2500001"), ("a,0.5\nb,0.25", "a,0.5\nb,0.25\n"), ('{"score": 1}', '{"score": 1.0000001}')],
)
def test_the_same_answer_in_other_words_is_the_same(expected: str, actual: str) -> None:
    """Numbers may be rounded otherwise, and space between values says nothing."""
    assert differs(expected, actual, 0.001) is None


@pytest.mark.parametrize(
    ("expected", "actual"),
    [("0.25", "0.26"), ("0.25", "nan"), ("a", "b"), ("1,2", "1"), ('{"ok": true}', '{"ok": 1}'), ('["1"]', "[1]")],
)
def test_another_answer_differs(expected: str, actual: str) -> None:
    """Beyond the tolerance, of another kind, or of another length."""
    assert differs(expected, actual, 0.001)


class Bucket:
    """S3 with one bucket."""

    class exceptions:  # as boto3 spells it
        """Errors of the client."""

        class NoSuchKey(Exception):
            """There is no such object."""

    def __init__(self, **objects: bytes) -> None:
        self.objects = objects

    def get_object(self, Bucket: str, Key: str) -> dict[str, io.BytesIO]:
        if Key not in self.objects:
            raise self.exceptions.NoSuchKey
        return {"Body": io.BytesIO(self.objects[Key])}

    def download_file(self, bucket: str, key: str, target: str) -> None:
        Path(target).write_bytes(self.objects[key])

    def get_paginator(self, _operation: str) -> Bucket:
        return self

    def paginate(self, Bucket: str, Prefix: str) -> list[dict[str, list[dict[str, str]]]]:
        return [{"Contents": [{"Key": key} for key in self.objects if key.startswith(Prefix)]}]


def _terraform() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(zipfile.ZipInfo("terraform"), "#!/bin/sh\n")  # without a time: the same bytes each time
    return buffer.getvalue()


def test_tools_come_from_the_bucket_and_from_nowhere_else(tmp_path: Path) -> None:
    """Terraform can be executed, and its configuration names the mirror alone."""
    archive = _terraform()
    objects = Bucket(**{tools.TERRAFORM: archive, f"{tools.PROVIDERS}registry.terraform.io/x.zip": b"zip"})
    found = tools.fetch(objects, "b", tmp_path, terraform_sha256=hashlib.sha256(archive).hexdigest())
    assert found.terraform.stat().st_mode & 0o100
    text = found.configuration.read_text()
    assert str(tmp_path / "providers") in text
    assert "direct" not in text


@pytest.mark.parametrize(
    ("objects", "words"),
    [
        ({}, "is not there"),
        ({tools.TERRAFORM: b"other"}, "is pinned"),
        ({tools.TERRAFORM: _terraform()}, "no provider lies"),
        ({tools.TERRAFORM: _terraform(), f"{tools.PROVIDERS}../x": b""}, "outside"),
    ],
)
def test_other_tools_are_refused(objects: dict[str, bytes], words: str, tmp_path: Path) -> None:
    """Missing, changed, without providers, or with one that would be written elsewhere; each is told."""
    with pytest.raises(ReleaseError, match=words):
        tools.fetch(Bucket(**objects), "b", tmp_path, terraform_sha256=hashlib.sha256(_terraform()).hexdigest())


class Runtime:
    """SageMaker's runtime with a model that answers everything alike."""

    class exceptions:  # as boto3 spells it
        """Errors of the client."""

        class ModelError(Exception):
            """The container answered with an error."""

    def invoke_endpoint(self, **_request: Any) -> dict[str, io.BytesIO]:
        return {"Body": io.BytesIO(b"0.25")}


def test_a_test_makes_every_check_and_tells_all_that_failed(tmp_path: Path) -> None:
    """A model that answers nonsense, captures nothing, and is right by chance: two of four checks fail."""
    demands = Demands(0.001, 1000, capture=True)
    endpoint = Endpoint(Runtime(), Bucket(), "e", "b", "capture/", demands, Patience(0, 0), "run")
    sample = {"content_type": "text/csv", "accept": "text/csv", "request": "1", "answer": "0.25"}
    checks = endpoint.test([sample])
    assert [check.name for check in checks.failed] == ["a malformed request is refused", "requests are captured"]
    candidate = Candidate("p", "t", "arn", "2", "s3://m/", "0", [], [], "d", "l", "run")
    checks.write(tmp_path, candidate, "test", "run")
    assert json.loads((tmp_path / "integration.json").read_text())["passed"] is False


def test_a_test_without_a_check_has_not_passed(tmp_path: Path) -> None:
    """Nothing asked is nothing shown."""
    Checks().write(tmp_path, Candidate("p", "t", "arn", "2", "s3://m/", "0", [], [], "d", "l", "run"), "test", "run")
    assert json.loads((tmp_path / "integration.json").read_text())["passed"] is False


def test_a_variable_that_is_missing_is_named() -> None:
    """A build works with nothing that it was not told."""
    with pytest.raises(ReleaseError, match="REGION"):
        Environment({})["REGION"]
    with pytest.raises(ReleaseError, match="no number"):
        Environment({"TOLERANCE": "much"}).number("TOLERANCE")


def test_the_archive_holds_all_that_its_packages_import() -> None:
    """Nothing of this repository is missing in it, and nothing but boto3 and Python is needed beside it."""
    with zipfile.ZipFile(io.BytesIO(release_scripts().content)) as archive:
        sources = {name: archive.read(name).decode() for name in archive.namelist()}
    wanted = {
        module
        for source in sources.values()
        for node in ast.walk(ast.parse(source))
        for module in (
            [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else [each.name for each in node.names]
            if isinstance(node, ast.Import)
            else []
        )
    }
    ours = {module for module in wanted if module.startswith("modules")}
    files = {module.replace(".", "/") for module in ours}
    missing = {file for file in files if f"{file}.py" not in sources and f"{file}/__init__.py" not in sources}
    assert not missing
    assert {module.partition(".")[0] for module in wanted - ours} & {"cdktf", "constructs", "pydantic"} == set()
