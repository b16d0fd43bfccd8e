"""Service Quotas: a few quotas, requests that are granted at once, and the organisation's request template."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from moto.organizations.models import organizations_backends
from moto.servicequotas.resources.default_quotas.vpc import VPC_DEFAULT_QUOTAS

from delivery.emulator.service import Answer, AwsError, Call, Service
from delivery.emulator.store import Record

SERVICE = Service("service-quotas")
TEMPLATE_REGION = "us-east-1"
TEMPLATE_REQUESTS = 10
# Service and code -> name, and AWS's default in a new account. What stands neither here nor in moto's list of VPC
# quotas is refused: a mistaken code must not look right. Add a line for a quota of yours.
QUOTAS = {
    ("codebuild", "L-2DC20C30"): ("Concurrently running builds for Linux/Medium environment", 1),
    ("codebuild", "L-9D07B6EF"): ("Concurrently running builds for Linux/Small environment", 1),
    ("sagemaker", "L-0307F515"): ("ml.m5.xlarge for processing job usage", 0),
    ("sagemaker", "L-1928E07B"): ("ml.g5.xlarge for endpoint usage", 0),
    ("sagemaker", "L-2F1EB012"): ("ml.g4dn.xlarge for processing job usage", 0),
    ("sagemaker", "L-2F737F8D"): ("ml.m5.xlarge for endpoint usage", 4),
    ("sagemaker", "L-3F53BF0F"): ("ml.g4dn.xlarge for training job usage", 0),
    ("sagemaker", "L-71FAF417"): ("Studio JupyterLab Apps running on ml.t3.medium instances", 2500),
    ("sagemaker", "L-B6D80D9C"): ("ml.g5.xlarge for training job usage", 0),
    ("sagemaker", "L-CCE2AFA6"): ("ml.m5.xlarge for training job usage", 4),
    **{("vpc", quota["QuotaCode"]): (quota["QuotaName"], quota["Value"]) for quota in VPC_DEFAULT_QUOTAS},
}


def _missing(what: str) -> AwsError:
    return AwsError("NoSuchResourceException", f"there is no {what}")


def _key(call: Call) -> tuple[str, str]:
    key = call.params["ServiceCode"], call.params["QuotaCode"]
    if key not in QUOTAS:
        raise _missing(f"quota {'/'.join(key)}; delivery/emulator/services/servicequotas.py lists those there are")
    return key


def _described(call: Call) -> Record:
    service, code = _key(call)
    return {
        "ServiceCode": service,
        "ServiceName": service,
        "QuotaCode": code,
        "QuotaName": QUOTAS[service, code][0],
        "Unit": "None",
        "GlobalQuota": False,
    }


def _quota(call: Call, value: float) -> Answer:
    described = _described(call)
    place = f"{described['ServiceCode']}/{described['QuotaCode']}"
    arn = f"arn:aws:servicequotas:{call.region}:{call.account}:{place}"
    return {"Quota": {**described, "QuotaArn": arn, "Value": value, "Adjustable": True}}


@SERVICE.operation("GetAWSDefaultServiceQuota")
def get_default(call: Call) -> Answer:
    return _quota(call, QUOTAS[_key(call)][1])


@SERVICE.operation("GetServiceQuota")
def get_quota(call: Call) -> Answer:
    key = _key(call)
    raised = call.table("raised").get("/".join(key), {})
    return _quota(call, raised.get("value", QUOTAS[key][1]))


@SERVICE.operation("RequestServiceQuotaIncrease")
def request(call: Call) -> Answer:
    wanted = call.params["DesiredValue"]
    if wanted <= get_quota(call)["Quota"]["Value"]:
        raise AwsError("IllegalArgumentException", "the quota must be asked for with more than it is")
    call.table("raised")["/".join(_key(call))] = {"value": wanted}
    made: Record = {
        **_described(call),
        "Id": uuid.uuid4().hex,
        "DesiredValue": wanted,
        "Status": "APPROVED",
        "Created": datetime.now(UTC),
    }
    call.table("request")[made["Id"]] = made
    return {"RequestedQuota": made}


@SERVICE.operation("GetRequestedServiceQuotaChange")
def get_request(call: Call) -> Answer:
    if call.params["RequestId"] not in call.table("request"):
        raise _missing(f"request {call.params['RequestId']}")
    return {"RequestedQuota": call.table("request")[call.params["RequestId"]]}


def _template(call: Call) -> dict[str, Record]:
    """The requests of the organisation's template, which AWS shows its management account in one region alone."""
    organization = organizations_backends[call.account]["aws"].org
    if organization is None:
        raise AwsError("NoAvailableOrganizationException", f"account {call.account} manages no organisation")
    if call.region != TEMPLATE_REGION:
        raise AwsError("TemplatesNotAvailableInRegionException", f"the template is kept in {TEMPLATE_REGION}")
    return call.global_table("template")


def _place(call: Call) -> str:
    return "/".join((call.params["AwsRegion"], *_key(call)))


@SERVICE.operation("PutServiceQuotaIncreaseRequestIntoTemplate")
def put_template(call: Call) -> Answer:
    template, place = _template(call), _place(call)
    if place not in template and len(template) == TEMPLATE_REQUESTS:
        raise AwsError("QuotaExceededException", f"the template holds {TEMPLATE_REQUESTS} requests already")
    template[place] = {
        **_described(call),
        "AwsRegion": call.params["AwsRegion"],
        "DesiredValue": call.params["DesiredValue"],
    }
    return {"ServiceQuotaIncreaseRequestInTemplate": template[place]}


@SERVICE.operation("GetServiceQuotaIncreaseRequestFromTemplate")
def get_template(call: Call) -> Answer:
    template, place = _template(call), _place(call)
    if place not in template:
        raise _missing(f"request {place} in the template")
    return {"ServiceQuotaIncreaseRequestInTemplate": template[place]}


@SERVICE.operation("DeleteServiceQuotaIncreaseRequestFromTemplate")
def delete_template(call: Call) -> Answer:
    get_template(call)
    del _template(call)[_place(call)]
    return {}


@SERVICE.operation(
    "AssociateServiceQuotaTemplate", "DisassociateServiceQuotaTemplate", "GetAssociationForServiceQuotaTemplate"
)
def association(call: Call) -> Answer:
    """Put the template into effect for new accounts, or out of it; tell which."""
    _template(call)
    kept = call.global_table("association")
    if call.operation.startswith("Associate"):
        kept["template"] = {}
    elif call.operation.startswith("Disassociate"):
        kept.pop("template", None)
    else:
        return {"ServiceQuotaTemplateAssociationStatus": "ASSOCIATED" if "template" in kept else "DISASSOCIATED"}
    return {}
