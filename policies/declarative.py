"""The declarative point of a control: a setting that a policy of AWS Organizations makes in every account below it.

Like a denial it is preventive: an account cannot have it otherwise. `environments.management_policies` renders them.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from policies.record import Frozen


class Declarative(Frozen):
    """A setting by the type of its policy and its dotted path there, operators such as `@@assign` left out."""

    type: Literal["AISERVICES_OPT_OUT_POLICY", "BACKUP_POLICY", "DECLARATIVE_POLICY_EC2", "TAG_POLICY"]
    setting: Annotated[str, Field(pattern=r"^[\w-]+(\.[\w-]+)*$")]

    @property
    def name(self) -> str:
        """Its name for people."""
        return f"{self.type} {self.setting}"
