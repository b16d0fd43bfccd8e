"""The one place that leaves the typed bindings: `add_override` with a reason."""

from __future__ import annotations

from typing import Any

from cdktf import TerraformElement, TerraformStack


def override(target: TerraformElement | TerraformStack, path: str, value: Any, *, because: str) -> None:
    """Set `path` of `target` in the synthesised JSON. `because` says which gap of the bindings makes it needed."""
    if not because:
        raise ValueError(f"override of {path!r} needs a reason")
    target.add_override(path, value)
