"""What runs when a space of Studio starts: scripts of this repository, and no others."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cdktf import TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.sagemaker_studio_lifecycle_config import SagemakerStudioLifecycleConfig
from cdktf_cdktf_provider_aws.ssm_parameter import SsmParameter
from constructs import Construct

from modules.core.naming import Naming
from modules.ml_use_case.names import SAGEMAKER_LIMIT, packages_parameter, studio_part
from modules.ml_use_case.studio_settings import Editor

_FOLDER = Path(__file__).parent / "scripts"
_EDITORS: Mapping[Editor, str] = {"CodeEditor": "code-editor", "JupyterLab": "jupyter-lab"}


@dataclass(frozen=True, slots=True)
class PackageIndex:
    """A repository of CodeArtifact: its domain, the account that owns it, its own name, and its region."""

    domain: str
    owner: str
    repository: str
    region: str


class StudioScripts(Construct):
    """The lifecycle configuration of each editor, and the parameter that it reads.

    A configuration is never changed, and cannot be deleted while the domain names it: the name holds a mark of its
    content, so that a new one is there before the old one goes. The account of `packages` may be known to AWS alone,
    and the script is judged as text: it reads the account from the parameter.

    Guarantees:
    - pip installs from the organisation's repository as soon as a space has started;
    - the script is readable where it is judged, and downloads nothing that it runs.

    Controls: SM-08 (NIST 800-53 CM-5, CM-7, SR-3).
    """

    def __init__(self, scope: Construct, id_: str, *, naming: Naming, team: str, packages: PackageIndex) -> None:
        super().__init__(scope, id_)
        name = packages_parameter(naming, team)
        SsmParameter(
            self,
            "packages",
            name=name,
            description=f"Where the team {team} installs packages from: domain, owner, repository, region",
            type="String",
            value=f"{packages.domain} {packages.owner} {packages.repository} {packages.region}",
        )
        script = (_FOLDER / "packages.sh").read_text(encoding="utf-8").replace("@PARAMETER@", name)
        content = base64.b64encode(script.encode()).decode()
        mark = hashlib.sha256(script.encode()).hexdigest()[:8]
        self.arns: Mapping[Editor, str] = {
            editor: SagemakerStudioLifecycleConfig(
                self,
                word,
                studio_lifecycle_config_name=naming.name(studio_part(team, f"{word}-{mark}"), limit=SAGEMAKER_LIMIT),
                studio_lifecycle_config_app_type=editor,
                studio_lifecycle_config_content=content,
                tags={"Team": team},
                lifecycle=TerraformResourceLifecycle(create_before_destroy=True),
            ).arn
            for editor, word in _EDITORS.items()
        }
