"""The parameter that says which version of a model is served."""

from __future__ import annotations

import json

from cdktf import TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.ssm_parameter import SsmParameter
from constructs import Construct

from modules.core.naming import Naming
from modules.ml_operations import names
from modules.ml_operations.layout import NO_VERSION, ServedVersion

NONE_YET = ServedVersion(
    model_package_arn=NO_VERSION,
    version=NO_VERSION,
    files=NO_VERSION,
    passport=NO_VERSION,
    baselines=[],
)


class VersionParameter(Construct):
    """`names.version_parameter`, a `ServedVersion` as JSON: it says that none is served until a release says more.

    Guarantees: Terraform makes it and never sets it again; it holds no secret.
    Controls: CICD-07 (NIST 800-53 CM-3).
    """

    def __init__(self, scope: Construct, id_: str, *, naming: Naming, project: str) -> None:
        super().__init__(scope, id_)
        SsmParameter(
            self,
            "parameter",
            name=names.version_parameter(naming, project),
            description=f"The version of {project} that is served, set by its releases; no secret",
            type="String",
            value=json.dumps(NONE_YET),
            lifecycle=TerraformResourceLifecycle(ignore_changes=["value"]),
        )
