"""What a model has learned comes from the registry, or from a bucket of ours."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, failed, holds
from policies.document import Conf
from policies.expectation import Problem, given
from policies.sagemaker import containers, in_bucket_of_ours

SOURCE = "model_data_source.s3_data_source.s3_uri"


class SmModelArtifacts(PlatformCheck):
    """Each container names its model package, or artifacts in a bucket of the organisation.

    A container that names neither may fetch its model from anywhere when it starts.
    """

    policy = "CKV_MLGOV_134"
    title = "SageMaker model comes from the registry or a bucket of the organisation"
    control = "SM-34"
    resources = ("aws_sagemaker_model",)

    def judge(self, conf: Conf) -> Judgement:
        found = [*containers(conf)]
        if not found:
            return failed("no container names its model")
        return holds(*(_problem(path, block) for path, block in found))


def _problem(path: str, container: Conf) -> Problem:
    if container.given("model_package_name"):
        return None
    places = [place for place in ("model_data_url", SOURCE) if given(container, place) is None]
    if not places:
        return f"{path} names neither model_package_name, model_data_url nor model_data_source"
    problem = next((found for place in places if (found := in_bucket_of_ours(container, place))), None)
    return f"{path}.{problem}" if problem else None


check = SmModelArtifacts()
