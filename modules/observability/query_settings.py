"""What may be set for queries over the log archive."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from modules.core.settings import RolePattern, Strict, distinct


class LogQueriesSettings(Strict):
    """Queries over the log archive, in the observability account of the organisation.

    `readers` are the roles there that may become the one that queries, by ARN after `role/`, with `*` for any text. One
    query scans at most `scan_limit_gb` (10^9 bytes each); its results are kept for `keep_results_days`.
    """

    readers: Annotated[tuple[RolePattern, ...], Field(min_length=1), AfterValidator(distinct)] = tuple(
        f"aws-reserved/sso.amazonaws.com/*AWSReservedSSO_mlgov-{persona}_*"
        for persona in ("cloud-administrator", "security-auditor")
    )
    scan_limit_gb: Annotated[int, Field(ge=1, le=1000)] = 500
    keep_results_days: Annotated[int, Field(ge=1, le=365)] = 30
