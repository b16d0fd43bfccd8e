"""ML resources carry the tags that cost and access go by."""

from __future__ import annotations

from collections.abc import Iterable

from policies.checks.base import Judgement, StackCheck, holds
from policies.document import Conf, StackDocument
from policies.limits import limits

TYPES = (
    "aws_sagemaker_data_quality_job_definition",
    "aws_sagemaker_domain",
    "aws_sagemaker_endpoint",
    "aws_sagemaker_endpoint_configuration",
    "aws_sagemaker_feature_group",
    "aws_sagemaker_image",
    "aws_sagemaker_mlflow_tracking_server",
    "aws_sagemaker_model",
    "aws_sagemaker_model_package_group",
    "aws_sagemaker_monitoring_schedule",
    "aws_sagemaker_notebook_instance",
    "aws_sagemaker_pipeline",
    "aws_sagemaker_space",
    "aws_sagemaker_user_profile",
)


class SmTags(StackCheck):
    """Each tag of the limits stands on the resource or in the default_tags of its provider; AWS adds none."""

    policy = "CKV_MLGOV_114"
    title = "SageMaker resource carries the required tags"
    control = "SM-14"

    def subjects(self, stack: StackDocument) -> Iterable[Conf]:
        return stack.resources(*TYPES)

    def judge(self, subject: Conf, stack: StackDocument) -> Judgement:
        alias = str(subject.value("provider") or "aws")
        providers = [one for one in stack.providers("aws") if one.address == f"provider.{alias}"]
        tags = [*subject.blocks("tags"), *(tags for provider in providers for tags in provider.at("default_tags.tags"))]
        missing = [name for name in limits().ml_tags if not any(block.given(name) for block in tags)]
        return holds(f"neither tags nor default_tags has {', '.join(missing)}" if missing else None)


check = SmTags()
