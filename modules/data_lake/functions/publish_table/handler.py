"""Publishes a table of the central catalogue when its quality rules passed, and withdraws it when they did not.

Events come late, twice and out of order, or never (https://docs.aws.amazon.com/eventbridge/latest/ref/event-delivery-level.html).
The last judgement of each table is kept in a parameter of Systems Manager, and an older one changes nothing. One run at
a time (reserved concurrency 1) reads, tags and writes it; the tag comes first, so that a run which dies between the two
is done again. What is raised gives the event to Lambda again, which tries twice more and then keeps it as dead letter.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from modules.data_lake.functions.publish_table.judgement import GATES, NAMESPACE, Gate, Run, Stage, read, stage_after

RETRYING = Config(retries={"mode": "standard", "total_max_attempts": 4}, connect_timeout=2, read_timeout=10)


@dataclass(frozen=True, slots=True)
class Publisher:
    """The gate of one domain. `gates` by ruleset; `account` is the domain's, `domain` its name.

    `catalogue` and `parameters` are clients of Lake Formation and Systems Manager; the judgement of a table lies under
    `<path>/<database>/<table>`.
    """

    gates: Mapping[str, Gate]
    account: str
    domain: str
    path: str
    catalogue: Any
    parameters: Any
    clock: Callable[[], float]
    tell: Callable[[str], object]

    def judge(self, event: Mapping[str, Any]) -> None:
        """Do what the event means for its table. Raises RefusedError for an event that judges none of ours."""
        gate, run = read(event, self.gates, self.account)
        if gate.deprecated:
            self._report(gate, run, "deprecated")
            return
        if not run.follows(self._last(gate)):
            self._report(gate, run, "superseded")
            return
        stage = stage_after(gate, run)
        if stage is not None:
            self._tag(gate, stage)
        self._keep(gate, run)
        self._report(gate, run, stage or "kept")

    def _name(self, gate: Gate) -> str:
        return f"{self.path}/{gate.database}/{gate.table}"

    def _last(self, gate: Gate) -> Run | None:
        try:
            found = self.parameters.get_parameter(Name=self._name(gate))
        except self.parameters.exceptions.ParameterNotFound:
            return None
        body = json.loads(found["Parameter"]["Value"])
        return Run(body["id"], datetime.fromisoformat(body["at"]), body["score"], body["passed"])

    def _keep(self, gate: Gate, run: Run) -> None:
        body = {"id": run.id, "at": run.at.isoformat(), "score": run.score, "passed": run.passed}
        self.parameters.put_parameter(Name=self._name(gate), Value=json.dumps(body), Type="String", Overwrite=True)

    def _tag(self, gate: Gate, stage: Stage) -> None:
        """Raises RuntimeError when Lake Formation answers that it did not set the tag: its call succeeds even so."""
        table = {"Table": {"DatabaseName": gate.database, "Name": gate.table}}
        tags = [{"TagKey": "stage", "TagValues": [stage]}]
        answer = self.catalogue.add_lf_tags_to_resource(Resource=table, LFTags=tags)
        if failures := answer.get("Failures"):
            raise RuntimeError(f"{gate.database}.{gate.table} was not tagged stage={stage}: {failures}")

    def _report(self, gate: Gate, run: Run, outcome: str) -> None:
        """One line of log that is a metric too: the score of what was judged, and whether the rules failed."""
        judged = outcome in ("published", "draft", "kept")
        metrics = {"QualityScore": run.score, "RulesFailed": int(not run.passed)} if judged else {"Ignored": 1}
        directive = {
            "Namespace": NAMESPACE,
            "Dimensions": [["Domain"], ["Domain", "Table"]],
            "Metrics": [{"Name": name, "Unit": "None" if name == "QualityScore" else "Count"} for name in metrics],
        }
        about = {"Domain": self.domain, "Table": f"{gate.database}.{gate.table}", "run": run.id, "outcome": outcome}
        metadata = {"Timestamp": int(self.clock() * 1000), "CloudWatchMetrics": [directive]}
        self.tell(json.dumps({"_aws": metadata, **about, **metrics}, separators=(",", ":")) + "\n")


@cache
def _publisher() -> Publisher:
    gates = json.loads(Path(__file__).with_name(GATES).read_text(encoding="utf-8"))
    return Publisher(
        {ruleset: Gate.of(body) for ruleset, body in gates.items()},
        os.environ["DOMAIN_ACCOUNT"],
        os.environ["DOMAIN"],
        os.environ["JUDGEMENTS"],
        boto3.client("lakeformation", config=RETRYING),
        boto3.client("ssm", config=RETRYING),
        time.time,
        sys.stdout.write,
    )


def handle(event: Mapping[str, Any], _context: Any) -> None:
    """What Lambda calls with one result of data quality."""
    _publisher().judge(event)
