"""The commands of the stages: they are those that the package has, and their exit codes tell what went wrong."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import Any

import boto3
import pytest
import yaml
from botocore.exceptions import ClientError

from ml_pipeline import __main__ as command
from ml_pipeline.settings import VARIABLE

ROOT = Path(__file__).parent.parent


class Client:
    """AWS, as far as the stage Build needs it: remembers what it was asked."""

    class exceptions:
        """As boto3's client has them."""

        ResourceNotFound = ClientError

    def __init__(self) -> None:
        self.asked: dict[str, list[dict[str, Any]]] = {}

    def __getattr__(self, operation: str) -> Any:
        def answer(**request: Any) -> dict[str, str]:
            self.asked.setdefault(operation, []).append(request)
            return {"PipelineArn": "arn:pipeline", "PipelineExecutionArn": "arn:execution"}

        return answer


@pytest.mark.parametrize("stage", ["build", "register"])
def test_stages_call_commands_that_exist(stage: str) -> None:
    """Seam 4: a buildspec names no verb and no option that the package does not have."""
    phases = yaml.safe_load((ROOT / f"buildspec-{stage}.yml").read_text())["phases"]
    commands = [shlex.split(each) for phase in phases.values() for each in phase["commands"]]
    [ours] = [each[3:] for each in commands if each[:3] == [".venv/bin/python", "-m", "ml_pipeline"]]
    assert command.arguments().parse_args(ours).verb == stage


def test_without_settings_the_stage_ends_with_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 2, and a sentence instead of a traceback."""
    monkeypatch.delenv(VARIABLE, raising=False)
    assert command.main(["definition", "--commit", "abc"]) == 2
    assert capsys.readouterr().err.startswith("error: the environment variable PROJECT_SETTINGS is not set")


def test_build_leaves_what_register_waits_for(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, document: dict[str, Any]
) -> None:
    """The code is there before the pipeline is changed, the run has the name given, the file says which it is."""
    client = Client()
    monkeypatch.setenv(VARIABLE, json.dumps(document))
    session = command.PipelineSession(boto3.Session(region_name="eu-west-1"))  # with clients that nobody asks
    monkeypatch.setattr(command, "PipelineSession", lambda _: session)
    monkeypatch.setattr("boto3.Session.client", lambda *_, **__: client)
    place = tmp_path / "execution.json"
    assert command.main(["build", "--commit", "abc", "--run", "run-1", "--execution", str(place)]) == 0
    assert json.loads(place.read_text()) == {"pipeline_execution_arn": "arn:execution", "commit": "abc"}
    asked = ["put_object", "describe_pipeline", "update_pipeline", "add_tags", "start_pipeline_execution"]
    assert list(client.asked) == asked
    assert client.asked["start_pipeline_execution"][0]["PipelineParameters"] == [{"Name": "Run", "Value": "run-1"}]


def test_a_run_that_failed_ends_register_with_its_reason(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, document: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 1."""

    def fail(*_: Any) -> None:
        raise command.ReleaseError("the model misses the gate")

    monkeypatch.setenv(VARIABLE, json.dumps(document))
    monkeypatch.setattr(command, "wait", fail)
    place = tmp_path / "execution.json"
    place.write_text(json.dumps({"pipeline_execution_arn": "arn:execution", "commit": "abc"}))
    assert command.main(["register", "--execution", str(place)]) == 1
    assert capsys.readouterr().err == "error: the model misses the gate\n"
