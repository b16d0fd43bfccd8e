"""`<security tooling account>-detection`: the services that detect, before anybody administers them for others."""

from __future__ import annotations

from environments.stacks.base import PlatformStack
from modules.foundations.security.detection import Detection


class DetectionStack(PlatformStack):
    """GuardDuty, Security Hub, Macie and Detective of the security tooling account in one region."""

    def compose(self) -> None:
        """Switch the services on and publish detector and graph."""
        detection = Detection(
            self,
            "detection",
            naming=self.naming,
            settings=self.settings.foundations.security,
            investigates=True,
        )
        self.publish(detection.contract)
