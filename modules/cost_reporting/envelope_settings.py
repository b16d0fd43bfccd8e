"""What an environment may cost while nobody uses it. No cdktf here."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

# USD a month, as `mlgov cost` reckons, over all stacks of the environment; None judges nothing (docs/adr/0039).
IdleUsdPerMonth = Annotated[int, Field(ge=1, le=10_000_000)] | None
