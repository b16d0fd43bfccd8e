"""What accounts show to the observability account: kinds of telemetry as AWS calls them, and filters. No cdktf here."""

from __future__ import annotations

from collections.abc import Sequence

from modules.observability.telemetry_settings import LinkSettings

# https://docs.aws.amazon.com/OAM/latest/APIReference/API_CreateLink.html
METRICS, LOG_GROUPS, TRACES = "AWS::CloudWatch::Metric", "AWS::Logs::LogGroup", "AWS::XRay::Trace"
# What a sink takes; which of them an account shows, its settings say.
TELEMETRY = (METRICS, LOG_GROUPS, TRACES)


def shown(settings: LinkSettings) -> tuple[str, ...]:
    """The kinds of telemetry that an account shows."""
    wanted = {METRICS: bool(settings.metrics), LOG_GROUPS: bool(settings.log_groups), TRACES: settings.traces}
    return tuple(kind for kind, is_wanted in wanted.items() if is_wanted)


def shows_metric(settings: LinkSettings, namespace: str) -> bool:
    """Whether metrics of the namespace are seen in the observability account: a dashboard of others stays empty."""
    return _matches(settings.metrics, namespace)


def shows_log_group(settings: LinkSettings, name: str) -> bool:
    """Whether the log group is seen in the observability account."""
    return _matches(settings.log_groups, name)


def link_filter(term: str, patterns: Sequence[str]) -> str | None:
    """The filter of a link by these whole names and prefixes, in the order given; None where everything is shown."""
    if "*" in patterns:
        return None
    whole = ", ".join(f"'{pattern}'" for pattern in patterns if not pattern.endswith("*"))
    prefixes = [f"{term} LIKE '{pattern[:-1]}%'" for pattern in patterns if pattern.endswith("*")]
    return " OR ".join([*([f"{term} IN ({whole})"] if whole else []), *prefixes])


def _matches(patterns: Sequence[str], name: str) -> bool:
    return any(name.startswith(pattern[:-1]) if pattern.endswith("*") else name == pattern for pattern in patterns)
