"""`<log archive account>-security-lake`: security events of all accounts in one schema."""

from __future__ import annotations

from environments.stacks.base import PlatformStack
from modules.foundations.contract import AccessContract
from modules.observability.security_lake import SecurityLake


class SecurityLakeStack(PlatformStack):
    """The lake of security events, which the security tooling queries."""

    def compose(self) -> None:
        """Place the lake; the organisation's stack has made this account its administrator."""
        tooling = self.organization.account_for("security-tooling", "org")
        SecurityLake(
            self,
            "lake",
            naming=self.naming,
            settings=self.settings.observability.security_lake,
            boundary_arn=self.consume(AccessContract).boundary_arn,
            subscriber_id=None if tooling == self.place.account else self.account_id(tooling),
        )
