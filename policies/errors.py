"""The gate's error."""

from __future__ import annotations


class GateError(Exception):
    """The gate cannot say that the stacks hold every policy. The message says what, where and what to do."""

    exit_code = 3
