"""Service Catalog's products with their versions and constraints, as their administrator sees them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlparse

import yaml
from moto.iam.models import iam_backends
from moto.s3.models import s3_backends

from delivery.emulator.service import Answer, AwsError, Call, Service
from delivery.emulator.services.servicecatalog import arn, as_list, new_id, own, records, retagged, tags_of
from delivery.emulator.store import Record

SERVICE = Service("servicecatalog")
_SUMMARY = {
    "Name": "Name",
    "Owner": "Owner",
    "ShortDescription": "Description",
    "Type": "ProductType",
    "Distributor": "Distributor",
    "SupportEmail": "SupportEmail",
    "SupportDescription": "SupportDescription",
    "SupportUrl": "SupportUrl",
}


class _Template(yaml.SafeLoader):
    """YAML with CloudFormation's short forms, which are kept as they are: only the parameters are read here."""


_Template.add_multi_constructor("!", lambda loader, suffix, node: f"!{suffix}")


def template_text(call: Call, url: str) -> str:
    """The object that the URL names, as Service Catalog reads it once, when a version is made."""
    address = urlparse(url)
    bucket, key = (address.hostname or "").partition(".s3.")[0], address.path.lstrip("/")
    found = s3_backends[call.account]["aws"].buckets.get(bucket)
    if found is None or key not in found.keys:
        raise AwsError("InvalidParametersException", f"the template cannot be read: {url}")
    return bytes(found.keys[key].value).decode()


def template_parameters(text: str) -> dict[str, Any]:
    """The parameters that a CloudFormation template declares; refuses what is none."""
    document = yaml.load(text, Loader=_Template)  # a SafeLoader: it makes nothing but plain values
    if not isinstance(document, dict) or not document.get("Resources"):
        raise AwsError("InvalidParametersException", "the template has no Resources")
    parameters: dict[str, Any] = document.get("Parameters", {})
    return parameters


def _version(call: Call, product_id: str, given: Record) -> Record:
    url = given.get("Info", {}).get("LoadTemplateFromURL")
    if url is None:
        raise AwsError("InvalidParametersException", "Info must hold LoadTemplateFromURL")
    checked = not given.get("DisableTemplateValidation", False)
    text = template_text(call, url) if checked else ""
    if checked:
        template_parameters(text)
    id_ = new_id("pa")
    detail = {
        "Id": id_,
        "Name": given.get("Name", id_),
        "Description": given.get("Description", ""),
        "Type": given.get("Type", "CLOUD_FORMATION_TEMPLATE"),
        "CreatedTime": datetime.now(UTC),
        "Active": True,
        "Guidance": "DEFAULT",
    }
    version = {"owner": call.account, "product": product_id, "detail": detail, "url": url, "text": text}
    records(call, "version")[id_] = version
    return version


def versions_of(call: Call, product_id: str) -> list[Record]:
    """The versions of a product, the oldest first."""
    return [each for each in records(call, "version").values() if each["product"] == product_id]


def _options_of(call: Call, id_: str) -> list[Record]:
    return [each["detail"] for each in records(call, "tag option").values() if id_ in each["resources"]]


@SERVICE.operation("CreateProduct")
def create_product(call: Call) -> Answer:
    id_ = new_id("prod")
    version = _version(call, id_, call.params.get("ProvisioningArtifactParameters", {}))
    summary = {"Id": f"prodview-{id_[5:]}", "ProductId": id_, "HasDefaultPath": False}
    summary |= {name: call.params[key] for name, key in _SUMMARY.items() if key in call.params}
    detail = {
        "ProductViewSummary": summary,
        "Status": "AVAILABLE",
        "ProductARN": arn(call, f"product/{id_}"),
        "CreatedTime": datetime.now(UTC),
    }
    tags = tags_of(call.params.get("Tags", []))
    records(call, "product")[id_] = {"owner": call.account, "detail": detail, "tags": tags, "budgets": []}
    return {
        "ProductViewDetail": detail,
        "ProvisioningArtifactDetail": version["detail"],
        "Tags": as_list(tags),
    }


@SERVICE.operation("DescribeProductAsAdmin")
def describe_product(call: Call) -> Answer:
    id_ = call.params.get("Id", "")
    product = own(call, "product", id_)
    return {
        "ProductViewDetail": product["detail"],
        "ProvisioningArtifactSummaries": [
            {key: each["detail"][key] for key in ("Id", "Name", "Description", "CreatedTime")}
            | {"ProvisioningArtifactMetadata": {"SourceProvisioningArtifactId": each["detail"]["Id"]}}
            for each in versions_of(call, id_)
        ],
        "Tags": as_list(product["tags"]),
        "TagOptions": _options_of(call, id_),
        "Budgets": product["budgets"],
    }


@SERVICE.operation("UpdateProduct")
def update_product(call: Call) -> Answer:
    product = own(call, "product", call.params["Id"])
    summary = product["detail"]["ProductViewSummary"]
    summary.update({name: call.params[key] for name, key in _SUMMARY.items() if key in call.params})
    retagged(call, product)
    return {"ProductViewDetail": product["detail"], "Tags": as_list(product["tags"])}


@SERVICE.operation("DeleteProduct")
def delete_product(call: Call) -> Answer:
    id_ = call.params["Id"]
    own(call, "product", id_)
    if any(id_ in each["products"] for each in records(call, "portfolio").values()):
        raise AwsError("ResourceInUseException", f"{id_} is in a portfolio")
    for version in versions_of(call, id_):
        del records(call, "version")[version["detail"]["Id"]]
    del records(call, "product")[id_]
    return {}


def _own_version(call: Call) -> Record:
    id_ = call.params["ProvisioningArtifactId"]
    version = own(call, "version", id_)
    if version["product"] != call.params["ProductId"]:
        raise AwsError("ResourceNotFoundException", f"{call.params['ProductId']} has no version {id_}")
    return version


def _shown(version: Record) -> Answer:
    return {
        "ProvisioningArtifactDetail": version["detail"],
        "Info": {"TemplateUrl": version["url"]},
        "Status": "AVAILABLE",
    }


@SERVICE.operation("CreateProvisioningArtifact")
def create_version(call: Call) -> Answer:
    own(call, "product", call.params["ProductId"])
    return _shown(_version(call, call.params["ProductId"], call.params["Parameters"]))


@SERVICE.operation("DescribeProvisioningArtifact")
def describe_version(call: Call) -> Answer:
    return _shown(_own_version(call))


@SERVICE.operation("UpdateProvisioningArtifact")
def update_version(call: Call) -> Answer:
    version = _own_version(call)
    for key in ("Name", "Description", "Active", "Guidance"):
        version["detail"][key] = call.params.get(key, version["detail"][key])
    return _shown(version)


@SERVICE.operation("DeleteProvisioningArtifact")
def delete_version(call: Call) -> Answer:
    version = _own_version(call)
    if len(versions_of(call, version["product"])) == 1:
        raise AwsError("ResourceInUseException", "a product keeps its last version")
    del records(call, "version")[version["detail"]["Id"]]
    return {}


@SERVICE.operation("AssociateProductWithPortfolio")
def associate_product(call: Call) -> Answer:
    own(call, "product", call.params["ProductId"])
    products = own(call, "portfolio", call.params["PortfolioId"])["products"]
    if call.params["ProductId"] not in products:
        products.append(call.params["ProductId"])
    return {}


@SERVICE.operation("ListPortfoliosForProduct")
def list_portfolios_of_product(call: Call) -> Answer:
    product = call.params["ProductId"]
    own(call, "product", product)
    found = records(call, "portfolio").values()
    return {"PortfolioDetails": [each["detail"] for each in found if product in each["products"]]}


@SERVICE.operation("DisassociateProductFromPortfolio")
def disassociate_product(call: Call) -> Answer:
    portfolio = own(call, "portfolio", call.params["PortfolioId"])
    both = (call.params["PortfolioId"], call.params["ProductId"])
    if any((each["portfolio"], each["product"]) == both for each in records(call, "constraint").values()):
        raise AwsError("ResourceInUseException", "the product has constraints in the portfolio")
    portfolio["products"] = [each for each in portfolio["products"] if each != call.params["ProductId"]]
    return {}


def _parameters(call: Call) -> Record:
    """The constraint's parameters as an object; a local role must exist in this account, too, as AWS demands."""
    try:
        parameters: Record = json.loads(call.params["Parameters"])
    except ValueError as error:
        raise AwsError("InvalidParametersException", f"the parameters are no JSON: {error}") from error
    role = parameters.get("LocalRoleName")
    if role and all(each.name != role for each in iam_backends[call.account]["aws"].roles.values()):
        raise AwsError("InvalidParametersException", f"there is no role {role} in {call.account}")
    return parameters


@SERVICE.operation("CreateConstraint")
def create_constraint(call: Call) -> Answer:
    portfolio, product = call.params["PortfolioId"], call.params["ProductId"]
    if product not in own(call, "portfolio", portfolio)["products"]:
        raise AwsError("InvalidParametersException", f"{product} is not in {portfolio}")
    kind = call.params["Type"]
    both = (portfolio, product, kind)
    if kind != "TEMPLATE" and any(
        (each["portfolio"], each["product"], each["detail"]["Type"]) == both
        for each in records(call, "constraint").values()
    ):
        raise AwsError("DuplicateResourceException", f"there is a constraint of type {kind} already")
    _parameters(call)
    id_ = new_id("cons")
    detail = {
        "ConstraintId": id_,
        "Type": kind,
        "Description": call.params.get("Description", ""),
        "Owner": call.account,
        "ProductId": product,
        "PortfolioId": portfolio,
    }
    records(call, "constraint")[id_] = {
        "owner": call.account,
        "portfolio": portfolio,
        "product": product,
        "detail": detail,
        "parameters": call.params["Parameters"],
    }
    return _constraint(call, id_)


def _constraint(call: Call, id_: str) -> Answer:
    kept = own(call, "constraint", id_)
    return {"ConstraintDetail": kept["detail"], "ConstraintParameters": kept["parameters"], "Status": "AVAILABLE"}


@SERVICE.operation("DescribeConstraint")
def describe_constraint(call: Call) -> Answer:
    return _constraint(call, call.params["Id"])


@SERVICE.operation("UpdateConstraint")
def update_constraint(call: Call) -> Answer:
    kept = own(call, "constraint", call.params["Id"])
    if "Parameters" in call.params:
        _parameters(call)
        kept["parameters"] = call.params["Parameters"]
    kept["detail"]["Description"] = call.params.get("Description", kept["detail"]["Description"])
    return _constraint(call, call.params["Id"])


@SERVICE.operation("DeleteConstraint")
def delete_constraint(call: Call) -> Answer:
    own(call, "constraint", call.params["Id"])
    del records(call, "constraint")[call.params["Id"]]
    return {}


@SERVICE.operation("ListConstraintsForPortfolio")
def list_constraints(call: Call) -> Answer:
    own(call, "portfolio", call.params["PortfolioId"])
    return {
        "ConstraintDetails": [
            each["detail"]
            for each in records(call, "constraint").values()
            if each["portfolio"] == call.params["PortfolioId"]
            and call.params.get("ProductId", each["product"]) == each["product"]
        ]
    }
