"""What CodeBuild does for a release: the scripts, the variables and the role that were applied."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from tests.e2e.world import World
from tests.support.release_story import PIPELINE, Story


@dataclass(frozen=True)
class Built:
    """How a build ended; `artifacts` is the folder that it hands on, by name of a file."""

    code: int
    said: str
    artifacts: Path

    def json(self, name: str) -> Any:
        """A file that it handed on."""
        return json.loads((self.artifacts / name).read_text(encoding="utf-8"))


class Builds:
    """The builds of one execution of the pipeline, in a folder of theirs.

    Guarantees: code, variables, role and artefacts of a build are those that CodePipeline would give it.
    """

    def __init__(self, world: World, story: Story, place: Path, execution: str) -> None:
        self._world, self._story, self._place, self._execution = world, story, place, execution
        self._artifacts: dict[str, Path] = {}
        code = (
            story.flow.client(story.release, "s3").get_object(Bucket=PIPELINE, Key="source/release.zip")["Body"].read()
        )
        with zipfile.ZipFile(BytesIO(code)) as scripts:
            scripts.extractall(place / "source")

    def run(self, action: str, **changed: str) -> Built:
        """Run the action of this name; `changed` are variables that are not as they were applied."""
        told = self._action(action)
        project = self._project(told["configuration"]["ProjectName"])
        variables = {each["name"]: each["value"] for each in project["environment"]["environmentVariables"]}
        given = self._story.flow.credentials(project["serviceRole"], "build")
        values = self._variables()
        for each in json.loads(told["configuration"]["EnvironmentVariables"]):
            variables[each["name"]] = values[each["value"]]
        for name in (each["name"] for each in told["inputArtifacts"]):
            if name in self._artifacts:
                variables[f"CODEBUILD_SRC_DIR_{name}"] = str(self._artifacts[name])
        folder = self._place / action
        folder.mkdir(exist_ok=True)
        command = next(
            each
            for each in json.loads(project["source"]["buildspec"])["phases"]["build"]["commands"]
            if "python3" in each
        )
        environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(self._place / "source"),
            "NO_PROXY": "*",
            "AWS_ENDPOINT_URL": self._world.environment["AWS_ENDPOINT_URL"],
            "AWS_ACCESS_KEY_ID": given["AccessKeyId"],
            "AWS_SECRET_ACCESS_KEY": given["SecretAccessKey"],
            "AWS_SESSION_TOKEN": given["SessionToken"],
            "AWS_DEFAULT_REGION": self._world.environment["AWS_REGION"],
        }
        done = subprocess.run(
            [sys.executable, *command.split()[1:]],
            cwd=folder,
            env={**environment, **variables, **changed},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        base = json.loads(project["source"]["buildspec"]).get("artifacts", {}).get("base-directory", "")
        if done.returncode == 0 and told.get("outputArtifacts"):
            self._artifacts[told["outputArtifacts"][0]["name"]] = folder / base
        return Built(done.returncode, f"{done.stdout}{done.stderr}", folder / base)

    def _variables(self) -> Mapping[str, str]:
        """What the pipeline's own placeholders come to in this execution."""
        pipelines = self._story.flow.client(self._story.release, "codepipeline")
        found = pipelines.get_pipeline_execution(pipelineName=PIPELINE, pipelineExecutionId=self._execution)
        given = {each["name"]: each["resolvedValue"] for each in found["pipelineExecution"]["variables"]}
        told = {f"#{{variables.{name}}}": value for name, value in given.items()}
        return {**told, "#{codepipeline.PipelineExecutionId}": self._execution}

    def _action(self, name: str) -> Any:
        pipelines = self._story.flow.client(self._story.release, "codepipeline")
        stages = pipelines.get_pipeline(name=PIPELINE)["pipeline"]["stages"]
        (found,) = (action for stage in stages for action in stage["actions"] if action["name"] == name)
        return found

    def _project(self, name: str) -> Any:
        builds = self._story.flow.client(self._story.release, "codebuild")
        (found,) = builds.batch_get_projects(names=[name])["projects"]
        return found


def execution(story: Story, central: str) -> str:
    """The only execution of the pipeline that releases the central version."""
    (found,) = story.releases(central)
    return str(found["pipelineExecutionId"])
