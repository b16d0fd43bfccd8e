"""Write for each stage what its change set is made with: `python3 prepare.py ARN-OF-THE-APPROVED-VERSION`."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path

# A variant of production has two instances or more, so that the loss of a zone is no outage.
STAGES: Mapping[str, Mapping[str, str]] = {
    "test": {"Instances": "1", "MostInstances": "2"},
    "prod": {"Instances": "2", "MostInstances": "6"},
}
VERSION = re.compile(r"arn:aws[a-z-]*:sagemaker:[a-z0-9-]+:[0-9]{12}:model-package/[A-Za-z0-9-]+/[0-9]+")
GIVEN = {
    "Organization": "ORGANIZATION",
    "Team": "TEAM",
    "Model": "MODEL",
    "CostCenter": "COST_CENTER",
    "InstanceType": "INSTANCE_TYPE",
}


def configuration(version: str, stage: str, environment: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """The template configuration of one stage, in the form that CodePipeline reads.

    Raises ValueError when `version` is no version of a model, as when none is approved.
    """
    if not VERSION.fullmatch(version):
        raise ValueError(f"{version!r} is no version of a model: has the team lead approved one?")
    given = {parameter: environment[name] for parameter, name in GIVEN.items()}
    tags = {"Team": given["Team"], "CostCenter": given["CostCenter"], "Environment": stage}
    return {"Parameters": {**given, **STAGES[stage], "Stage": stage, "ModelPackageArn": version}, "Tags": tags}


if __name__ == "__main__":
    for each in STAGES:
        text = json.dumps(configuration(sys.argv[1], each, os.environ), indent=2)
        Path(f"{each}.json").write_text(text + "\n", encoding="utf-8")
