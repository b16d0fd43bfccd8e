"""What AWS Config's part of the security tooling account gives to every account."""

from __future__ import annotations

from dataclasses import dataclass, replace

from modules.core.contract import Contract, named
from modules.core.naming import Naming


def everywhere(naming: Naming) -> Naming:
    """The naming of what is called alike in all accounts, as one conformance pack names it for all of them."""
    return replace(naming, environment="org")


@dataclass(frozen=True, slots=True)
class ApprovalsContract(Contract):
    """The topic of one region on which repairs ask for approval, named before it exists."""

    topic_arn: str = named(lambda naming: naming.arn("sns", naming.name("repair-approvals")))
