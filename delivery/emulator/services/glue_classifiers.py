"""Glue's classifiers: echoes. Nothing is classified, as no crawler runs."""

from __future__ import annotations

from datetime import UTC, datetime

from delivery.emulator import catalogue
from delivery.emulator.service import Answer, AwsError, Call, Service
from delivery.emulator.store import Record

SERVICE = Service("glue")


def _classifier(params: Record) -> tuple[str, Record]:
    given = [(kind, body) for kind, body in params.items() if body is not None]
    if len(given) != 1:
        raise AwsError("InvalidInputException", "a classifier is one of Grok, XML, JSON and CSV")
    return given[0]


def _found(call: Call, name: str) -> Record:
    if name not in call.table("classifier"):
        raise catalogue.missing(f"Classifier {name}")
    return call.table("classifier")[name]


@SERVICE.operation("CreateClassifier")
def create_classifier(call: Call) -> Answer:
    kind, body = _classifier(call.params)
    if body["Name"] in call.table("classifier"):
        raise AwsError("AlreadyExistsException", f"the classifier {body['Name']} exists already")
    now = datetime.now(UTC)
    call.table("classifier")[body["Name"]] = {kind: {**body, "CreationTime": now, "LastUpdated": now, "Version": 1}}
    return {}


@SERVICE.operation("UpdateClassifier")
def update_classifier(call: Call) -> Answer:
    kind, body = _classifier(call.params)
    found = _found(call, body["Name"])
    if kind not in found:
        raise AwsError("InvalidInputException", f"{body['Name']} is no {kind}")
    found[kind].update({**body, "LastUpdated": datetime.now(UTC), "Version": found[kind]["Version"] + 1})
    return {}


@SERVICE.operation("GetClassifier")
def get_classifier(call: Call) -> Answer:
    return {"Classifier": _found(call, call.params["Name"])}


@SERVICE.operation("DeleteClassifier")
def delete_classifier(call: Call) -> Answer:
    _found(call, call.params["Name"])
    del call.table("classifier")[call.params["Name"]]
    return {}
