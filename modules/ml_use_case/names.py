"""What the environments of ML teams call things. No cdktf here."""

from __future__ import annotations

from modules.ml_use_case.studio_settings import ServiceRole, StudioPersona


def role(team: str, what: StudioPersona | ServiceRole) -> str:
    """The role as which people of this persona, or jobs and endpoints, of the team work in an account of it.

    Those of `data-scientist` and `pipeline` are the ones to which data is granted: `modules.data_lake.names` calls
    them the same.
    """
    return f"{team}-{what}"


def domain(team: str) -> str:
    """The SageMaker domain of a team."""
    return f"{team}-studio"
