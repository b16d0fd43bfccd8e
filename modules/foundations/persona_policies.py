"""The inline policy of every permission set: what the persona may do, and what it must never do."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from modules.core.iam import Statement, policy_document
from modules.foundations import persona_platform, persona_team
from modules.foundations.persona_denials import denials
from modules.foundations.persona_words import Scope
from modules.foundations.personas import PermissionSetName


def inline_policy(name: PermissionSetName, scope: Scope) -> str:
    """The inline policy of a permission set as JSON: its grants, then its denials."""
    return policy_document(*_GRANTS[name](scope), *denials(name))


def _nothing_more(scope: Scope) -> tuple[Statement, ...]:
    return ()


_GRANTS: Mapping[PermissionSetName, Callable[[Scope], tuple[Statement, ...]]] = {
    "break-glass": _nothing_more,  # what PowerUserAccess grants
    "cloud-administrator": persona_platform.cloud_administrator,
    "data-engineer": persona_team.data_engineer,
    "data-lake-administrator": persona_platform.data_lake_administrator,
    "data-scientist": persona_team.data_scientist,
    "executive": persona_platform.executive,
    "ml-engineer": persona_team.ml_engineer,
    "ml-governance-lead": persona_platform.ml_governance_lead,
    "ml-platform-administrator": persona_platform.ml_platform_administrator,
    "ml-reader": persona_team.ml_reader,
    "ml-team-lead": persona_team.ml_team_lead,
    "security-auditor": persona_platform.security_auditor,  # beside what SecurityAudit and ViewOnlyAccess grant
}
