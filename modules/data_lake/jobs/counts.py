"""How many rows a job read, wrote and rejected: told as metrics, and the reason to fail when too many are unfit."""

from __future__ import annotations

import json
import logging
from dataclasses import asdict, dataclass
from typing import Any

from modules.data_lake.jobs.spec import TableSpec

NAMESPACE = "mlgov/DataLake"


class TooManyRejectedError(Exception):
    """More of the rows are unfit than the domain accepts; nothing was written but the quarantine."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Rows that a job read, and how many of them were rejected."""

    read: int
    rejected: int

    def check(self, spec: TableSpec, quarantine: str) -> None:
        """Raises TooManyRejectedError when the share of the rejected is above the table's limit."""
        if self.read and self.rejected / self.read > spec.max_rejected:
            raise TooManyRejectedError(
                f"{spec.called}: {self.rejected} of {self.read} rows are unfit, more than {spec.max_rejected:.1%}. "
                f"Why is told beside each row in {quarantine}: have the delivery mended, or raise "
                f"pipelines.max_rejected of the domain {spec.domain}"
            )

    def tell(self, client: Any, spec: TableSpec, job: str) -> None:
        """As metrics of the table, by a client of CloudWatch, and as one line of JSON in the job's log."""
        logging.getLogger(__name__).info(json.dumps({"job": job, "table": spec.called, **asdict(self)}))
        dimensions = [{"Name": "Domain", "Value": spec.domain}, {"Name": "Table", "Value": spec.called}]
        client.put_metric_data(
            Namespace=NAMESPACE,
            MetricData=[
                {"MetricName": f"{job}{name}", "Dimensions": dimensions, "Value": float(count), "Unit": "Count"}
                for name, count in (("RowsRead", self.read), ("RowsRejected", self.rejected))
            ],
        )
