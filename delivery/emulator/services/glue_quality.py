"""Glue's data quality rulesets and table optimizers: echoes. No rule is evaluated, no file compacted or deleted."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from moto.glue.models import glue_backends

from delivery.emulator import catalogue
from delivery.emulator.service import Answer, AwsError, Call, Service
from delivery.emulator.store import Record

SERVICE = Service("glue")
_RULES = re.compile(r"Rules\s*=\s*\[.+\]\s*", re.DOTALL)
_CONFIGURATIONS = {"retention": "retentionConfiguration", "orphan_file_deletion": "orphanFileDeletionConfiguration"}


def _rules(call: Call) -> None:
    """As far as rules can be judged without a parser: they are a list, with a rule in it."""
    if not _RULES.search(call.params.get("Ruleset", "Rules = [ any ]")):
        raise AwsError("InvalidInputException", "a ruleset is written as Rules = [ ... ]")


def _ruleset(call: Call) -> Record:
    found = call.table("ruleset").get(call.params["Name"])
    if found is None:
        raise catalogue.missing(f"Data quality ruleset {call.params['Name']}")
    return found


@SERVICE.operation("CreateDataQualityRuleset")
def create_ruleset(call: Call) -> Answer:
    name, now = call.params["Name"], datetime.now(UTC)
    if name in call.table("ruleset"):
        raise AwsError("AlreadyExistsException", f"the ruleset {name} exists already")
    _rules(call)
    given = {key: value for key, value in call.params.items() if key not in ("Tags", "ClientToken")}
    call.table("ruleset")[name] = {**given, "CreatedOn": now, "LastModifiedOn": now}
    arn = f"arn:aws:glue:{call.region}:{call.account}:dataQualityRuleset/{name}"
    glue_backends[call.account][call.region].tag_resource(arn, call.params.get("Tags", {}))
    return {"Name": name}


@SERVICE.operation("GetDataQualityRuleset")
def get_ruleset(call: Call) -> Answer:
    return _ruleset(call)


@SERVICE.operation("UpdateDataQualityRuleset")
def update_ruleset(call: Call) -> Answer:
    _rules(call)
    _ruleset(call).update({**call.params, "LastModifiedOn": datetime.now(UTC)})
    return call.params


@SERVICE.operation("ListDataQualityRulesets")
def list_rulesets(call: Call) -> Answer:
    shown = ("Name", "Description", "CreatedOn", "LastModifiedOn", "TargetTable")
    kept = call.table("ruleset").values()
    return {"Rulesets": [{name: each[name] for name in shown if name in each} for each in kept]}


@SERVICE.operation("DeleteDataQualityRuleset")
def delete_ruleset(call: Call) -> Answer:
    _ruleset(call)
    del call.table("ruleset")[call.params["Name"]]
    arn = f"arn:aws:glue:{call.region}:{call.account}:dataQualityRuleset/{call.params['Name']}"
    glue_backends[call.account][call.region].tagger.delete_all_tags_for_resource(arn)
    return {}


def _optimizers(call: Call) -> dict[str, Record]:
    """The optimizers of the request's table, by type. They are gone when the table is."""
    catalogue.own(call, call.params["CatalogId"])
    table = catalogue.table(call, call.params["DatabaseName"], call.params["TableName"])
    if table.as_dict().get("Parameters", {}).get("table_type", "").upper() != "ICEBERG":
        raise AwsError("InvalidInputException", f"{table.database_name}.{table.name} is no Iceberg table")
    kept: dict[str, Record] = call.store.beside(table).setdefault("optimizers", {})
    return kept


def _optimizer(call: Call) -> Record:
    found = _optimizers(call).get(call.params["Type"])
    if found is None:
        raise catalogue.missing(f"Table optimizer {call.params['Type']}")
    return found


def _configuration(call: Call) -> Record:
    """Its role exists, and it has no configuration of another type's."""
    given: Record = call.params["TableOptimizerConfiguration"]
    for kind, member in _CONFIGURATIONS.items():
        if member in given and kind != call.params["Type"]:
            raise AwsError("InvalidInputException", f"{member} does not go with {call.params['Type']}")
    if "roleArn" not in given:
        raise AwsError("InvalidInputException", "an optimizer needs a role")
    catalogue.require_role(given["roleArn"], of=call.account)
    return given


@SERVICE.operation("CreateTableOptimizer")
def create_optimizer(call: Call) -> Answer:
    kept, kind = _optimizers(call), call.params["Type"]
    if kind in kept:
        raise AwsError("AlreadyExistsException", f"the table has an optimizer for {kind} already")
    kept[kind] = {"type": kind, "configuration": _configuration(call)}
    return {}


@SERVICE.operation("UpdateTableOptimizer")
def update_optimizer(call: Call) -> Answer:
    _optimizer(call)["configuration"] = _configuration(call)
    return {}


@SERVICE.operation("GetTableOptimizer")
def get_optimizer(call: Call) -> Answer:
    names = {name: call.params[name] for name in ("CatalogId", "DatabaseName", "TableName")}
    return {**names, "TableOptimizer": _optimizer(call)}


@SERVICE.operation("DeleteTableOptimizer")
def delete_optimizer(call: Call) -> Answer:
    _optimizer(call)
    del _optimizers(call)[call.params["Type"]]
    return {}
