"""The model of SageMaker that a served version is."""

from __future__ import annotations

from cdktf_cdktf_provider_aws.sagemaker_model import (
    SagemakerModel,
    SagemakerModelPrimaryContainer,
    SagemakerModelVpcConfig,
)
from constructs import Construct

from modules.foundations.network.contract import SpokeContract
from modules.ml_operations.model_version import NEW_FIRST, ModelVersion, one


class ServedModel(Construct):
    """The model made of the version's package in the central registry, as the role `role_arn`.

    `network` is None for serverless endpoints alone: AWS takes no model for them that is in a network or isolated.
    https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints.html

    Guarantees:
    - it is the registered package, image and files, and nothing that this stack says;
    - it stands in the account's network and reaches nothing from there: SageMaker itself fetches image and files;
    - a new version's model is there before the old one's goes.

    Controls: SM-31, SM-32, SM-34 (NIST 800-53 SC-7, SR-3).
    """

    def __init__(
        self, scope: Construct, id_: str, *, version: ModelVersion, role_arn: str, network: SpokeContract | None
    ) -> None:
        super().__init__(scope, id_)
        vpc = None
        if network is not None:
            vpc = SagemakerModelVpcConfig(
                subnets=network.private_subnet_ids, security_group_ids=[network.workload_security_group_id]
            )
        model = SagemakerModel(
            self,
            "model",
            name=version.name(
                role_arn, *([network.private_subnet_ids, network.workload_security_group_id] if network else [])
            ),
            execution_role_arn=role_arn,
            primary_container=SagemakerModelPrimaryContainer(model_package_name=version.value("model_package_arn")),
            enable_network_isolation=network is not None,
            vpc_config=vpc,
            tags=version.tags,
            count=version.count(),
            lifecycle=NEW_FIRST,
        )
        self.name = one(model, "name")
