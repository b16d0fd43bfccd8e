"""python -m ml_pipeline: what the stages Build and Register run (buildspec-build.yml, buildspec-register.yml).

Exit codes: 0 done, 1 the execution did not end in a registered model, 2 the settings are wrong.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import boto3
from sagemaker.core.workflow.pipeline_context import PipelineSession

from ml_pipeline import problem, settings
from ml_pipeline.code import code
from ml_pipeline.definition import Definition
from ml_pipeline.release import ReleaseError, start, upload, upsert, verify, wait
from ml_pipeline.settings import SettingsError
from ml_pipeline.template import KINDS, images


def arguments() -> argparse.ArgumentParser:
    """The verbs and what they take."""
    parser = argparse.ArgumentParser(prog="python -m ml_pipeline", description="Build and run the project's pipeline.")
    verbs = parser.add_subparsers(dest="verb", required=True)
    definition = verbs.add_parser("definition", help="print the pipeline's definition")
    build = verbs.add_parser("build", help="put the pipeline into SageMaker and start it")
    register = verbs.add_parser("register", help="wait for the pipeline, and check that it registered a model")
    for verb in (definition, build):
        verb.add_argument("--commit", required=True, help="of the source")
    build.add_argument("--run", required=True, help="names the run; one that is given again starts no second one")
    for verb in (build, register):
        verb.add_argument("--execution", type=Path, required=True, help="file that says which execution it is")
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Do what the verb says; the exit code."""
    options = arguments().parse_args(argv)
    try:
        project = settings.load(os.environ.get(settings.VARIABLE))
        session = boto3.Session(region_name=project.region)
        if options.verb == "register":
            execution = json.loads(options.execution.read_text())
            client = session.client("sagemaker")
            wait(client, execution["pipeline_execution_arn"])
            arn = verify(client, project, execution["pipeline_execution_arn"], execution["commit"])
            print(f"{arn} waits for the team lead's approval")
            return 0
        kind = problem.kind(project, KINDS)
        files = code(project, kind)
        text = Definition(project, files, images(project), kind, options.commit, PipelineSession(session)).text
        if options.verb == "definition":
            print(text)
            return 0
        upload(session.client("s3"), project, files)
        client = session.client("sagemaker")
        upsert(client, project, text)
        execution = {"pipeline_execution_arn": start(client, project, options.run), "commit": options.commit}
        options.execution.write_text(json.dumps(execution, indent=2))
        print(f"started {execution['pipeline_execution_arn']}")
    except SettingsError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except ReleaseError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
