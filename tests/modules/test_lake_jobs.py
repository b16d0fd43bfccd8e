"""The jobs of a data domain, run by Spark itself: what is delivered arrives once, in its types, and nothing is lost."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from modules.data_lake.jobs.spec import TableSpec

pytestmark = pytest.mark.e2e
pyspark = pytest.importorskip("pyspark", reason="the jobs run on Spark: pip install --group test")
STARTED = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


class Folder:
    """Storage in a local folder, which `breaks` when files are to be deleted."""

    breaks = False

    def files(self, folder: str) -> list[str]:
        from modules.data_lake.jobs.storage import is_data

        root = Path(folder)
        found = (path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())
        return sorted(f"{folder}{path}" for path in found if is_data(path))

    def read(self, file: str) -> str:
        return Path(file).read_text()

    def write(self, file: str, text: str) -> None:
        Path(file).write_text(text)

    def delete(self, files: list[str]) -> None:
        for file in files:
            if self.breaks:
                raise OSError("it died")
            Path(file).unlink(missing_ok=True)


class Partitions:
    """A catalogue that notes which partitions a table shall have."""

    def __init__(self) -> None:
        self.kept: list[list[tuple[str, ...]]] = []

    def keep(self, spec: TableSpec, wanted: dict[tuple[str, ...], str]) -> None:
        self.kept.append(list(wanted))


class Desk:
    """A table with its folders, and the jobs that work on it."""

    def __init__(self, spark: Any, spec: TableSpec) -> None:
        self.spark, self.spec, self.storage, self.catalogue = spark, spec, Folder(), Partitions()
        self.counts: list[tuple[int, int]] = []
        self.seen: set[str] = set()

    def drop(self, name: str, text: str) -> None:
        """Deliver a file."""
        file = Path(self.spec.incoming, name)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def ingest(self) -> None:
        from modules.data_lake.jobs.ingest import ingest

        ingest(self.spark, self.storage, self.spec, STARTED, self._tell)

    def curate(self) -> None:
        """Curate what the raw zone got since the last time, as Glue's bookmark has it."""
        from modules.data_lake.jobs.curate import curate

        new = [file for file in self.storage.files(self.spec.raw) if file not in self.seen]
        raw = self.spark.read.option("mergeSchema", True).parquet(*new) if new else None
        curate(self.spark, self.storage, self.catalogue, self.spec, raw, STARTED, self._tell)
        self.seen |= set(new)

    def rows(self) -> list[dict[str, Any]]:
        """The table, sorted."""
        schema = ", ".join(f"{name} {kind}" for name, kind in self.spec.columns)
        frame = self.spark.read.schema(schema).parquet(self.spec.target)
        return [row.asDict(recursive=True) for row in frame.orderBy(frame.columns[0]).collect()]

    def quarantine(self, job: str) -> list[dict[str, Any]]:
        """What the job put aside."""
        files = self.storage.files(f"{self.spec.quarantine}{job}/")
        return [row.asDict() for row in self.spark.read.json(files).collect()] if files else []

    def _tell(self, counts: Any) -> None:
        self.counts.append((counts.read, counts.rejected))


@pytest.fixture(name="spark", scope="module")
def _spark() -> Iterator[Any]:
    if shutil.which("java") is None:
        pytest.skip("Spark needs Java 17: install openjdk-17-jre-headless")
    from pyspark.sql import SparkSession

    session = (
        SparkSession.builder.master("local[1]")
        .config("spark.ui.enabled", False)
        .config("spark.sql.shuffle.partitions", 1)
        .config("spark.sql.codegen.wholeStage", False)  # compiling costs more than these few rows
        .config("spark.sql.adaptive.enabled", False)
        .config("spark.ui.showConsoleProgress", False)
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .getOrCreate()
    )
    yield session
    session.stop()


@pytest.fixture(name="spec")
def _spec(tmp_path: Path) -> TableSpec:
    return TableSpec(
        domain="payments",
        product="cards",
        table="payment",
        format="csv",
        columns=(("payment_id", "string"), ("amount", "decimal(8,2)"), ("paid_at", "timestamp"), ("paid_on", "date")),
        key=("payment_id",),
        partition_by=(),
        max_rejected=0.5,
        database="payments_cards",
        **{name: f"{tmp_path}/{name}/" for name in ("incoming", "raw", "quarantine", "staging", "target")},
    )


HEADER = "Payment ID,Amount,Paid at,Paid on\n"


def test_a_delivery_arrives_in_its_types(spark: Any, spec: TableSpec) -> None:
    """Names become SQL's, text becomes the declared types, and the file is taken from the inbox."""
    desk = Desk(spark, spec)
    desk.drop(
        "a.csv", HEADER + 'p1,12.50,2026-11-22T23:59:59+02:00,2026-11-22\n"p,2",1,2026-11-23 00:00:00,2026-11-23\n'
    )
    desk.ingest()
    desk.curate()
    first, second = desk.rows()
    assert (first["payment_id"], second["payment_id"]) == ("p,2", "p1")
    assert str(second["amount"]) == "12.50"
    assert second["paid_on"].isoformat() == "2026-11-22"
    assert desk.storage.files(spec.incoming) == []
    assert desk.counts == [(2, 0), (2, 0)]


def test_files_with_other_headers_are_read_by_their_own(spark: Any, spec: TableSpec) -> None:
    """One with its columns in another order, or with one more, is not misread, whatever it is called."""
    desk = Desk(spark, spec)
    desk.drop("a.csv", "payment_id,amount\np1,1.00\n")
    desk.drop("b [1] {x}*.csv", "amount,payment_id,note\n2.00,p2,late\n")
    desk.drop("empty [1] {x}*.csv", "")
    desk.ingest()
    desk.curate()
    assert [(row["payment_id"], str(row["amount"])) for row in desk.rows()] == [("p1", "1.00"), ("p2", "2.00")]


def test_what_is_no_row_is_put_aside_as_it_came(spark: Any, spec: TableSpec) -> None:
    """A line with too many fields goes to the quarantine, and its neighbours go on."""
    desk = Desk(spark, spec)
    desk.drop("a.csv", HEADER + "p1,1.00,2026-11-22 00:00:00,2026-11-22\np2,2.00,x,y,too,many\n")
    desk.ingest()
    assert desk.counts == [(2, 1)]
    assert [row["_corrupt"] for row in desk.quarantine("ingest")] == ["p2,2.00,x,y,too,many"]


def test_too_much_that_is_unfit_stops_the_job_and_leaves_the_delivery(spark: Any, spec: TableSpec) -> None:
    """Above the limit nothing reaches the raw zone, the file stays, and the error says where to look."""
    from modules.data_lake.jobs.counts import TooManyRejectedError

    desk = Desk(spark, replace(spec, max_rejected=0.4))
    desk.drop("a.csv", HEADER + "p1,1.00,2026-11-22 00:00:00,2026-11-22\np2,2.00,x,y,too,many\n")
    with pytest.raises(TooManyRejectedError, match=r"1 of 2 rows are unfit, more than 40.0%.*quarantine/ingest"):
        desk.ingest()
    assert len(desk.storage.files(spec.incoming)) == 1
    assert desk.storage.files(spec.raw) == []


def test_rows_that_do_not_fit_are_rejected_with_the_reason(spark: Any, spec: TableSpec) -> None:
    """No overflow, no value cut short, no missing key: each is told beside the row as it came."""
    desk = Desk(spark, replace(spec, max_rejected=0.9))
    rows = ["p1,1.00,,2026-11-22", "p2,12345678.00,,2026-11-22", ",3.00,,2026-11-22", "p4,4.00,,22.11.2026"]
    desk.drop("a.csv", HEADER + "\n".join(rows) + "\n")
    desk.ingest()
    desk.curate()
    assert [row["payment_id"] for row in desk.rows()] == ["p1"]
    assert sorted(row["_faults"] for row in desk.quarantine("curate")) == [
        "amount is no decimal(8,2)",
        "paid_on is no date",
        "payment_id is empty, and the key needs it",
    ]


def test_of_one_key_the_latest_row_stays(spark: Any, spec: TableSpec) -> None:
    """Within a file the later line, between deliveries the later one; others stay as they were."""
    desk = Desk(spark, spec)
    desk.drop("a.csv", "payment_id,amount\np1,1.00\np2,2.00\np1,1.50\n")
    desk.ingest()
    desk.curate()
    assert [str(row["amount"]) for row in desk.rows()] == ["1.50", "2.00"]
    desk.drop("b.csv", "payment_id,amount\np1,9.00\n")
    desk.ingest()
    desk.curate()
    assert [str(row["amount"]) for row in desk.rows()] == ["9.00", "2.00"]


def test_a_rerun_changes_nothing(spark: Any, spec: TableSpec) -> None:
    """The same delivery again, and the same raw rows again (a lost bookmark), leave the table as it is."""
    desk = Desk(spark, replace(spec, key=()))
    text = "payment_id,amount\np1,1.00\np1,1.00\np2,2.00\n"
    desk.drop("a.csv", text)
    desk.ingest()
    desk.curate()
    before = desk.rows()
    desk.drop("again.csv", text)
    desk.ingest()
    desk.seen.clear()
    desk.curate()
    assert desk.rows() == before
    assert len(before) == 2


def test_a_row_that_moves_leaves_its_old_partition(spark: Any, spec: TableSpec) -> None:
    """Where the partition is no part of the key, the old row goes, and so does a partition that is empty then."""
    desk = Desk(spark, replace(spec, partition_by=("paid_on",)))
    desk.drop("a.csv", "payment_id,paid_on\np1,2026-11-21\np2,2026-11-22\n")
    desk.ingest()
    desk.curate()
    desk.drop("b.csv", "payment_id,paid_on\np1,2026-11-22\n")
    desk.ingest()
    desk.curate()
    assert [row["paid_on"].isoformat() for row in desk.rows()] == ["2026-11-22", "2026-11-22"]
    assert desk.catalogue.kept == [[("2026-11-21",), ("2026-11-22",)], [("2026-11-22",)]]


def test_partitions_that_nothing_came_for_are_not_touched(spark: Any, spec: TableSpec) -> None:
    """Where the partition is part of the key, only what was delivered for is written anew."""
    desk = Desk(spark, replace(spec, key=("payment_id", "paid_on"), partition_by=("paid_on",)))
    desk.drop("a.csv", "payment_id,paid_on\np1,2026-11-21\np2,2026-11-22\n")
    desk.ingest()
    desk.curate()
    untouched = [file for file in desk.storage.files(spec.target) if "2026-11-21" in file]
    desk.drop("b.csv", "payment_id,paid_on\np3,2026-11-22\n")
    desk.ingest()
    desk.curate()
    assert [file for file in desk.storage.files(spec.target) if "2026-11-21" in file] == untouched
    assert [row["payment_id"] for row in desk.rows()] == ["p1", "p2", "p3"]


def test_a_run_that_dies_while_it_writes_loses_nothing(spark: Any, spec: TableSpec) -> None:
    """The next run finishes what was staged, whole, before anything else; what was staged in part is thrown away."""
    desk = Desk(spark, spec)
    desk.drop("a.csv", "payment_id,amount\np1,1.00\n")
    desk.ingest()
    desk.curate()
    desk.drop("b.csv", "payment_id,amount\np2,2.00\n")
    desk.ingest()
    desk.storage.breaks = True
    with pytest.raises(OSError, match="it died"):
        desk.curate()
    for file in desk.storage.files(spec.target):  # as if it had died between taking away the old and writing the new
        Path(file).unlink()
    desk.storage.breaks = False
    desk.curate()
    assert [row["payment_id"] for row in desk.rows()] == ["p1", "p2"]
    assert desk.storage.files(spec.staging) == []


def test_json_keeps_numbers_and_nested_values(spark: Any, spec: TableSpec) -> None:
    """Nested fields are found by name and not by place, long numbers keep their digits, broken lines are put aside."""
    columns = (("id", "bigint"), ("tags", "array<string>"), ("home", "struct<city:string,number:int>"))
    desk = Desk(spark, replace(spec, format="json", columns=columns, key=("id",)))
    desk.drop(
        "a.json",
        '{"id": 9007199254740993, "tags": ["x"], "home": {"number": 4, "city": "Cork"}, "extra": true}\n'
        '{"id": "2", "home": "nowhere"}\n{"id": 3\n{"id": 4}\n{"id": 5, "home": {"number": "four"}}\n',
    )
    desk.ingest()
    assert desk.counts == [(5, 1)]
    desk.curate()
    assert desk.rows()[1] == {"id": 9007199254740993, "tags": ["x"], "home": {"city": "Cork", "number": 4}}
    assert [row["_faults"] for row in desk.quarantine("curate")] == ["home is no struct<city:string,number:int>"] * 2


def test_parquet_comes_through_text_unchanged(spark: Any, spec: TableSpec) -> None:
    """Times, decimals, bytes and nested values of a Parquet file are the same in the table."""
    columns = (
        ("id", "int"),
        ("amount", "decimal(18,2)"),
        ("at", "timestamp"),
        ("photo", "binary"),
        ("scores", "map<string,double>"),
    )
    desk = Desk(spark, replace(spec, format="parquet", columns=columns, key=("id",)))
    query = (
        "SELECT 1 AS id, cast(1.50 AS decimal(18,2)) AS amount, timestamp'2026-11-22 10:00:00.123456' AS at, "
        "X'00FF' AS photo, map('a', 0.1D) AS scores"
    )
    spark.sql(query).write.parquet(spec.incoming)
    desk.ingest()
    desk.curate()
    assert desk.rows() == [row.asDict(recursive=True) for row in spark.sql(query).collect()]


class Glue:
    """What Glue gives a script: a session, arguments, and a bookmark that is noted when it moves."""

    def __init__(self, spark: Any, arguments: dict[str, str], frame: Any) -> None:
        self.spark_session, self.arguments, self.frame, self.done = spark, arguments, frame, list[str]()
        self.create_dynamic_frame = self

    def from_options(self, **options: Any) -> Any:
        self.done.append(f"read {options['connection_options']['paths']} as {options['transformation_ctx']}")
        return SimpleNamespace(toDF=lambda: self.frame)

    def modules(self) -> dict[str, Any]:
        job = SimpleNamespace(init=lambda *_: self.done.append("init"), commit=lambda: self.done.append("commit"))
        return {
            "awsglue": ModuleType("awsglue"),
            "awsglue.context": SimpleNamespace(GlueContext=lambda _: self),
            "awsglue.job": SimpleNamespace(Job=lambda _: job),
            "awsglue.utils": SimpleNamespace(
                getResolvedOptions=lambda _, names: {name: self.arguments[name] for name in names}
            ),
        }


@pytest.mark.parametrize("dies", [False, True])
def test_the_bookmark_moves_when_the_table_holds_the_rows(
    spark: Any, spec: TableSpec, monkeypatch: pytest.MonkeyPatch, dies: bool
) -> None:
    """What Glue runs reads since the bookmark, and moves it last: a run that dies reads the same rows again."""
    import boto3

    from modules.data_lake.jobs import curate, storage

    glue = Glue(
        spark, {"JOB_NAME": "j", "spec": "s3://code/x", "catalog_id": "3"}, spark.createDataFrame([], "a string")
    )
    for name, module in glue.modules().items():
        monkeypatch.setitem(sys.modules, name, module)
    monkeypatch.setattr(boto3, "client", lambda service: service)
    monkeypatch.setattr(storage.S3Storage, "read", lambda *_: spec.to_json())

    def curated(*arguments: Any) -> None:
        glue.done.append("curated" if arguments[3] == spec and arguments[4] is glue.frame else "something else")
        if dies:
            raise OSError("it died")

    monkeypatch.setattr(curate, "curate", curated)
    with pytest.raises(OSError, match="it died") if dies else nullcontext():
        curate.main([])
    assert glue.done == ["init", f"read ['{spec.raw}'] as raw", "curated", *([] if dies else ["commit"])]


def test_nothing_delivered_is_told_as_nothing(spark: Any, spec: TableSpec) -> None:
    """A run without news says so, and touches neither zone nor catalogue."""
    desk = Desk(spark, spec)
    desk.ingest()
    desk.curate()
    assert desk.counts == [(0, 0), (0, 0)]
    assert desk.catalogue.kept == []
