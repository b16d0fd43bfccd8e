"""`<account of a team>-hooks`: what CloudFormation refuses there."""

from __future__ import annotations

from environments.stacks.base import PlatformStack
from modules.foundations.cloudformation_hook import CloudFormationHook
from modules.foundations.contract import AccessContract
from policies.catalogue import shipped
from policies.hook import guard_text


class HooksStack(PlatformStack):
    """The Guard hook of one region, with the rules of every control that has a hook."""

    def compose(self) -> None:
        """Place the hook."""
        what = f"{self.naming.account}-hooks"
        CloudFormationHook(
            self,
            "hook",
            naming=self.naming,
            what=what if self.at_home else f"{what}-{self.place.region}",
            settings=self.settings.foundations.hooks,
            rules=guard_text(shipped().controls.values()),
            boundary_arn=self.consume(AccessContract).boundary_arn,
        )
