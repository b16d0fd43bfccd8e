"""What a run of a table's quality rules means for the table. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

Stage = Literal["draft", "published"]
GATES = "gates.json"  # ruleset -> gate: generated beside the function's sources
NAMESPACE = "mlgov/DataLake"  # of its metrics
SOURCE, DETAIL_TYPE = "aws.glue-dataquality", "Data Quality Evaluation Results Available"


class RefusedError(Exception):
    """The event does not judge a table as its owner declared it: nothing is changed, whatever the event says."""


@dataclass(frozen=True, slots=True)
class Gate:
    """What a table must pass to be published.

    `databases` are the names under which the domain's account finds it, `rules` counts its rules, `minimum_score`
    (0 to 1) is the share of them that must pass. A `deprecated` table is judged no more.
    """

    database: str
    table: str
    databases: tuple[str, ...]
    rules: int
    minimum_score: float
    on_failure: Literal["withdraw", "keep"]
    deprecated: bool

    @classmethod
    def of(cls, body: Mapping[str, Any]) -> Gate:
        """As the stack wrote it."""
        return cls(**{**body, "databases": tuple(body["databases"])})


@dataclass(frozen=True, slots=True)
class Run:
    """One run of the rules: which, when its result was there, and whether enough of them passed. `score`: 0 to 1."""

    id: str
    at: datetime
    score: float
    passed: bool

    def follows(self, last: Run | None) -> bool:
        """Whether it is news after `last`. Of two at one second the worse stands: events have whole seconds."""
        if last is None or self.at > last.at:
            return True
        return self.at == last.at and last.passed and not self.passed


def read(event: Mapping[str, Any], gates: Mapping[str, Gate], account: str) -> tuple[Gate, Run]:
    """The table that the event judges, and the run.

    `gates` by the name of the ruleset; `account` is that of the domain. Raises RefusedError when another account
    reports, another ruleset ran, it ran on another table, or other rules than declared were judged.
    """
    try:
        source, kind, reporter, time = event["source"], event["detail-type"], event["account"], event["time"]
        detail = event["detail"]
        context, rulesets = detail["context"], detail["rulesetNames"]
        place = (context["databaseName"], context["tableName"])
        counts = [detail[name] for name in ("rulesSucceeded", "rulesFailed", "rulesSkipped")]
        at = datetime.fromisoformat(time)
        run_id = str(detail["resultID"] if "resultID" in detail else detail["resultId"])
    except (KeyError, TypeError, ValueError) as error:
        raise RefusedError(f"the event is not the result of a run on a table of a catalogue: {error!r}") from error
    if (source, kind) != (SOURCE, DETAIL_TYPE):
        raise RefusedError(f"{source}, {kind!r}, is not a result of data quality")
    if reporter != account:
        raise RefusedError(f"account {reporter} reports, and the tables are judged in account {account}")
    if at.tzinfo is None or not all(isinstance(count, int) and count >= 0 for count in counts):
        raise RefusedError(f"the time {time} or the counts {counts} cannot be read")
    if not isinstance(rulesets, list) or len(rulesets) != 1 or rulesets[0] not in gates:
        raise RefusedError(f"the rulesets {rulesets} are not the declared one of a table")
    gate = gates[rulesets[0]]
    if place[0] not in gate.databases or place[1] != gate.table:
        raise RefusedError(f"{rulesets[0]} ran on {'.'.join(map(str, place))}, and is of {gate.database}.{gate.table}")
    if sum(counts) != gate.rules:
        raise RefusedError(f"{rulesets[0]} has {sum(counts)} rules in the domain's account, {gate.rules} are declared")
    # A rule that was skipped did not pass: the score that Glue computes leaves it out.
    score = counts[0] / gate.rules
    return gate, Run(run_id, at, score, score >= gate.minimum_score)


def stage_after(gate: Gate, run: Run) -> Stage | None:
    """The stage that the table gets; None when it keeps the one it has."""
    if run.passed:
        return "published"
    return "draft" if gate.on_failure == "withdraw" else None
