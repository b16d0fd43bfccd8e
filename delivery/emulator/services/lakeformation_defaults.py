"""What Glue's new databases and tables give to whom by Lake Formation's settings: to IAM's policies, unless emptied."""

from __future__ import annotations

from moto.glue.models import glue_backends

from delivery.emulator import catalogue
from delivery.emulator.service import Answer, Call, PassToMoto, Service
from delivery.emulator.services.lakeformation import settings
from delivery.emulator.services.lakeformation_permissions import grant_defaults

SERVICE = Service("glue")
TABLES = "CreateTableDefaultPermissions"


@SERVICE.operation("CreateDatabase")
def create_database(call: Call) -> Answer:
    """A database that says nothing of its tables takes the settings' defaults for them, and shows them."""
    catalogue.own(call, call.params.get("CatalogId"))
    given = {TABLES: settings(call)[TABLES], **call.params["DatabaseInput"]}
    glue_backends[call.account][call.region].create_database(given["Name"], given, call.params.get("Tags", {}))
    resource = {"Database": {"Name": given["Name"]}}
    grant_defaults(call, resource, settings(call)["CreateDatabaseDefaultPermissions"])
    return {}


@SERVICE.operation("CreateTable")
def create_table(call: Call) -> Answer:
    """In another account's catalogue it is moto that makes the table."""
    if call.params.get("CatalogId") not in (None, call.account):
        raise PassToMoto
    database, given = call.params["DatabaseName"], call.params["TableInput"]
    more = call.params.get("OpenTableFormatInput")
    glue_backends[call.account][call.region].create_table(database, given["Name"], given, more)
    resource = {"Table": {"DatabaseName": database, "Name": given["Name"]}}
    grant_defaults(call, resource, catalogue.database(call, database).input.get(TABLES, []))
    return {}
