"""Application Auto Scaling: targets of what is there, and their tags. Nothing is ever scaled."""

from __future__ import annotations

from moto.applicationautoscaling.models import applicationautoscaling_backends

from delivery.emulator.service import Answer, AwsError, Call, PassToMoto, Service
from delivery.emulator.services.sagemaker_endpoints import ENDPOINT
from delivery.emulator.store import Record

SERVICE = Service("application-autoscaling")


@SERVICE.operation("RegisterScalableTarget")
def register(call: Call) -> Answer:
    """A variant of an endpoint is there before it is scaled; moto keeps the rest."""
    given = call.params
    if given["ServiceNamespace"] == "sagemaker":
        _, name, _, variant = given["ResourceId"].split("/")
        found = ENDPOINT.kept(call).get(ENDPOINT.arn(call, {"EndpointName": name}), {"Variants": []})
        if all(each["VariantName"] != variant for each in found["Variants"]):
            raise AwsError("ValidationException", f"there is no {given['ResourceId']}")
    if "Tags" in given:
        call.table("tags")[_key(given["ServiceNamespace"], given["ResourceId"], given["ScalableDimension"])] = given[
            "Tags"
        ]
    raise PassToMoto


def _key(*parts: str) -> str:
    return " ".join(parts)


def _tags(call: Call) -> Record:
    """The tags of the target with this ARN."""
    arn = call.params["ResourceARN"]
    for by_resource in applicationautoscaling_backends[call.account][call.region].targets.values():
        for each in by_resource.values():
            if each.arn == arn:
                key = _key(each.service_namespace, each.resource_id, each.scalable_dimension)
                return call.table("tags").setdefault(key, {})
    raise AwsError("ResourceNotFoundException", f"there is no {arn}")


@SERVICE.operation("ListTagsForResource")
def list_tags(call: Call) -> Answer:
    return {"Tags": _tags(call)}


@SERVICE.operation("TagResource")
def tag(call: Call) -> Answer:
    _tags(call).update(call.params["Tags"])
    return {}


@SERVICE.operation("UntagResource")
def untag(call: Call) -> Answer:
    for key in call.params["TagKeys"]:
        _tags(call).pop(key, None)
    return {}
