"""`<log archive account>-log-copy-<region>`: the second copy of the logs."""

from __future__ import annotations

from environments.stacks.base import PlatformStack
from modules.observability.log_copy import LogCopy


class LogCopyStack(PlatformStack):
    """The bucket in another region into which S3 copies the log bucket, and its key."""

    def compose(self) -> None:
        """Place the bucket, which stands before the log bucket names it."""
        self.publish(LogCopy(self, "copy", naming=self.naming, settings=self.settings.observability.logs).contract)
