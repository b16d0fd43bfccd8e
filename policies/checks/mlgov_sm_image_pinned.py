"""Containers run images that nobody can exchange."""

from __future__ import annotations

from collections.abc import Iterator

from policies.checks.base import Judgement, PlatformCheck, failed, holds
from policies.document import Conf
from policies.image import pinned
from policies.sagemaker import containers


class SmImagePinned(PlatformCheck):
    """Each image is in a private ECR registry and pinned by digest.

    A container of a model package runs the image that was registered, and approved, with the model.
    """

    policy = "CKV_MLGOV_133"
    title = "SageMaker container image is pinned and of a private registry"
    control = "SM-33"
    resources = ("aws_sagemaker_model", "aws_sagemaker_image_version", "aws_sagemaker_data_quality_job_definition")

    def judge(self, conf: Conf) -> Judgement:
        images = [(path, block.value(path.rpartition(".")[2])) for path, block in _named(conf)]
        images += [
            (f"{path}.image", block.value("image"))
            for path, block in containers(conf)
            if not block.given("model_package_name")
        ]
        if not images and not [*containers(conf)]:
            return failed("no container says which image it runs")
        return holds(*(pinned(path, image) for path, image in images))


def _named(conf: Conf) -> Iterator[tuple[str, Conf]]:
    if conf.given("base_image"):
        yield "base_image", conf
    for block in conf.blocks("data_quality_app_specification"):
        yield "data_quality_app_specification.image_uri", block


check = SmImagePinned()
