"""An account shares the logs that it means to share."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf, Unprovable, is_expression
from policies.expectation import given

LOGS = "AWS::Logs::LogGroup"


class LogLink(PlatformCheck):
    """A link that shares log groups names them by a filter: without one every log group of the account is readable."""

    policy = "CKV_MLGOV_363"
    title = "Observability link shares filtered log groups only"
    control = "LOG-05"
    resources = ("aws_oam_link",)

    def judge(self, conf: Conf) -> Judgement:
        types = conf.values("resource_types")
        if unknown := [kind for kind in types if is_expression(kind)]:
            raise Unprovable("resource_types", unknown[0])
        filtered = given(conf, "link_configuration.log_group_configuration.filter") if LOGS in types else None
        return holds(None if types else "resource_types is not set", filtered)


check = LogLink()
