"""Apps of Studio that nobody uses shut down."""

from __future__ import annotations

from collections.abc import Iterator

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.expectation import Problem, equal, never, within
from policies.limits import limits
from policies.sagemaker import settings

IDLE = "app_lifecycle_management.idle_settings"
DEMANDED = (
    "default_user_settings.jupyter_lab_app_settings",
    "default_user_settings.code_editor_app_settings",
    "default_space_settings.jupyter_lab_app_settings",
)


class SmIdleShutdown(PlatformCheck):
    """A domain switches idle shutdown on for JupyterLab and Code Editor; profiles and spaces do not lengthen it.

    Left out, an app runs until somebody stops it. In a profile or space left out is the domain's setting.
    """

    policy = "CKV_MLGOV_109"
    title = "SageMaker Studio shuts idle apps down in time"
    control = "SM-09"
    resources = ("aws_sagemaker_domain", "aws_sagemaker_user_profile", "aws_sagemaker_space")

    def judge(self, conf: Conf) -> Judgement:
        demanded = [path for path in DEMANDED if conf.at(path.partition(".")[0])]
        return holds(
            *(equal(conf, f"{path}.{IDLE}.lifecycle_management", "ENABLED", absent="DISABLED") for path in demanded),
            *(within(conf, f"{path}.{IDLE}.idle_timeout_in_minutes", high=limits().idle_minutes) for path in demanded),
            *(
                problem
                for path, block in settings(conf)
                for idle in block.at(IDLE)
                for problem in _lengthened(path, idle)
            ),
        )


def _lengthened(path: str, idle: Conf) -> Iterator[Problem]:
    if problem := never(idle, "lifecycle_management", "DISABLED"):
        yield f"{path}.{IDLE}.{problem}"
    for name in ("idle_timeout_in_minutes", "max_idle_timeout_in_minutes"):
        if idle.given(name) and (problem := within(idle, name, high=limits().idle_minutes)):
            yield f"{path}.{IDLE}.{problem}"


check = SmIdleShutdown()
