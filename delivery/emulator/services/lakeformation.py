"""Lake Formation: settings of a catalogue and the locations that are registered with it. No credentials are vended."""

from __future__ import annotations

from datetime import UTC, datetime

from delivery.emulator.catalogue import missing, own, require_role
from delivery.emulator.service import Answer, AwsError, Call, Service
from delivery.emulator.store import Record

SERVICE = Service("lakeformation")
CROSS_ACCOUNT = "CROSS_ACCOUNT_VERSION"
_SERVICE_ROLE = "aws-service-role/lakeformation.amazonaws.com/AWSServiceRoleForLakeFormationDataAccess"
_EVERYBODY = [{"Principal": {"DataLakePrincipalIdentifier": "IAM_ALLOWED_PRINCIPALS"}, "Permissions": ["ALL"]}]


def kept(call: Call, noun: str) -> dict[str, Record]:
    """Lake Formation's records of the caller, whichever service the call is for."""
    return call.store.table(call.account, call.region, SERVICE.name, noun)


def settings(call: Call) -> Record:
    """The caller's settings; as AWS begins with them, IAM alone decides on new databases and tables."""
    return kept(call, "settings").setdefault(
        "one",
        {
            "DataLakeAdmins": [],
            "ReadOnlyAdmins": [],
            "CreateDatabaseDefaultPermissions": _EVERYBODY,
            "CreateTableDefaultPermissions": _EVERYBODY,
            "Parameters": {CROSS_ACCOUNT: "1", "SET_CONTEXT": "TRUE"},
            "TrustedResourceOwners": [],
            "AllowExternalDataFiltering": False,
            "AllowFullTableExternalDataAccess": False,
            "ExternalDataFilteringAllowList": [],
            "AuthorizedSessionTagValueList": [],
        },
    )


@SERVICE.operation("GetDataLakeSettings")
def get_settings(call: Call) -> Answer:
    own(call, call.params.get("CatalogId"))
    return {"DataLakeSettings": settings(call)}


@SERVICE.operation("PutDataLakeSettings")
def put_settings(call: Call) -> Answer:
    """Replaces all settings but parameters that are not given; administrators of this account exist."""
    own(call, call.params.get("CatalogId"))
    given, present = call.params["DataLakeSettings"], settings(call)
    for principal in [*given.get("DataLakeAdmins", []), *given.get("ReadOnlyAdmins", [])]:
        arn = principal["DataLakePrincipalIdentifier"]
        if not arn.startswith("arn:"):
            raise AwsError("InvalidInputException", f"{arn} is no ARN")
        require_role(arn, of=call.account)
    parameters = {**present["Parameters"], **given.get("Parameters", {})}
    if parameters[CROSS_ACCOUNT] not in ("1", "2", "3", "4"):
        raise AwsError("InvalidInputException", f"there is no {CROSS_ACCOUNT} {parameters[CROSS_ACCOUNT]}")
    if unknown := sorted(set(parameters) - {CROSS_ACCOUNT, "SET_CONTEXT"}):
        raise AwsError("InvalidInputException", f"there is no parameter {', '.join(unknown)}")
    empty: Record = {name: False if isinstance(value, bool) else [] for name, value in present.items()}
    present.update({**empty, **given, "Parameters": parameters})
    return {}


def registered(call: Call, arn: str) -> Record | None:
    """The registered location that holds the path, if there is one."""
    for location, found in call.table("location").items():
        if arn == location or arn.startswith(f"{location.removesuffix('/')}/"):
            return found
    return None


def _location(call: Call) -> Record:
    arn = call.params["ResourceArn"]
    if arn not in call.table("location"):
        raise missing(f"Location {arn}")
    return call.table("location")[arn]


def _role(call: Call) -> str:
    """With `UseServiceLinkedRole` AWS uses its own role, else one that the caller names."""
    if call.params.get("UseServiceLinkedRole"):
        return f"arn:aws:iam::{call.account}:role/{_SERVICE_ROLE}"
    if "RoleArn" not in call.params:
        raise AwsError("InvalidInputException", "a location needs a role")
    require_role(call.params["RoleArn"], of=call.account)
    return str(call.params["RoleArn"])


@SERVICE.operation("RegisterResource")
def register(call: Call) -> Answer:
    arn = call.params["ResourceArn"]
    if not arn.startswith("arn:aws:s3:::"):
        raise AwsError("InvalidInputException", f"{arn} is no place in S3")
    if arn in call.table("location"):
        raise AwsError("AlreadyExistsException", f"{arn} is registered already")
    call.table("location")[arn] = {
        "WithFederation": False,
        "HybridAccessEnabled": False,
        **{name: call.params[name] for name in ("WithFederation", "HybridAccessEnabled") if name in call.params},
        "ResourceArn": arn,
        "RoleArn": _role(call),
        "LastModified": datetime.now(UTC),
    }
    return {}


@SERVICE.operation("UpdateResource")
def update(call: Call) -> Answer:
    found = _location(call)
    changes = {name: value for name, value in call.params.items() if name != "ResourceArn"}
    found.update({**changes, "RoleArn": _role(call), "LastModified": datetime.now(UTC)})
    return {}


@SERVICE.operation("DescribeResource")
def describe(call: Call) -> Answer:
    return {"ResourceInfo": _location(call)}


@SERVICE.operation("ListResources")
def locations(call: Call) -> Answer:
    return {"ResourceInfoList": list(call.table("location").values())}


@SERVICE.operation("DeregisterResource")
def deregister(call: Call) -> Answer:
    _location(call)
    del call.table("location")[call.params["ResourceArn"]]
    return {}
