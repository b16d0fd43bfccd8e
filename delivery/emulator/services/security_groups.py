"""Security groups: what moto forgets of their rules."""

from __future__ import annotations

from typing import Any

from moto.ec2.models.security_groups import SecurityGroupRule

from delivery.emulator.service import Service

SERVICE = Service("ec2")


@SERVICE.mend
def every_rule_keeps_its_description() -> None:
    """A rule for a group or a prefix list has a description, too; moto keeps those of address ranges alone."""
    create = SecurityGroupRule.__init__
    written = SecurityGroupRule.description.fget

    def __init__(self: Any, *given: Any, **named: Any) -> None:
        create(self, *given, **named)
        peers = (*given[6:8], named.get("source_group"), named.get("prefix_list_id"))
        self.peer_description = next((peer["Description"] for peer in peers if peer and "Description" in peer), None)

    SecurityGroupRule.__init__ = __init__
    SecurityGroupRule.description = property(lambda self: written(self) or self.peer_description)
