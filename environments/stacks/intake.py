"""`<log archive account>-intake`: where log groups of all accounts arrive."""

from __future__ import annotations

from environments.stacks.base import PlatformStack
from modules.foundations.contract import AccessContract, OrganizationContract
from modules.observability.contract import LogArchiveContract
from modules.observability.log_intake import LogIntake


class IntakeStack(PlatformStack):
    """The way of log groups into the log bucket, in one region."""

    def compose(self) -> None:
        """Place the intake before the log bucket of the home region."""
        LogIntake(
            self,
            "intake",
            naming=self.naming,
            settings=self.settings.observability.intake,
            logs=self.consume(LogArchiveContract),
            home=self.organization.home_region,
            organization_id=self.consume(OrganizationContract).organization_id,
            boundary_arn=self.consume(AccessContract).boundary_arn,
        )
