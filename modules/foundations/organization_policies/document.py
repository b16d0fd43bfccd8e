"""Documents of management policies: the operators of inheritance, and what AWS allows of each type. No cdktf here.

A document at a unit is merged with those above it: `@@assign` replaces what they say, `@@append` adds to it
(AWS Organizations User Guide, "Policy syntax and inheritance for management policy types").
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from modules.core.errors import ConfigError
from modules.foundations.organization_policies.settings import ManagementType

Document = Mapping[str, object]
# Characters of a document (AWS Organizations User Guide, "Quotas"). None of these can be raised.
LIMITS: Mapping[ManagementType, int] = {
    "AISERVICES_OPT_OUT_POLICY": 2_500,
    "BACKUP_POLICY": 10_000,
    "DECLARATIVE_POLICY_EC2": 10_000,
    "TAG_POLICY": 10_000,
}


@dataclass(frozen=True, slots=True)
class ManagementPolicy:
    """A policy and where it is attached: to the root, to units by key, to accounts by name.

    `key` names it within the organisation. `shorten` is what to do when its document is too long.
    """

    key: str
    kind: ManagementType
    description: str
    document: Document
    shorten: str
    at_root: bool = False
    units: Sequence[str] = ()
    accounts: Sequence[str] = ()

    @property
    def content(self) -> str:
        """The document as minified JSON. Raises ConfigError with the numbers when AWS would refuse its length."""
        text = json.dumps(self.document, separators=(",", ":"), ensure_ascii=False)
        if len(text) > LIMITS[self.kind]:
            raise ConfigError(
                f"the policy {self.key} has {len(text):,} characters, and AWS allows {LIMITS[self.kind]:,} "
                f"of a {self.kind}: {self.shorten}"
            )
        return text


def assign(value: object) -> Document:
    """`value`, whatever the policies above say."""
    return {"@@assign": value}


def append(values: Sequence[str]) -> Document:
    """`values` beside those of the policies above."""
    return {"@@append": list(values)}


def final(document: Document) -> Document:
    """`document`, which no policy below can change."""
    return {"@@operators_allowed_for_child_policies": ["@@none"], **document}
