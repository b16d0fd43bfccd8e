"""The private model hub, and what keeps its contents to the list."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from cdktf import ITerraformDependable
from cdktf_cdktf_provider_aws.sagemaker_hub import SagemakerHub, SagemakerHubS3StorageConfig
from constructs import Construct

from modules.core.assets import Archive
from modules.core.function import Function
from modules.core.handshake import Edge
from modules.core.iam import Statement
from modules.core.invocation import Invocation
from modules.core.naming import Naming
from modules.core.resource_share import ResourceShare
from modules.core.wiring import holder
from modules.ml_platform.functions.curate_hub.plan import MODELS
from modules.ml_platform.models_settings import HubSettings
from modules.ml_platform.names import HUB_FILES, MODEL_BUCKET, MODEL_HUB, hub_arns

USE = "AWSRAMPermissionSageMakerHubReadAndUse"
CURATE = "curate-hub"
LOG_DAYS = 365
_SOURCES = Path(__file__).parent / "functions" / "curate_hub"


class ModelHub(Construct):
    """The hub `<organisation>-<environment>-models`, shared with the `accounts` of teams.

    `accounts`: name -> id. `edges` are the teams' ways to the hub. `key_arn` is of the function,
    `bucket` that of models, in which SageMaker keeps what the hub holds.

    Its contents are references to the models of SageMaker JumpStart that `settings` name. The provider has no resource
    for a reference, nor has Cloud Control a type: the function `curate-hub` brings the hub to the list, every hour.

    Guarantees:
    - within an hour of a change the hub refers to the models of the list and to no others, whatever was done by hand;
    - with a list that is empty the hub holds what people put there, and no function runs;
    - the accounts look and deploy; what is in the hub they do not change.

    Controls: DATA-18, PLAT-03, IAM-05 (NIST 800-53 AC-3, AC-6, CM-7(5)).
    https://docs.aws.amazon.com/sagemaker/latest/dg/jumpstart-curated-hubs.html
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        settings: HubSettings,
        bucket: ITerraformDependable,
        accounts: Mapping[str, str],
        edges: Sequence[Edge],
        key_arn: str,
        boundary_arn: str,
    ) -> None:
        super().__init__(scope, id_)
        hub = SagemakerHub(
            self,
            "hub",
            hub_name=naming.name(MODEL_HUB),
            hub_display_name=f"Models of {naming.organization}",
            hub_description=f"Models that teams of {naming.organization} may use",
            s3_storage_config=SagemakerHubS3StorageConfig(
                s3_output_path=f"s3://{naming.bucket(MODEL_BUCKET)}/{HUB_FILES}"
            ),
            depends_on=[bucket],
        )
        if accounts:
            ResourceShare(
                self,
                "share",
                naming=naming,
                what="model-hub",
                permission=USE,
                resources={"hub": hub_arns(naming)[0]},
                accounts=accounts,
                after=[hub],
            )
        for edge in edges:
            edge.render(holder(self), "share")
        self.dead_letters: Mapping[str, str] = {}  # of what may fail -> the name of the queue
        if settings.models:
            queue = self._curate(naming, settings.models, hub.hub_name, key_arn, boundary_arn)
            self.dead_letters = {CURATE: queue}

    def _curate(self, naming: Naming, models: Sequence[str], hub: str, key_arn: str, boundary_arn: str) -> str:
        arns = hub_arns(naming)
        public = f"arn:{naming.partition}:sagemaker:{naming.region}:aws"
        function = Function(
            self,
            "curate",
            naming=naming,
            what=CURATE,
            source=Archive.of_package(_SOURCES, {MODELS: f"{json.dumps(sorted(models), indent=1)}\n".encode()}),
            handler="modules.ml_platform.functions.curate_hub.handler.handle",
            key_arn=key_arn,
            boundary_arn=boundary_arn,
            retention_days=LOG_DAYS,
            statements=[
                Statement("ListReferences", actions=("sagemaker:ListHubContents",), resources=arns),
                Statement(
                    "ReferToPublicModels",
                    actions=("sagemaker:CreateHubContentReference",),
                    resources=(*arns, f"{public}:hub-content/SageMakerPublicHub/Model/*"),
                ),
                Statement("TakeReferencesAway", actions=("sagemaker:DeleteHubContentReference",), resources=arns),
            ],
            environment={"HUB_NAME": hub, "PARTITION": naming.partition},
            concurrency=1,
        )
        Invocation(
            self,
            "hourly",
            naming=naming,
            what=CURATE,
            description="The hub is brought to its list",
            function=function.name,
            function_arn=function.arn,
            schedule="rate(1 hour)",
        )
        return function.dead_letters_name
