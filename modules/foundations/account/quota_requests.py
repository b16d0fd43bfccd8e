"""The service quotas that an account asks for."""

from __future__ import annotations

from collections.abc import Sequence

from cdktf import Fn, Token
from cdktf_cdktf_provider_aws.data_aws_servicequotas_service_quota import DataAwsServicequotasServiceQuota
from cdktf_cdktf_provider_aws.servicequotas_service_quota import ServicequotasServiceQuota
from constructs import Construct

from modules.foundations.account.settings import AccountRole, Quota, QuotasSettings


class QuotaRequests(Construct):
    """Each quota is asked for with its value, unless the account has as much or more.

    Two roles of one account that ask for the same quota get the higher value. A request that AWS has not granted yet
    is no change of the plan; one that it denied shows as a change until somebody settles it.

    Guarantees: what the account has is never asked down, and what AWS raised by itself is no change of the plan.
    Controls: (NIST 800-53 CP-2(2), SC-5(2)).
    """

    def __init__(self, scope: Construct, id_: str, *, settings: QuotasSettings, roles: Sequence[AccountRole]) -> None:
        super().__init__(scope, id_)
        for quota in wanted(settings, roles):
            place = f"{quota.service}-{quota.code}"
            current = DataAwsServicequotasServiceQuota(
                self, f"{place}-now", service_code=quota.service, quota_code=quota.code
            )
            ServicequotasServiceQuota(
                self,
                place,
                service_code=quota.service,
                quota_code=quota.code,
                # The provider fails on less than the account has; AWS's own default differs by account and region.
                value=Token.as_number(Fn.max([Token.as_number(current.value), quota.value])),
            )


def wanted(settings: QuotasSettings, roles: Sequence[AccountRole]) -> list[Quota]:
    """The quotas of an account with these roles, each once, with its highest value, by service and code."""
    highest: dict[tuple[str, str], Quota] = {}
    for role in roles:
        for quota in settings.by_role.get(role, ()):
            known = highest.setdefault((quota.service, quota.code), quota)
            if quota.value > known.value:
                highest[quota.service, quota.code] = quota
    return [highest[key] for key in sorted(highest)]
