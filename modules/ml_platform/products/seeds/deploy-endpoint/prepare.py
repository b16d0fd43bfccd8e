"""Write what the change set of the trial is made with: `python3 prepare.py ARN-OF-THE-APPROVED-VERSION`."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path

VERSION = re.compile(r"arn:aws[a-z-]*:sagemaker:[a-z0-9-]+:[0-9]{12}:model-package/[A-Za-z0-9-]+/[0-9]+")
GIVEN = {
    "Organization": "ORGANIZATION",
    "Project": "PROJECT",
    "Team": "TEAM",
    "CostCenter": "COST_CENTER",
    "InstanceType": "INSTANCE_TYPE",
    "Revision": "CODEBUILD_BUILD_NUMBER",  # SageMaker changes no model and no configuration: each run makes its own
}


def configuration(version: str, environment: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """The template configuration of the trial, in the form that CodePipeline reads.

    Raises ValueError when `version` is no version of a model, as when none is approved.
    """
    if not VERSION.fullmatch(version):
        raise ValueError(f"{version!r} is no version of a model: has the team lead approved one?")
    given = {parameter: environment[name] for parameter, name in GIVEN.items()}
    tags = {"Team": given["Team"], "CostCenter": given["CostCenter"], "Environment": "dev"}
    return {"Parameters": {**given, "ModelPackageArn": version}, "Tags": tags}


if __name__ == "__main__":
    text = json.dumps(configuration(sys.argv[1], os.environ), indent=2)
    Path("trial.json").write_text(text + "\n", encoding="utf-8")
