"""IAM Access Analyzer: analyzers, their archive rules and their tags. Nothing is analysed."""

from __future__ import annotations

from datetime import UTC, datetime

from delivery.emulator.service import Answer, AwsError, Call, Service
from delivery.emulator.store import Record

SERVICE = Service("accessanalyzer")


def _analyzer(call: Call, name: str) -> Record:
    try:
        return call.table("analyzer")[name]
    except KeyError:
        raise AwsError("ResourceNotFoundException", f"there is no analyzer {name}") from None


def _tagged(call: Call) -> Record:
    arn = call.params["resourceArn"]
    for analyzer in call.table("analyzer").values():
        if analyzer["arn"] == arn:
            return analyzer
    raise AwsError("ResourceNotFoundException", f"there is no analyzer {arn}")


def _summary(analyzer: Record) -> Answer:
    return {name: value for name, value in analyzer.items() if name != "rules"}


@SERVICE.operation("CreateAnalyzer")
def create_analyzer(call: Call) -> Answer:
    name = call.params["analyzerName"]
    if name in call.table("analyzer"):
        raise AwsError("ConflictException", f"analyzer {name} exists already")
    analyzer: Record = {
        "arn": f"arn:aws:access-analyzer:{call.region}:{call.account}:analyzer/{name}",
        "name": name,
        "type": call.params["type"],
        "status": "ACTIVE",
        "createdAt": datetime.now(UTC),
        "tags": call.params.get("tags", {}),
        "rules": {},
    }
    if "configuration" in call.params:
        analyzer["configuration"] = call.params["configuration"]
    call.table("analyzer")[name] = analyzer
    for rule in call.params.get("archiveRules", []):
        _put_rule(analyzer, rule)
    return {"arn": analyzer["arn"]}


@SERVICE.operation("GetAnalyzer")
def get_analyzer(call: Call) -> Answer:
    return {"analyzer": _summary(_analyzer(call, call.params["analyzerName"]))}


@SERVICE.operation("ListAnalyzers")
def list_analyzers(call: Call) -> Answer:
    kind = call.params.get("type")
    return {"analyzers": [_summary(a) for a in call.table("analyzer").values() if kind in (None, a["type"])]}


@SERVICE.operation("UpdateAnalyzer")
def update_analyzer(call: Call) -> Answer:
    analyzer = _analyzer(call, call.params["analyzerName"])
    if "configuration" in call.params:
        analyzer["configuration"] = call.params["configuration"]
    return {"configuration": analyzer["configuration"]} if "configuration" in analyzer else {}


@SERVICE.operation("DeleteAnalyzer")
def delete_analyzer(call: Call) -> Answer:
    _analyzer(call, call.params["analyzerName"])
    del call.table("analyzer")[call.params["analyzerName"]]
    return {}


def _put_rule(analyzer: Record, rule: Record) -> None:
    now = datetime.now(UTC)
    created = analyzer["rules"].get(rule["ruleName"], {}).get("createdAt", now)
    analyzer["rules"][rule["ruleName"]] = {
        "ruleName": rule["ruleName"],
        "filter": rule["filter"],
        "createdAt": created,
        "updatedAt": now,
    }


def _rule(analyzer: Record, name: str) -> Record:
    if name not in analyzer["rules"]:
        raise AwsError("ResourceNotFoundException", f"analyzer {analyzer['name']} has no archive rule {name}")
    rule: Record = analyzer["rules"][name]
    return rule


@SERVICE.operation("CreateArchiveRule")
def create_archive_rule(call: Call) -> Answer:
    analyzer = _analyzer(call, call.params["analyzerName"])
    if call.params["ruleName"] in analyzer["rules"]:
        raise AwsError("ConflictException", f"archive rule {call.params['ruleName']} exists already")
    _put_rule(analyzer, call.params)
    return {}


@SERVICE.operation("UpdateArchiveRule")
def update_archive_rule(call: Call) -> Answer:
    analyzer = _analyzer(call, call.params["analyzerName"])
    _rule(analyzer, call.params["ruleName"])
    _put_rule(analyzer, call.params)
    return {}


@SERVICE.operation("GetArchiveRule")
def get_archive_rule(call: Call) -> Answer:
    return {"archiveRule": _rule(_analyzer(call, call.params["analyzerName"]), call.params["ruleName"])}


@SERVICE.operation("ListArchiveRules")
def list_archive_rules(call: Call) -> Answer:
    return {"archiveRules": list(_analyzer(call, call.params["analyzerName"])["rules"].values())}


@SERVICE.operation("DeleteArchiveRule")
def delete_archive_rule(call: Call) -> Answer:
    analyzer = _analyzer(call, call.params["analyzerName"])
    _rule(analyzer, call.params["ruleName"])
    del analyzer["rules"][call.params["ruleName"]]
    return {}


@SERVICE.operation("TagResource")
def tag_resource(call: Call) -> Answer:
    _tagged(call)["tags"].update(call.params["tags"])
    return {}


@SERVICE.operation("UntagResource")
def untag_resource(call: Call) -> Answer:
    tags = _tagged(call)["tags"]
    for key in call.params["tagKeys"]:
        tags.pop(key, None)
    return {}


@SERVICE.operation("ListTagsForResource")
def list_tags_for_resource(call: Call) -> Answer:
    return {"tags": _tagged(call)["tags"]}
