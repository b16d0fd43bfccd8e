"""Whom a role trusts that a function of another account becomes. No cdktf here."""

from __future__ import annotations

from modules.core.foreign_role import ForeignRole
from modules.core.iam import Statement
from modules.cost_reporting.names import external_id


def trusts(role: ForeignRole) -> Statement:
    """The statement of a trust policy that lets the role, and nobody else, become the one it stands in."""
    return Statement(
        "OneRoleOfTheOrganisation",
        actions=("sts:AssumeRole",),
        principals=role.principals,
        conditions=role.conditions({"StringEquals": {"sts:ExternalId": external_id(role.naming)}}),
    )
