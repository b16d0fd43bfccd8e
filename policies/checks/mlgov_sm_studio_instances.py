"""Apps of Studio start on instance types that the organisation pays for."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.expectation import Problem, among
from policies.limits import limits
from policies.sagemaker import STUDIO, specs


class SmStudioInstances(PlatformCheck):
    """Every instance type that is named is on the list of the limits; left out, AWS takes a small one."""

    policy = "CKV_MLGOV_106"
    title = "SageMaker Studio starts apps on approved instance types"
    control = "SM-06"
    resources = STUDIO

    def judge(self, conf: Conf) -> Judgement:
        named = [(path, spec) for path, spec in specs(conf) if spec.given("instance_type")]
        return holds(*(_problem(path, spec) for path, spec in named))


def _problem(path: str, spec: Conf) -> Problem:
    problem = among(spec, "instance_type", limits().studio_instance_types)
    return f"{path}.{problem}" if problem else None


check = SmStudioInstances()
