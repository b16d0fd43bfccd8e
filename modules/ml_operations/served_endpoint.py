"""The endpoint that answers with a served version."""

from __future__ import annotations

from cdktf import DataResource, ITerraformDependable, TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.sagemaker_endpoint import SagemakerEndpoint
from cdktf_cdktf_provider_aws.sagemaker_endpoint_configuration import SagemakerEndpointConfiguration
from constructs import Construct

from modules.core.naming import Naming
from modules.ml_operations import names
from modules.ml_operations.endpoint_alarms import rollback_alarms
from modules.ml_operations.endpoint_rollout import deployment
from modules.ml_operations.endpoint_variant import answers_later, capture, variant
from modules.ml_operations.model_version import NEW_FIRST, ModelVersion, one
from modules.ml_operations.serving_settings import ServedAs


class ServedEndpoint(Construct):
    """The endpoint `names.endpoint`, which keeps its name, and the configuration of the version it answers with.

    `key_arn` encrypts volumes, captured data and asynchronous answers.

    Guarantees:
    - a new version updates the endpoint in place: its configuration is there before the old one goes;
    - another mode makes it anew, and nothing answers meanwhile: AWS updates no endpoint from one mode to another
      (https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints-update.html);
    - traffic shifts as settings say, and back when an alarm on errors or latency goes off (not serverless: AWS has no
      guarded update for it);
    - requests and answers are kept, both ways, under the key (not serverless: AWS keeps none);
    - in production it begins with two instances or more, which AWS spreads over zones;
    - it says of itself which version it serves, and the hash of the passport that this came with.

    Controls: SM-35, SM-36, SM-37, SM-38, SM-39, SM-40, SM-41 (NIST 800-53 AU-12, CP-10, SC-28, CM-3).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        project: str,
        settings: ServedAs,
        version: ModelVersion,
        model_name: str,
        key_arn: str,
    ) -> None:
        super().__init__(scope, id_)
        configuration = SagemakerEndpointConfiguration(
            self,
            "configuration",
            name=version.name(model_name, key_arn, settings.configured),
            kms_key_arn=key_arn if settings.takes_key else None,
            production_variants=[variant(settings, model_name)],
            data_capture_config=capture(naming, project, settings, key_arn),
            async_inference_config=answers_later(naming, project, settings, key_arn),
            tags=version.tags,
            count=version.count(),
            lifecycle=NEW_FIRST,
        )
        mode = DataResource(self, "mode", input={"mode": settings.mode})
        mode_address = f"{mode.terraform_resource_type}.{mode.friendly_unique_id}"  # JSON takes no ${...} there
        self.made_anew_with = TerraformResourceLifecycle(replace_triggered_by=[mode_address])
        alarms = [names.alarm(naming, project, what) for what in rollback_alarms(settings)]
        endpoint = SagemakerEndpoint(
            self,
            "endpoint",
            name=names.endpoint(naming, project),
            endpoint_config_name=one(configuration, "name"),
            deployment_config=deployment(settings.rollout, alarms) if settings.guarded else None,
            tags=version.tags,
            count=version.count(),
            lifecycle=self.made_anew_with,
        )
        self.name = one(endpoint, "name")
        self.resource: ITerraformDependable = endpoint
