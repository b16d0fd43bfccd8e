"""Where the source of a project lies. No cdktf here."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import model_validator

from modules.core.settings import Shape, Strict

# `codecommit` is a repository that the build stack makes; the others are reached over a connection of CodeConnections.
Provider = Literal["codecommit", "github", "gitlab", "bitbucket"]
Repository = Annotated[
    str, Shape(r"[A-Za-z0-9_.-]+(?:/[A-Za-z0-9_.-]+)+", "owner and name of a repository such as acme/card-fraud", 100)
]
Branch = Annotated[str, Shape(r"[A-Za-z0-9_]+(?:[./-][A-Za-z0-9_]+)*", "a branch's name such as main", 100)]


class ProjectSource(Strict):
    """The repository of one project. What CodeCommit holds is called as the project and needs no `repository`."""

    provider: Provider = "codecommit"
    repository: Repository | None = None
    branch: Branch = "main"

    @model_validator(mode="after")
    def _names_what_lies_elsewhere(self) -> Self:
        if (self.provider == "codecommit") != (self.repository is None):
            raise ValueError("must have a repository (owner/name) for every provider but codecommit, which has none")
        return self
