"""What is set where it would do nothing, or is told to nobody: one change each, and what it gives."""

from __future__ import annotations

from pathlib import Path

import pytest

from environments.load import load
from tests.environments.spoiled import (
    CONFIG,
    DEV,
    ORGANIZATION,
    TEAM,
    Case,
    assert_complaints,
    case,
    copy_of_small,
    spoil,
)

ENVIRONMENT, COSTS, PROD = "environment: dev", "cost_reporting:\n", "prod.yaml"
SHOWBACK = "cost_reporting:\n  reports: { showback: { recipients: "
ALARMS = "observability: { alarms: "
LOGS = "observability: { telemetry: { logs: "
CASES = (
    case(
        "a split in one environment",
        *(DEV, ENVIRONMENT, f"{ENVIRONMENT}\ncost_reporting: {{ split: {{ method: EVEN }} }}"),
        ("cost_reporting:", "cost_reporting.split.method", "would do nothing here: write it in organization.yaml"),
    ),
    case(
        "a lake of security events in one environment",
        *(DEV, ENVIRONMENT, f"{ENVIRONMENT}\nobservability: {{ security_lake: {{ enabled: true }} }}"),
        ("observability:", "observability.security_lake.enabled", "is of the whole organisation"),
    ),
    case(
        "what is stopped in production",
        *(PROD, "environment: prod", "environment: prod\ncost_reporting: { usage: { stop: { mode: 'on' } } }"),
        ("cost_reporting:", "cost_reporting.usage.stop", "is of dev alone and would do nothing here"),
    ),
    case(
        "alarms of an environment that nobody observes by itself",
        *(DEV, ENVIRONMENT, f"{ENVIRONMENT}\n{ALARMS}{{ told_from: low }} }}"),
        ("observability:", "observability.alarms.told_from", "dev has no observability account of its own"),
    ),
    case(
        "a channel of nobody",
        ORGANIZATION,
        "name: minnow\n",
        f"name: minnow\n{ALARMS}{{ chat: {{ workspace: T1, channels: {{ scorin: C1 }} }} }} }}\n",
        ("observability:", "observability.alarms.chat.channels.scorin", "did you mean scoring?"),
    ),
    case(
        "costs told to a line of business that is not there",
        *(ORGANIZATION, COSTS, f"{SHOWBACK}{{ Lendin: [a@minnow.example] }} }} }}\n"),
        ("  reports:", "cost_reporting.reports.showback.recipients.Lendin", "did you mean Lending?"),
    ),
    case(
        "costs told twice to one",
        *(ORGANIZATION, COSTS, f"{SHOWBACK}{{ Lending: [a@minnow.example, a@minnow.example] }} }} }}\n"),
        ("  reports:", "cost_reporting.reports.showback.recipients.Lending", "must name each once"),
    ),
    case(
        "exports that expire before they are cold",
        *(ORGANIZATION, COSTS, f"{COSTS}  exports: {{ cold_after_days: 400, expire_after_days: 365 }}\n"),
        ("  exports:", "cost_reporting.exports", "cold_after_days must be smaller than expire_after_days"),
    ),
    case(
        "a log kept for days that CloudWatch does not know",
        *(ORGANIZATION, "name: minnow\n", "name: minnow\nobservability: { intake: { log_days: 366 } }\n"),
        ("observability:", "observability.intake.log_days", "must be one of 365, 400"),
    ),
    case(
        "data that is masked in no country",
        *(ORGANIZATION, "name: minnow\n", f"name: minnow\n{LOGS}{{ masked: [PhoneNumber] }} }} }}\n"),
        ("observability:", "observability.telemetry.logs.masked[0]", "must end with a country, such as PhoneNumber-GB"),
    ),
    case(
        "a field of logs with a space",
        *(ORGANIZATION, "name: minnow\n", f"name: minnow\n{LOGS}{{ indexed: [request id] }} }} }}\n"),
        ("observability:", "observability.telemetry.logs.indexed[0]", "must be the name of a field in log lines"),
    ),
    case(
        "runbooks that nobody can open",
        *(ORGANIZATION, "name: minnow\n", f"name: minnow\n{ALARMS}{{ runbooks: 'our wiki' }} }}\n"),
        ("observability:", "observability.alarms.runbooks", "must be a URL or a path without spaces"),
    ),
    case(
        "a line of business without a letter",
        *(TEAM, "line_of_business: Lending", "line_of_business: '---'"),
        ("line_of_business:", "line_of_business", "must have a letter or a digit"),
    ),
)


@pytest.mark.parametrize("wrong", CASES, ids=lambda wrong: wrong.fact)
def test_what_would_do_nothing_is_refused(wrong: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody believes that a setting holds which nothing reads; each is told with file, line, path and what to do."""
    copy_of_small(tmp_path, monkeypatch)
    spoil(wrong)
    assert_complaints(wrong.expected)


def test_development_says_what_is_stopped_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The one setting of usage that an environment has is taken from its file."""
    file = copy_of_small(tmp_path, monkeypatch) / DEV
    file.write_text(f"{ENVIRONMENT}\ncost_reporting: {{ usage: {{ stop: {{ mode: 'on' }} }} }}\n", encoding="utf-8")
    assert load(CONFIG).settings("dev").cost_reporting.usage.stop.mode == "on"
