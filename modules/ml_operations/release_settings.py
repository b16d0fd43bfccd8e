"""What may be set for the pipelines that release models. No cdktf here."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from modules.core.settings import Shape, Strict

_SHA256 = Shape(r"[0-9a-f]{64}", "a SHA-256: 64 digits of 0-9 and a-f", 64, shortest=64)
_PROVIDER_HASH = Shape(r"h1:[A-Za-z0-9+/]{43}=", "a hash as Terraform's lock files have it, such as h1:...=", 47)


class ToolsSettings(Strict):
    """Which Terraform releases run: the SHA-256 of HashiCorp's archive, and the AWS provider's hash in lock files.

    Both stand in the bucket `ml-artifacts` below `tools/`. The defaults are Terraform 1.11.4 and hashicorp/aws 5.100.0,
    for Linux on x86-64.
    """

    terraform_sha256: Annotated[str, _SHA256] = "1ce994251c00281d6845f0f268637ba50c0005657eb3cf096b92f753b42ef4dc"
    provider_hash: Annotated[str, _PROVIDER_HASH] = "h1:edXOJWE4ORX8Fm+dpVpICzMZJat4AX0VRCAy/xkcOc0="


class ReleaseSettings(Strict):
    """How releases run: CodeBuild's machine, times, what an integration test demands, and how long what is kept.

    `approval_hours`: how long a release waits for a person before it fails; those behind it wait as long. An answer may
    differ from that of the sample by `tolerance` (numbers only, relative or absolute). `patience_minutes`: how long a
    test waits for answers that come later, and for captured requests.
    """

    compute_type: Literal["BUILD_GENERAL1_SMALL", "BUILD_GENERAL1_MEDIUM", "BUILD_GENERAL1_LARGE"] = (
        "BUILD_GENERAL1_MEDIUM"
    )
    image: Annotated[str, Shape(r"aws/codebuild/[a-z0-9.-]+:[a-z0-9.-]+", "an image of CodeBuild's own", 100)] = (
        "aws/codebuild/amazonlinux-x86_64-standard:5.0"
    )
    check_minutes: Annotated[int, Field(ge=5, le=120)] = 30
    deploy_minutes: Annotated[int, Field(ge=30, le=480)] = 180
    verify_minutes: Annotated[int, Field(ge=10, le=480)] = 90
    approval_hours: Annotated[int, Field(ge=1, le=1440)] = 72
    tolerance: Annotated[float, Field(gt=0, le=0.5)] = 0.001
    patience_minutes: Annotated[int, Field(ge=1, le=120)] = 15
    tools: ToolsSettings = ToolsSettings()
    log_days: Literal[30, 90, 180, 365, 731, 1827, 2557] = 365
    keep_days: Annotated[int, Field(ge=90, le=3650)] = 400
