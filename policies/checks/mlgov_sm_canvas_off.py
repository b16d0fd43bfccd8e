"""Nobody builds models in Canvas."""

from __future__ import annotations

from collections.abc import Iterator

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.expectation import Problem, never

PORTAL = "studio_web_portal_settings"
SWITCHES = (
    "direct_deploy_settings",
    "emr_serverless_settings",
    "identity_provider_oauth_settings",
    "kendra_settings",
    "model_register_settings",
    "time_series_forecasting_settings",
)


class SmCanvasOff(PlatformCheck):
    """The domain hides Canvas, and no setting of it is on; a profile that shows other apps hides it, too.

    Left out, Studio offers Canvas to everybody.
    """

    policy = "CKV_MLGOV_153"
    title = "SageMaker Studio offers no Canvas"
    control = "SM-53"
    resources = ("aws_sagemaker_domain", "aws_sagemaker_user_profile")

    def judge(self, conf: Conf) -> Judgement:
        portals = conf.at(f"user_settings.{PORTAL}")
        if conf.given("default_user_settings"):
            portals = conf.at(f"default_user_settings.{PORTAL}") or [Conf({})]
        shown = any("Canvas" not in portal.values("hidden_app_types") for portal in portals)
        return holds(f"{PORTAL}.hidden_app_types does not name Canvas" if shown else None, *_switched_on(conf))


def _switched_on(conf: Conf) -> Iterator[Problem]:
    for outer in ("default_user_settings", "user_settings"):
        for switch in SWITCHES:
            yield never(conf, f"{outer}.canvas_app_settings.{switch}.status", "ENABLED")


check = SmCanvasOff()
