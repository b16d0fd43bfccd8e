"""What SageMaker's plain resources have in common: made, described, listed, changed and deleted by name. Echo only."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from moto.core.utils import get_service_model

from delivery.emulator.service import Answer, AwsError, Call, Operation, Service
from delivery.emulator.services.sagemaker_feature_groups import refuse
from delivery.emulator.store import Record

VERBS = ("Create", "Describe", "List", "Update", "Delete")
_PAGING = ("MaxResults", "NextToken", "SortBy", "SortOrder")
_MERGED = (
    "DefaultSpaceSettings",
    "DefaultUserSettings",
    "DomainSettings",
    "GitConfig",
    "SpaceSettings",
    "SpaceSettingsSummary",
    "UserSettings",
)


def _nothing(call: Call, record: Record) -> None:
    """Nothing beyond the service model."""


def _as_given(call: Call) -> Record:
    return call.params


@dataclass(frozen=True)
class Kind:
    """One kind of resource.

    `noun` is what its operations are called by, `path` its word in an ARN, `key` the members that identify it in an
    account and region, `about` the beginning of its ARN member where that is not the noun. `missing` is the error's
    code for one that is not there, and `sought` what its message says could not be found, where clients go by that.
    `assigned` gives what the service adds to a new one, `change` what an update asks for; `check` refuses a wrong
    whole, new or changed. `enter` makes what else comes with a new one; `leave` takes it away, and refuses to delete
    what is in use.
    """

    noun: str
    path: str
    key: tuple[str, ...]
    assigned: Callable[[Call], Record]
    about: str = ""
    plural: str = ""
    missing: str = "ResourceNotFound"
    sought: str = ""
    change: Callable[[Call], Record] = _as_given
    check: Callable[[Call, Record], None] = _nothing
    enter: Callable[[Call, Record], None] = _nothing
    leave: Callable[[Call, Record], None] = _nothing

    @property
    def arn_member(self) -> str:
        return f"{self.about or self.noun}Arn"

    def arn(self, call: Call, record: Record) -> str:
        name = "/".join(str(record[member]) for member in self.key)
        return f"arn:aws:sagemaker:{call.region}:{call.account}:{self.path}/{name}"

    def kept(self, call: Call) -> dict[str, Record]:
        """The caller's resources of this kind in this region, by ARN in the order of their making."""
        return call.store.table(call.account, call.region, "sagemaker", self.noun)

    def find(self, call: Call, wanted: Record) -> Record:
        """The caller's resource with this key; raises the service's error, the code of which is `missing`."""
        found = self.kept(call).get(self.arn(call, wanted))
        if found is None:
            name = "/".join(str(wanted[member]) for member in self.key)
            text = f'Could not find {self.sought} "{name}".' if self.sought else f"{self.noun} {name} does not exist"
            raise AwsError(self.missing, text)
        return found


KINDS: list[Kind] = []


def offer(service: Service, kind: Kind, verbs: Collection[str] = VERBS) -> Kind:
    """Let the service answer these operations of the kind, as far as SageMaker has them."""
    KINDS.append(kind)
    answers: dict[str, Operation] = {
        f"Create{kind.noun}": lambda call: create(kind, call),
        f"Describe{kind.noun}": lambda call: shown(call, kind.find(call, call.params)),
        f"List{kind.plural or f'{kind.noun}s'}": lambda call: listed(kind, call),
        f"Update{kind.noun}": lambda call: update(kind, call),
        f"Delete{kind.noun}": lambda call: delete(kind, call),
    }
    known = get_service_model("sagemaker").operation_names
    for name, answer in answers.items():
        if name in known and name.startswith(tuple(verbs)):
            service.operation(name)(answer)
    return kind


def by_arn(call: Call, arn: str) -> Record | None:
    """The caller's resource of any kind with this ARN."""
    return next((kind.kept(call)[arn] for kind in KINDS if arn in kind.kept(call)), None)


def create(kind: Kind, call: Call) -> Answer:
    now = datetime.now(UTC)
    record = {
        **call.params,
        **kind.assigned(call),
        "CreationTime": now,
        "LastModifiedTime": now,
        "Tags": {each["Key"]: each["Value"] for each in call.params.get("Tags", [])},
    }
    record[kind.arn_member] = kind.arn(call, record)
    if record[kind.arn_member] in kind.kept(call):
        raise AwsError("ResourceInUse", f"{kind.noun} {record[kind.arn_member]} already exists")
    kind.check(call, record)
    kind.enter(call, record)
    kind.kept(call)[record[kind.arn_member]] = record
    return shown(call, record)


def update(kind: Kind, call: Call) -> Answer:
    """What is given replaces what was; in a group of settings each setting is replaced for itself."""
    found, change = kind.find(call, call.params), kind.change(call)
    merged = {name: {**found.get(name, {}), **change[name]} for name in _MERGED if name in change}
    whole = {**found, **change, **merged, "LastModifiedTime": datetime.now(UTC)}
    kind.check(call, whole)
    found.update(whole)
    return shown(call, found)


def delete(kind: Kind, call: Call) -> Answer:
    found = kind.find(call, call.params)
    kind.leave(call, found)
    del kind.kept(call)[found[kind.arn_member]]
    return shown(call, found) if get_service_model("sagemaker").operation_model(call.operation).output_shape else {}


def listed(kind: Kind, call: Call) -> Answer:
    return summaries(call, selected(call, kind.kept(call).values(), kind.key[-1]))


def selected(call: Call, records: Iterable[Record], name: str, *, within: tuple[str, ...] = ()) -> Iterator[Record]:
    """Those that the filters of a list admit, in the order it asks for; raises for a filter that is not known here.

    `name` is the member that names a record; `within` are parameters that say where the records were looked for.
    """
    found = list(records)
    for wanted, value in call.params.items():
        if wanted.endswith("NameContains"):
            found = [each for each in found if value.lower() in each[name].lower()]
        elif wanted.endswith("Equals"):
            found = [each for each in found if _matches(each, wanted.removesuffix("Equals"), value)]
        elif wanted in ("CreationTimeAfter", "CreationTimeBefore"):
            moment = value.replace(tzinfo=UTC)  # moto reads times without their zone
            found = [each for each in found if (each["CreationTime"] > moment) == wanted.endswith("After")]
        elif wanted in ("LastModifiedTimeAfter", "LastModifiedTimeBefore"):
            moment, after = value.replace(tzinfo=UTC), wanted.endswith("After")
            changed = ((each, each.get("LastModifiedTime", each["CreationTime"])) for each in found)
            found = [each for each, last in changed if (last > moment) == after]
        elif wanted not in (*_PAGING, *within):
            raise refuse(f"the emulator knows no filter {wanted} of {call.operation}")
    if call.params.get("SortBy") == "Name":
        found.sort(key=lambda each: str(each[name]))
    return iter(reversed(found) if call.params.get("SortOrder") == "Descending" else found)


def _matches(record: Record, member: str, value: Any) -> bool:
    return any(name.endswith(member) and given == value for name, given in record.items())


def shown(call: Call, record: Record) -> Answer:
    """What of a record the answer of this operation has room for."""
    members = get_service_model("sagemaker").operation_model(call.operation).output_shape.members
    return {name: record[name] for name in members if record.get(name) is not None and name != "Tags"}


def summaries(call: Call, records: Iterator[Record]) -> Answer:
    """The records as the one list of this operation's answer shows them."""
    members = get_service_model("sagemaker").operation_model(call.operation).output_shape.members
    ((name, shape),) = ((name, shape) for name, shape in members.items() if shape.type_name == "list")
    wanted = shape.member.members
    return {name: [{member: each[member] for member in wanted if each.get(member) is not None} for each in records]}
