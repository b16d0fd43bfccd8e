"""`management-quotas`: the quotas that every new account asks for at birth."""

from __future__ import annotations

from environments.stacks.base import PlatformStack
from modules.foundations.account.quota_template import QuotaTemplate


class QuotasStack(PlatformStack):
    """The organisation's quota request template."""

    def compose(self) -> None:
        """Place the template for every governed region."""
        QuotaTemplate(
            self,
            "template",
            quotas=self.settings.foundations.quotas.template,
            regions=self.organization.governed_regions,
        )
