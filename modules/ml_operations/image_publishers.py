"""The accounts of AWS whose images models are built on, as the provider knows them for the region."""

from __future__ import annotations

from cdktf_cdktf_provider_aws.data_aws_sagemaker_prebuilt_ecr_image import DataAwsSagemakerPrebuiltEcrImage
from constructs import Construct

# One repository of each account that publishes what the build templates use: XGBoost, and the deep learning containers.
_REPOSITORIES = ("sagemaker-xgboost", "huggingface-pytorch-inference")


class ImagePublishers(Construct):
    """`accounts`: the numbers of these accounts, as references. AWS is asked nothing: the provider has a table.

    Guarantees: no account but AWS's is among them.
    https://docs.aws.amazon.com/sagemaker/latest/dg-ecr-paths/sagemaker-algo-docker-registry-paths.html
    """

    def __init__(self, scope: Construct, id_: str, *, region: str) -> None:
        super().__init__(scope, id_)
        self.accounts = [
            DataAwsSagemakerPrebuiltEcrImage(self, name, repository_name=name, region=region).registry_id
            for name in _REPOSITORIES
        ]
