"""What serves a project's model in one account, and changes with its version."""

from __future__ import annotations

from cdktf import ITerraformDependable
from constructs import Construct

from modules.core.naming import Naming
from modules.foundations.contract import BaselineContract
from modules.foundations.network.contract import SpokeContract
from modules.ml_operations.batch_runs import BatchRuns
from modules.ml_operations.endpoint_scaling import EndpointScaling
from modules.ml_operations.model_version import ModelVersion
from modules.ml_operations.published_stack import PublishedStack
from modules.ml_operations.served_endpoint import ServedEndpoint
from modules.ml_operations.served_model import ServedModel
from modules.ml_operations.serving_settings import ServedAs


class ModelService(Construct):
    """The model of the served version, and its endpoint or its batches; nothing while no version is served.

    `endpoints` and `jobs` are the ARNs of the roles of the team as which endpoints answer and jobs run.
    `version` and `model_name` are for what watches it, `endpoint` for what waits for it (None: batches have none).

    Guarantees: what each part says, and the JSON of this stack is kept for the pipeline that releases versions.
    Controls: SM-31 to SM-41, CICD-07.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        settings: ServedAs,
        project: str,
        team: str,
        endpoints: str,
        jobs: str,
        network: SpokeContract,
        keys: BaselineContract,
    ) -> None:
        super().__init__(scope, id_)
        key_arn = keys.key_arns["endpoint"]
        self.version = ModelVersion(self, "version", naming=naming, project=project)
        placed = None if settings.mode == "serverless" else network
        model = ServedModel(self, "model", version=self.version, role_arn=endpoints, network=placed)
        self.model_name = model.name
        self.endpoint: ITerraformDependable | None = None
        PublishedStack(self, "stack", naming=naming, project=project, key_arn=key_arn)
        if not settings.has_endpoint:
            BatchRuns(
                self,
                "batches",
                naming=naming,
                project=project,
                team=team,
                settings=settings,
                version=self.version,
                model_name=model.name,
                role_arn=jobs,
                key_arn=keys.key_arns["artifacts"],
            )
            return
        served = ServedEndpoint(
            self,
            "served",
            naming=naming,
            project=project,
            settings=settings,
            version=self.version,
            model_name=model.name,
            key_arn=key_arn,
        )
        self.endpoint = served.resource
        if settings.guarded:
            EndpointScaling(
                self,
                "scaling",
                naming=naming,
                project=project,
                settings=settings,
                version=self.version,
                endpoint_name=served.name,
                made_anew_with=served.made_anew_with,
            )
