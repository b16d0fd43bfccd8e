"""GuardDuty's lists of addresses and its filters, with their tags. No list is read."""

from __future__ import annotations

import uuid

from delivery.emulator.service import Answer, Call, Service
from delivery.emulator.services.guardduty import kept, refuse
from delivery.emulator.store import Record

SERVICE = Service("guardduty")
# What a list is called in the operations, and the name of its id.
_LISTS = {"IPSet": "IpSetId", "ThreatIntelSet": "ThreatIntelSetId"}


def _lists(call: Call) -> tuple[str, dict[str, Record]]:
    """The name of the id of the call's kind of list, and the detector's lists of that kind."""
    kind = next(kind for kind in _LISTS if call.operation.endswith(kind))
    return _LISTS[kind], kept(call).setdefault(kind, {})


def _list(call: Call) -> Record:
    key, lists = _lists(call)
    if call.params[key] not in lists:
        raise refuse(f"the request is rejected because there is no list {call.params[key]}")
    return lists[call.params[key]]


@SERVICE.operation(*(f"Create{kind}" for kind in _LISTS))
def create_list(call: Call) -> Answer:
    key, lists = _lists(call)
    if any(one["Name"] == call.params["Name"] and one["Status"] != "DELETED" for one in lists.values()):
        raise refuse(f"the request is rejected because a list {call.params['Name']} exists")
    made = uuid.uuid4().hex
    lists[made] = {name: call.params[name] for name in ("Name", "Format", "Location")} | {
        "Status": "ACTIVE" if call.params["Activate"] else "INACTIVE",
        "Tags": call.params.get("Tags", {}),
    }
    return {key: made}


@SERVICE.operation(*(f"Get{kind}" for kind in _LISTS))
def get_list(call: Call) -> Answer:
    return _list(call)


@SERVICE.operation(*(f"Update{kind}" for kind in _LISTS))
def update_list(call: Call) -> Answer:
    found = _list(call)
    found.update({name: call.params[name] for name in ("Name", "Location") if name in call.params})
    if "Activate" in call.params:
        found["Status"] = "ACTIVE" if call.params["Activate"] else "INACTIVE"
    return {}


@SERVICE.operation(*(f"Delete{kind}" for kind in _LISTS))
def delete_list(call: Call) -> Answer:
    """A list that was deleted can still be asked for, as deleted."""
    _list(call)["Status"] = "DELETED"
    return {}


def _filter(call: Call) -> Record:
    filters: dict[str, Record] = kept(call).setdefault("filters", {})
    if call.params["FilterName"] not in filters:
        raise refuse("the request is rejected since no such resource found")
    return filters[call.params["FilterName"]]


@SERVICE.operation("CreateFilter")
def create_filter(call: Call) -> Answer:
    filters = kept(call).setdefault("filters", {})
    name = call.params["Name"]
    if name in filters:
        raise refuse(f"the request is rejected because a filter {name} exists")
    given = {key: value for key, value in call.params.items() if key not in ("ClientToken", "DetectorId")}
    filters[name] = {"Action": "NOOP", "Rank": len(filters) + 1, "Tags": {}, **given}
    return {"Name": name}


@SERVICE.operation("GetFilter")
def get_filter(call: Call) -> Answer:
    return _filter(call)


@SERVICE.operation("UpdateFilter")
def update_filter(call: Call) -> Answer:
    found = _filter(call)
    found.update({key: value for key, value in call.params.items() if key not in ("DetectorId", "FilterName")})
    return {"Name": call.params["FilterName"]}


@SERVICE.operation("DeleteFilter")
def delete_filter(call: Call) -> Answer:
    _filter(call)
    del kept(call)["filters"][call.params["FilterName"]]
    return {}
