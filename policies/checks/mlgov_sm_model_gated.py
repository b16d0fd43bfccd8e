"""No model comes straight from the public hub."""

from __future__ import annotations

from collections.abc import Iterator

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.expectation import never
from policies.sagemaker import containers

SOURCE = "model_data_source.s3_data_source"
PUBLIC = "s3://jumpstart-"


class SmModelGated(PlatformCheck):
    """No container accepts a licence of its own accord, or reads the buckets of JumpStart; left out, none does."""

    policy = "CKV_MLGOV_154"
    title = "SageMaker model is not from the public hub"
    control = "SM-54"
    resources = ("aws_sagemaker_model",)

    def judge(self, conf: Conf) -> Judgement:
        return holds(*(problem for path, block in containers(conf) for problem in _problems(path, block)))


def _problems(path: str, container: Conf) -> Iterator[str]:
    if problem := never(container, f"{SOURCE}.model_access_config.accept_eula", True):
        yield f"{path}.{problem}"
    places = [container.value("model_data_url"), *(source.value("s3_uri") for source in container.at(SOURCE))]
    yield from (f"{path} reads {place}, of the public hub" for place in places if str(place).startswith(PUBLIC))


check = SmModelGated()
