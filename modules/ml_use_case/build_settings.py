"""What may be set for the builds of all projects. No cdktf here."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from modules.core.settings import Shape, Strict


class BuildSettings(Strict):
    """How projects are built: CodeBuild's machine and image, times in minutes, and how long is kept what, in days.

    `approvals` people beside the author approve a pull request of CodeCommit before it is merged: with one of them, two
    people have seen it.
    """

    compute_type: Literal["BUILD_GENERAL1_SMALL", "BUILD_GENERAL1_MEDIUM", "BUILD_GENERAL1_LARGE"] = (
        "BUILD_GENERAL1_MEDIUM"
    )
    image: Annotated[str, Shape(r"aws/codebuild/[a-z0-9.-]+:[a-z0-9.-]+", "an image of CodeBuild's own", 100)] = (
        "aws/codebuild/amazonlinux-x86_64-standard:5.0"
    )
    test_minutes: Annotated[int, Field(ge=5, le=120)] = 30
    build_minutes: Annotated[int, Field(ge=5, le=120)] = 30
    register_minutes: Annotated[int, Field(ge=30, le=480)] = 480
    approvals: Annotated[int, Field(ge=1, le=5)] = 1
    log_days: Literal[30, 90, 180, 365, 731, 1827, 2557] = 365
    keep_days: Annotated[int, Field(ge=30, le=3650)] = 365
