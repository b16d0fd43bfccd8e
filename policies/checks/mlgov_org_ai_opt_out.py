"""No AI service of AWS keeps or uses our content."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from policies.checks.base import NOT_APPLICABLE, Judgement, PlatformCheck, holds
from policies.document import Conf
from policies.iam import parsed

CHILDREN = "@@operators_allowed_for_child_policies"


class OrgAiOptOut(PlatformCheck):
    """The policy opts every service out, those of tomorrow included, and no account below can opt in again."""

    policy = "CKV_MLGOV_333"
    title = "AI services opt-out policy opts every service out, for good"
    control = "ORG-09"
    resources = ("aws_organizations_policy",)

    def judge(self, conf: Conf) -> Judgement:
        if conf.literal("type") != "AISERVICES_OPT_OUT_POLICY":
            return NOT_APPLICABLE
        services = _part(parsed(conf, "content"), "services")
        opted = _part(services, "default", "opt_out_policy")
        choices = {name: _part(services, name, "opt_out_policy").get("@@assign") for name in services if name[0] != "@"}
        return holds(
            None if "default" in choices else "services.default is not set, so services of tomorrow are opted in",
            *(f"services.{name} is {value}, not optOut" for name, value in choices.items() if value != "optOut"),
            None if opted.get(CHILDREN) == ["@@none"] else f"{CHILDREN} of the default is not @@none",
        )


def _part(value: Any, *path: str) -> Mapping[str, Any]:
    for name in path:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value if isinstance(value, Mapping) else {}


check = OrgAiOptOut()
