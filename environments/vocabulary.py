"""The closed lists of words that YAML and code share: environments, roles, kinds of units."""

from __future__ import annotations

from typing import Literal, get_args

Environment = Literal["org", "dev", "test", "prod"]
Stage = Literal["dev", "test", "prod"]
UnitKind = Literal["production", "non-production"]
# From the loosest to the tightest; quarantine is for accounts that are on their way out.
Guardrails = Literal["sandbox", "standard", "strict", "quarantine"]
# How far a team or data domain is on its way out (docs/adr/0013-leaving.md): each stage includes those before it.
Offboarding = Literal["access-removed", "suspended", "closed"]
# One account in the whole organisation has each of these ...
SingleRole = Literal[
    "management",
    "log-archive",
    "security-tooling",
    "network",
    "shared-services",
    "data-governance",
    "feature-store",
]
# ... and of these there may be one for each environment.
StagedRole = Literal["ml-shared-services", "observability"]
PlatformRole = Literal[SingleRole, StagedRole]
Role = Literal[PlatformRole, "data-domain", "ml-team"]

# How much hangs on a stack: who looks at its plan, and who applies it, depends on this scale alone
# (environments/tiers.py). `foundation` is what every account rests on.
Tier = Literal["foundation", "production", "non-production"]
# How a synthesis is laid out. `cdktf`: as the cdktf CLI wants it. `live`: by environment and account, to be committed
# and owned (ADR 40).
Layout = Literal["cdktf", "live"]

STAGES: tuple[Stage, ...] = get_args(Stage)
ENVIRONMENTS: tuple[Environment, ...] = get_args(Environment)
OFFBOARDING: tuple[Offboarding, ...] = get_args(Offboarding)
TIERS: tuple[Tier, ...] = get_args(Tier)
GUARDRAILS: tuple[Guardrails, ...] = get_args(Guardrails)
SINGLE_ROLES: tuple[SingleRole, ...] = get_args(SingleRole)
STAGED_ROLES: tuple[StagedRole, ...] = get_args(StagedRole)
