"""The partitions of a table in the central catalogue, kept as the files of the table have them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import unquote

from modules.data_lake.jobs.spec import TableSpec

_CREATE, _DELETE = 100, 25  # the most partitions that one request makes, and takes away


def partitions(files: Iterable[str], spec: TableSpec) -> Mapping[tuple[str, ...], str]:
    """The values of each partition with its folder, from the paths that Spark wrote (`<column>=<value>/`).

    Raises ValueError when a file lies outside the partitions.
    """
    found = {}
    for file in files:
        folder = file.removeprefix(spec.target).rpartition("/")[0]
        pairs = [part.partition("=") for part in folder.split("/")]
        if tuple(name for name, _, _ in pairs) != spec.partition_by:
            raise ValueError(f"{file} lies in no partition by {', '.join(spec.partition_by)}")
        found[tuple(unquote(value) for _, _, value in pairs)] = f"{spec.target}{folder}/"
    return dict(sorted(found.items()))


class Catalogue:
    """The central catalogue, as a client of Glue sees it. `catalog_id` is the account that owns it.

    Lake Formation judges each call by the grants of the job's role: DESCRIBE to read, ALTER and INSERT to change.
    """

    def __init__(self, client: Any, catalog_id: str) -> None:
        self._glue, self._catalog_id = client, catalog_id

    def keep(self, spec: TableSpec, wanted: Mapping[tuple[str, ...], str]) -> None:
        """Make the partitions that are missing, take away those without files. Doing it again changes nothing.

        Raises OSError when the catalogue refuses one.
        """
        table = {"CatalogId": self._catalog_id, "DatabaseName": spec.database, "TableName": spec.table}
        pages = self._glue.get_paginator("get_partitions").paginate(**table, ExcludeColumnSchema=True)
        known = {tuple(each["Values"]) for page in pages for each in page["Partitions"]}
        missing = [values for values in wanted if values not in known]
        if missing:
            described = self._glue.get_table(CatalogId=self._catalog_id, DatabaseName=spec.database, Name=spec.table)[
                "Table"
            ]["StorageDescriptor"]
            new = [
                {"Values": list(values), "StorageDescriptor": {**described, "Location": wanted[values]}}
                for values in missing
            ]
            for start in range(0, len(new), _CREATE):
                answer = self._glue.batch_create_partition(**table, PartitionInputList=new[start : start + _CREATE])
                _succeeded(answer, spec, but="AlreadyExistsException")
        gone = sorted(known - set(wanted))
        for start in range(0, len(gone), _DELETE):
            batch = [{"Values": list(values)} for values in gone[start : start + _DELETE]]
            answer = self._glue.batch_delete_partition(**table, PartitionsToDelete=batch)
            _succeeded(answer, spec, but="EntityNotFoundException")


def _succeeded(answer: Mapping[str, Any], spec: TableSpec, *, but: str) -> None:
    for error in answer.get("Errors", ()):
        if error["ErrorDetail"]["ErrorCode"] != but:
            raise OSError(f"{spec.database}.{spec.table}, partition {error['PartitionValues']}: {error['ErrorDetail']}")
