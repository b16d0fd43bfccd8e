"""The Glue catalogue of an account, which moto keeps, as Lake Formation and Feature Store see it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from moto.glue.models import glue_backends
from moto.iam.models import iam_backends

from delivery.emulator.service import AwsError, Call
from delivery.emulator.store import Record


def own(call: Call, catalog: str | None) -> str:
    """The id of the catalogue that is asked for: the caller's.

    AWS lets nobody administer another account's catalogue unless the owner granted it on, which no stack of ours does.
    """
    if catalog not in (None, call.account):
        raise AwsError("AccessDeniedException", f"{call.account} has no grant option in the catalogue of {catalog}")
    return call.account


def missing(what: str) -> AwsError:
    """Glue's and Lake Formation's error for what is not there."""
    return AwsError("EntityNotFoundException", f"{what} not found")


def databases(call: Call) -> Iterator[Any]:
    """moto's databases of the caller's catalogue."""
    yield from glue_backends[call.account][call.region].databases.values()


def database(call: Call, name: str) -> Any:
    """moto's database of the caller's catalogue; raises EntityNotFoundException."""
    for each in databases(call):
        if each.name == name:
            return each
    raise missing(f"Database {name}")


def table(call: Call, database_name: str, name: str) -> Any:
    """moto's table of the caller's catalogue; raises EntityNotFoundException."""
    found = database(call, database_name).tables.get(name)
    if found is None:
        raise missing(f"Table {database_name}.{name}")
    return found


def columns(found: Any) -> list[str]:
    """The names of a table's columns, those it is partitioned by last."""
    described: Record = found.as_dict()
    stored = described.get("StorageDescriptor", {}).get("Columns", [])
    return [each["Name"] for each in [*stored, *described.get("PartitionKeys", [])]]


def require_columns(found: Any, names: list[str]) -> None:
    """Refuse names that are no columns of the table."""
    if unknown := sorted(set(names) - set(columns(found))):
        raise missing(f"Column {', '.join(unknown)} of {found.database_name}.{found.name}")


def require_role(arn: str, *, of: str) -> None:
    """Refuse an IAM role of the account `of` that does not exist; Identity Center's own roles are never made here."""
    _, _, _, _, account, resource = arn.split(":", 5)
    kind, _, path = resource.partition("/")
    if kind != "role" or account != of or path.rpartition("/")[2].startswith("AWSReservedSSO_"):
        return
    if all(role.arn != arn for role in iam_backends[account]["aws"].roles.values()):
        raise AwsError("InvalidInputException", f"there is no role {arn}")
