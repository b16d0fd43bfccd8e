"""The MLflow server on which a team tracks its experiments."""

from __future__ import annotations

from cdktf import TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.sagemaker_mlflow_tracking_server import SagemakerMlflowTrackingServer
from constructs import Construct

from modules.core.iam import Statement, service
from modules.core.naming import Naming
from modules.core.role import Role
from modules.ml_use_case.names import tracking_server
from modules.ml_use_case.studio_settings import ExperimentsSettings

_PREFIX = "experiments"


class Experiments(Construct):
    """The server, and the role as which it keeps artefacts below `experiments/` of the bucket called `bucket`.

    Guarantees:
    - artefacts are in the team's bucket, under `key_arn`, and the server reaches nothing else;
    - a model is registered by a build, never by a run: MLflow's registry is not copied to SageMaker's;
    - Terraform refuses to destroy it: runs and their metrics are in the server alone.

    Controls: SM-42, SM-55, IAM-01 (NIST 800-53 AC-6, AU-10, SC-28).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        settings: ExperimentsSettings,
        team: str,
        bucket: str,
        bucket_arn: str,
        key_arn: str,
        boundary_arn: str,
    ) -> None:
        super().__init__(scope, id_)
        role = Role(
            self,
            "role",
            naming=naming,
            what=tracking_server(team),
            description=f"The MLflow server of the team {team} keeps its artefacts",
            trust=[
                Statement(
                    "SageMakerOfThisAccount",
                    actions=("sts:AssumeRole",),
                    principals=service("sagemaker.amazonaws.com"),
                    conditions={"StringEquals": {"aws:SourceAccount": naming.account_id}},
                )
            ],
            boundary_arn=boundary_arn,
            statements=[
                Statement(
                    "ListArtifacts",
                    actions=("s3:ListBucket",),
                    resources=(bucket_arn,),
                    conditions={"StringLike": {"s3:prefix": f"{_PREFIX}/*"}},
                ),
                Statement(
                    "KeepArtifacts",
                    actions=("s3:AbortMultipartUpload", "s3:DeleteObject", "s3:GetObject", "s3:PutObject"),
                    resources=(f"{bucket_arn}/{_PREFIX}/*",),
                ),
                Statement(
                    "EncryptArtifacts",
                    actions=("kms:Decrypt", "kms:GenerateDataKey"),
                    resources=(key_arn,),
                    conditions={"StringEquals": {"kms:ViaService": f"s3.{naming.region}.amazonaws.com"}},
                ),
            ],
        )
        SagemakerMlflowTrackingServer(
            self,
            "server",
            tracking_server_name=naming.name(tracking_server(team)),
            tracking_server_size=settings.size,
            artifact_store_uri=f"s3://{bucket}/{_PREFIX}",
            role_arn=role.arn,
            automatic_model_registration=False,
            tags={"Team": team},
            lifecycle=TerraformResourceLifecycle(prevent_destroy=True),
            depends_on=[role.whole],
        )
