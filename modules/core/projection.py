"""Tables over files, whose partitions Athena computes from rules instead of keeping a list of them. No cdktf here.

https://docs.aws.amazon.com/athena/latest/ug/partition-projection.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from modules.core.iam import policy_variable

_TEXT = "org.apache.hadoop.mapred.TextInputFormat"
_TEXT_OUT = "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat"
_PARQUET = "org.apache.hadoop.hive.ql.io.parquet"


@dataclass(frozen=True, slots=True)
class Partition:
    """A column that stands in the path of a file and not in it. `rule` tells Athena which values there are."""

    name: str
    rule: Mapping[str, str] = field(hash=False)


@dataclass(frozen=True, slots=True)
class Format:
    """How files are read: what Glue calls the whole, and the Java classes behind it."""

    classification: str
    input: str
    output: str
    serde: str


JSON_LINES = Format("json", _TEXT, _TEXT_OUT, "org.openx.data.jsonserde.JsonSerDe")
PARQUET = Format(
    "parquet",
    f"{_PARQUET}.MapredParquetInputFormat",
    f"{_PARQUET}.MapredParquetOutputFormat",
    f"{_PARQUET}.serde.ParquetHiveSerDe",
)


@dataclass(frozen=True, slots=True)
class FileTable:
    """The table `name`: `columns` (name -> type in Glue) of the files below `location`, an S3 URI that ends in `/`.

    `path` is what follows it, with the partitions in braces, such as `{account}/{day}`. Without partitions it is empty,
    and all files are read. Raises ValueError when a partition is called like a column, which Glue refuses.
    """

    name: str
    description: str
    columns: Mapping[str, str] = field(hash=False)
    partitions: Sequence[Partition]
    location: str
    path: str
    format: Format

    def __post_init__(self) -> None:
        if twice := sorted(set(self.columns) & {each.name for each in self.partitions}):
            raise ValueError(f"the table {self.name} has columns and partitions of one name: {', '.join(twice)}")

    @property
    def parameters(self) -> dict[str, str]:
        """The properties by which Athena finds the files."""
        read_as = {"EXTERNAL": "TRUE", "classification": self.format.classification}
        if not self.partitions:
            return read_as
        # The variables are Athena's: Terraform must leave them alone.
        path = self.path.format(**{each.name: policy_variable(each.name) for each in self.partitions})
        rules = {f"projection.{each.name}.{key}": value for each in self.partitions for key, value in each.rule.items()}
        return {
            **read_as,
            "projection.enabled": "true",
            **rules,
            "storage.location.template": f"{self.location}{path}",
        }


def one_of(name: str, values: Sequence[str]) -> Partition:
    """One of `values`, which hold no comma."""
    return Partition(name, {"type": "enum", "values": ",".join(values)})


def each_day(name: str, form: str, keep_days: int) -> Partition:
    """Every day since `keep_days` ago, written in Java's `form`."""
    return _dates(name, form, "DAYS", keep_days)


def each_hour(name: str, form: str, keep_days: int) -> Partition:
    """Every hour since `keep_days` ago, written in Java's `form`."""
    return _dates(name, form, "HOURS", keep_days)


def each_month(name: str, form: str, keep_months: int) -> Partition:
    """Every month since `keep_months` ago, written in Java's `form`."""
    return _dates(name, form, "MONTHS", keep_months, "MONTHS")


def _dates(name: str, form: str, unit: str, keep: int, back: str = "DAYS") -> Partition:
    rule = {
        "type": "date",
        "format": form,
        "interval": "1",
        "interval.unit": unit,
        "range": f"NOW-{keep}{back},NOW",
    }
    return Partition(name, rule)
