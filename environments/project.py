"""What one file `projects/<project>.yaml` says: how a model is built, and how it is served. No cdktf here."""

from __future__ import annotations

from typing import Any

from pydantic import field_validator

from modules.ml_operations.serving_settings import Serving
from modules.ml_use_case.project_settings import ProjectSpec


class Project(ProjectSpec):
    """One model of a team. Without `serving` it is built and registered, and nothing is deployed."""

    serving: Serving | None = None

    @field_validator("serving", mode="before")
    @classmethod
    def _says_something(cls, said: Any) -> Any:
        """A key without a value would read as served, and serve nothing."""
        if said is None:
            raise ValueError("must say how: write serving: {} for an endpoint as usual, or leave the key out")
        return said
