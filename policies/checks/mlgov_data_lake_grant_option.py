"""Who is granted data cannot grant it on."""

from __future__ import annotations

from policies.checks.base import Judgement, PlatformCheck, holds
from policies.document import Conf


class DataLakeGrantOption(PlatformCheck):
    """No permission comes with the grant option; left out, none does. An account that must share on has a waiver."""

    policy = "CKV_MLGOV_223"
    title = "Lake Formation grant has no grant option"
    control = "DATA-12"
    resources = ("aws_lakeformation_permissions",)

    def judge(self, conf: Conf) -> Judgement:
        option = "permissions_with_grant_option"
        granted = [str(permission) for permission in conf.values(option)]
        return holds(f"{option} holds {', '.join(granted)}" if granted else None)


check = DataLakeGrantOption()
