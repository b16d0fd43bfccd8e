"""The order in which a data domain's jobs run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cdktf_cdktf_provider_aws.glue_trigger import (
    GlueTrigger,
    GlueTriggerActions,
    GlueTriggerPredicate,
    GlueTriggerPredicateConditions,
)
from cdktf_cdktf_provider_aws.glue_workflow import GlueWorkflow
from constructs import Construct

from modules.core.naming import Naming
from modules.data_lake.names import GLUE_LIMIT


@dataclass(frozen=True, slots=True)
class Chain:
    """The jobs of one table, by name."""

    ingest: str
    curate: str


class Workflow(Construct):
    """The workflow `<organisation>-<environment>-<domain>`: `schedule` (UTC) starts every ingest job of `chains`.

    `chains` are the jobs of each table, by what they are called; `crawler` is the name of that over the raw zone.

    Guarantees:
    - a table is curated once it was ingested, whatever becomes of the others;
    - the raw zone is crawled once all were;
    - one run at a time: while one lasts the schedule starts no other.

    Controls: DATA-14 (NIST 800-53 SI-7).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        domain: str,
        schedule: str,
        chains: Mapping[str, Chain],
        crawler: str,
    ) -> None:
        super().__init__(scope, id_)
        self._naming = naming
        workflow = GlueWorkflow(
            self,
            "workflow",
            name=naming.name(domain),
            description=f"What is dropped for the data domain {domain}, into its tables",
            max_concurrent_runs=1,
        )
        self._workflow = workflow.name
        jobs = [GlueTriggerActions(job_name=chain.ingest) for chain in chains.values()]
        self._trigger("start", f"{domain}-start", jobs, schedule=schedule)
        for table, chain in chains.items():
            curate = [GlueTriggerActions(job_name=chain.curate)]
            self._trigger(table, f"{table}-curate", curate, after=[chain.ingest])
        crawl = [GlueTriggerActions(crawler_name=crawler)]
        self._trigger("crawl", f"{domain}-crawl", crawl, after=[chain.ingest for chain in chains.values()])

    def _trigger(
        self,
        id_: str,
        what: str,
        actions: Sequence[GlueTriggerActions],
        *,
        schedule: str | None = None,
        after: Sequence[str] = (),
    ) -> None:
        """Starts `actions` by `schedule`, or when every job of `after` has succeeded."""
        conditions = [GlueTriggerPredicateConditions(job_name=job, state="SUCCEEDED") for job in after]
        GlueTrigger(
            self,
            id_,
            name=self._naming.name(what, limit=GLUE_LIMIT),
            workflow_name=self._workflow,
            type="CONDITIONAL" if after else "SCHEDULED",
            schedule=schedule,
            predicate=GlueTriggerPredicate(conditions=conditions, logical="AND") if after else None,
            actions=list(actions),
            # The one is asked for at creation, the other is what every later plan compares with the trigger's state.
            start_on_creation=True,
            enabled=True,
        )
