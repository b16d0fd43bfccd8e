"""The service quotas that AWS asks for when the organisation makes an account."""

from __future__ import annotations

from collections.abc import Sequence

from cdktf_cdktf_provider_aws.servicequotas_template import ServicequotasTemplate
from cdktf_cdktf_provider_aws.servicequotas_template_association import ServicequotasTemplateAssociation
from constructs import Construct

from modules.foundations.account.settings import Quota


class QuotaTemplate(Construct):
    """The organisation's quota request template: each quota in each region, in effect for new accounts.

    AWS keeps the template in us-east-1 of the management account alone, and has none outside the partition `aws`.

    Guarantees: an account that is made asks for these quotas at birth, before its own stacks are applied.
    Controls: (NIST 800-53 CP-2(2)).
    """

    def __init__(self, scope: Construct, id_: str, *, quotas: Sequence[Quota], regions: Sequence[str]) -> None:
        super().__init__(scope, id_)
        requests = [
            ServicequotasTemplate(
                self,
                f"{region}-{quota.service}-{quota.code}",
                region=region,
                service_code=quota.service,
                quota_code=quota.code,
                value=quota.value,
            )
            for region in regions
            for quota in quotas
        ]
        ServicequotasTemplateAssociation(self, "in-effect", depends_on=requests)
