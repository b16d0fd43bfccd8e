"""The tags that every resource carries, set once as the provider's `default_tags`."""

from __future__ import annotations

REQUIRED = ("Organization", "Environment", "Account", "Module", "Stack", "ManagedBy")


def required_tags(
    *, organization: str, environment: str, account: str, module: str, stack: str, extra: dict[str, str] | None = None
) -> dict[str, str]:
    """The required tags, and after them those of the account's team or data domain."""
    tags = dict(zip(REQUIRED, (organization, environment, account, module, stack, "mlgov"), strict=True))
    return tags | (extra or {})
