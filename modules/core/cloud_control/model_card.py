"""A model card of SageMaker, through Cloud Control."""

from __future__ import annotations

import json
from collections.abc import Mapping

from cdktf import TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.cloudcontrolapi_resource import CloudcontrolapiResource
from constructs import Construct

# How a card begins. Who reviews it moves it on, to PendingReview and Approved: Terraform never does.
BEGINS_AS = "Draft"


class ModelCard(Construct):
    """`AWS::SageMaker::ModelCard`: the card `name`, whose `content` has the form of CloudFormation.

    Terraform asks Cloud Control for what changed in `content` here, and for no more: what others have written since,
    the status among it, is neither read nor set back. So each property has one author, and lists have none here, as a
    change of a list replaces it.

    Native replacement: `aws_sagemaker_model_card`, in hashicorp/aws 6.x (here: 5.100). Moving there is an import of
    `name` and a removal from this resource's state; the card stays.

    Guarantees: begins as a draft; is encrypted under `key`, an ARN or alias; Terraform refuses to destroy it.

    Controls: SM-46 (NIST 800-53 AU-11, SI-12).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        content: Mapping[str, object],
        key: str,
        tags: Mapping[str, str],
    ) -> None:
        super().__init__(scope, id_)
        desired = {
            "Content": content,
            "ModelCardName": name,
            "ModelCardStatus": BEGINS_AS,
            "SecurityConfig": {"KmsKeyId": key},
            "Tags": [{"Key": key, "Value": value} for key, value in sorted(tags.items())],
        }
        CloudcontrolapiResource(
            self,
            "card",
            type_name="AWS::SageMaker::ModelCard",
            desired_state=json.dumps(desired, separators=(",", ":"), sort_keys=True),
            lifecycle=TerraformResourceLifecycle(prevent_destroy=True),
        )
