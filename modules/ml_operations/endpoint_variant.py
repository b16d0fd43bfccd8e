"""What answers behind an endpoint, as SageMaker's configurations say it."""

from __future__ import annotations

from cdktf_cdktf_provider_aws.sagemaker_endpoint_configuration import (
    SagemakerEndpointConfigurationAsyncInferenceConfig,
    SagemakerEndpointConfigurationAsyncInferenceConfigClientConfig,
    SagemakerEndpointConfigurationAsyncInferenceConfigOutputConfig,
    SagemakerEndpointConfigurationAsyncInferenceConfigOutputConfigNotificationConfig,
    SagemakerEndpointConfigurationDataCaptureConfig,
    SagemakerEndpointConfigurationDataCaptureConfigCaptureContentTypeHeader,
    SagemakerEndpointConfigurationDataCaptureConfigCaptureOptions,
    SagemakerEndpointConfigurationProductionVariants,
    SagemakerEndpointConfigurationProductionVariantsServerlessConfig,
)

from modules.core.naming import Naming
from modules.ml_operations import names
from modules.ml_operations.serving_settings import ServedAs

# Bodies of these types are kept as they are: monitors read none in base64.
_CSV, _JSON = ["text/csv"], ["application/json", "application/jsonlines"]


def variant(settings: ServedAs, model_name: str) -> SagemakerEndpointConfigurationProductionVariants:
    """All instances, or none of ours where AWS has its own."""
    if settings.mode == "serverless":
        return SagemakerEndpointConfigurationProductionVariants(
            variant_name=names.VARIANT,
            model_name=model_name,
            serverless_config=SagemakerEndpointConfigurationProductionVariantsServerlessConfig(
                memory_size_in_mb=settings.serverless.memory_mb, max_concurrency=settings.serverless.at_once
            ),
        )
    return SagemakerEndpointConfigurationProductionVariants(
        variant_name=names.VARIANT,
        model_name=model_name,
        instance_type=settings.instance_type,
        initial_instance_count=settings.at_first,
        initial_variant_weight=1,
    )


def capture(
    naming: Naming, project: str, settings: ServedAs, key_arn: str
) -> SagemakerEndpointConfigurationDataCaptureConfig | None:
    """Requests and answers, kept in the model's bucket; None where AWS cannot."""
    if not settings.keeps_requests:
        return None
    options = [
        SagemakerEndpointConfigurationDataCaptureConfigCaptureOptions(capture_mode=mode) for mode in ("Input", "Output")
    ]
    return SagemakerEndpointConfigurationDataCaptureConfig(
        enable_capture=True,
        initial_sampling_percentage=settings.capture_percent,
        destination_s3_uri=names.uri(naming, project, names.CAPTURE),
        kms_key_id=key_arn,
        capture_options=options,
        capture_content_type_header=SagemakerEndpointConfigurationDataCaptureConfigCaptureContentTypeHeader(
            csv_content_types=_CSV, json_content_types=_JSON
        ),
    )


def answers_later(
    naming: Naming, project: str, settings: ServedAs, key_arn: str
) -> SagemakerEndpointConfigurationAsyncInferenceConfig | None:
    """Where asynchronous answers go, and who hears of them; None for every other mode."""
    if settings.mode != "asynchronous":
        return None
    return SagemakerEndpointConfigurationAsyncInferenceConfig(
        client_config=SagemakerEndpointConfigurationAsyncInferenceConfigClientConfig(
            max_concurrent_invocations_per_instance=settings.asynchronous.at_once_per_instance
        ),
        output_config=SagemakerEndpointConfigurationAsyncInferenceConfigOutputConfig(
            s3_output_path=names.uri(naming, project, names.OUTPUT),
            s3_failure_path=names.uri(naming, project, names.FAILURES),
            kms_key_id=key_arn,
            notification_config=SagemakerEndpointConfigurationAsyncInferenceConfigOutputConfigNotificationConfig(
                success_topic=naming.arn("sns", naming.name(names.answers_topic(project))),
                error_topic=naming.arn("sns", naming.name(names.topic(project))),
            ),
        ),
    )
