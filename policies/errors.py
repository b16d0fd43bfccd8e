"""The errors of this package."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import ValidationError


class GateError(Exception):
    """The gate cannot say that the stacks hold every policy. The message says what, where and what to do."""

    exit_code = 3


class GuardrailError(Exception):
    """Guardrails that no policy of AWS can hold. The message says what, the numbers, and what to do."""

    exit_code = 2


class CatalogueError(Exception):
    """The catalogue has no such control. The message says which was asked for, and what to do."""

    exit_code = 2


class WaiverError(Exception):
    """A waiver that the gate would not accept, or that cannot be written. The message says why; nothing was written."""

    exit_code = 2


class CostError(Exception):
    """What stands cannot be priced. The message says which price is missing, and where to add it."""

    exit_code = 2


class AccessError(Exception):
    """A question of access that names nothing there is. The message says what, and what could be named."""

    exit_code = 2


def reasons(error: ValidationError) -> Iterator[str]:
    """What pydantic has against the data, each with its path as `a.b.0`."""
    for fault in error.errors():
        yield f"{'.'.join(str(part) for part in fault['loc'])} {fault['msg']}".strip()
