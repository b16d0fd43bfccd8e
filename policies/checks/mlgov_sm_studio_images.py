"""Kernels of Studio come from images of the organisation, or from AWS's distribution."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.expectation import Problem
from policies.limits import limits
from policies.sagemaker import STUDIO, ours, specs


class SmStudioImages(PlatformCheck):
    """Every image that is named is known by its name; custom_image is of the own account, and left out is AWS's."""

    policy = "CKV_MLGOV_107"
    title = "SageMaker Studio starts approved images"
    control = "SM-07"
    resources = STUDIO

    def judge(self, conf: Conf) -> Judgement:
        named = [
            (f"{path}.{name}", spec.value(name))
            for path, spec in specs(conf)
            for name in ("sagemaker_image_arn", "sagemaker_image_version_arn")
            if spec.given(name)
        ]
        return holds(*(_problem(path, arn) for path, arn in named))


def _problem(path: str, arn: object) -> Problem:
    image = str(arn)
    if ":image-version/" in image:  # the version stands after the name
        image = image.rpartition("/")[0]
    types = ("aws_sagemaker_image", "aws_sagemaker_image_version")
    return ours(path, image, *types, also=tuple(limits().studio_images))


check = SmStudioImages()
