"""Service Catalog, as its administrator sees it: portfolios, shares with the organisation, people, tag options.

moto's own portfolios and products are not used: it knows no versions, constraints or principals.
"""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

from moto.organizations.models import organizations_backends

from delivery.emulator.service import Answer, AwsError, Call, Service
from delivery.emulator.store import EVERYWHERE, Record

SERVICE = Service("servicecatalog")
_ORGANIZATION_TYPES = {
    "ORGANIZATION": "ORGANIZATION",
    "ORGANIZATIONAL_UNIT": "ORGANIZATIONAL_UNIT",
    "ACCOUNT": "ORGANIZATION_MEMBER_ACCOUNT",
}


def records(call: Call, noun: str) -> dict[str, Record]:
    """The records of one kind of all accounts: what is shared is seen from elsewhere. Each tells its owner."""
    return call.store.table(EVERYWHERE, call.region, call.service, noun)


def new_id(prefix: str) -> str:
    """An id as Service Catalog makes them."""
    return f"{prefix}-{uuid.uuid4().hex[:13]}"


def own(call: Call, noun: str, id_: str) -> Record:
    """The caller's record; raises ResourceNotFoundException."""
    found = records(call, noun).get(id_)
    if found is None or found["owner"] != call.account:
        raise AwsError("ResourceNotFoundException", f"{noun} {id_} not found")
    return found


def arn(call: Call, resource: str) -> str:
    return f"arn:aws:catalog:{call.region}:{call.account}:{resource}"


def tags_of(given: list[dict[str, str]]) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in given}


def as_list(tags: dict[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def retagged(call: Call, record: Record) -> None:
    """Add and remove the tags that an update asks for."""
    record["tags"].update(tags_of(call.params.get("AddTags", [])))
    for key in call.params.get("RemoveTags", ()):
        record["tags"].pop(key, None)


def _options_of(call: Call, id_: str) -> list[Record]:
    return [each["detail"] for each in records(call, "tag option").values() if id_ in each["resources"]]


@SERVICE.operation("CreatePortfolio")
def create_portfolio(call: Call) -> Answer:
    id_ = new_id("port")
    detail = {
        "Id": id_,
        "ARN": arn(call, f"portfolio/{id_}"),
        "DisplayName": call.params["DisplayName"],
        "Description": call.params.get("Description", ""),
        "ProviderName": call.params["ProviderName"],
        "CreatedTime": datetime.now(UTC),
    }
    tags = tags_of(call.params.get("Tags", []))
    records(call, "portfolio")[id_] = {
        "owner": call.account,
        "detail": detail,
        "tags": tags,
        "products": [],
        "people": [],
        "shares": {},
        "budgets": [],
    }
    return {"PortfolioDetail": detail, "Tags": as_list(tags)}


@SERVICE.operation("DescribePortfolio")
def describe_portfolio(call: Call) -> Answer:
    portfolio = own(call, "portfolio", call.params["Id"])
    return {
        "PortfolioDetail": portfolio["detail"],
        "Tags": as_list(portfolio["tags"]),
        "TagOptions": _options_of(call, call.params["Id"]),
    }


@SERVICE.operation("ListPortfolios")
def list_portfolios(call: Call) -> Answer:
    found = records(call, "portfolio").values()
    return {"PortfolioDetails": [each["detail"] for each in found if each["owner"] == call.account]}


@SERVICE.operation("UpdatePortfolio")
def update_portfolio(call: Call) -> Answer:
    portfolio = own(call, "portfolio", call.params["Id"])
    for key in ("DisplayName", "Description", "ProviderName"):
        portfolio["detail"][key] = call.params.get(key, portfolio["detail"][key])
    retagged(call, portfolio)
    return {"PortfolioDetail": portfolio["detail"], "Tags": as_list(portfolio["tags"])}


@SERVICE.operation("DeletePortfolio")
def delete_portfolio(call: Call) -> Answer:
    portfolio = own(call, "portfolio", call.params["Id"])
    if portfolio["products"] or portfolio["shares"] or portfolio["people"] or _options_of(call, call.params["Id"]):
        raise AwsError(
            "ResourceInUseException", f"portfolio {call.params['Id']} is shared or has products or principals"
        )
    del records(call, "portfolio")[call.params["Id"]]
    return {}


def _organization(account: str) -> Any:
    manager, partition = organizations_backends.master_accounts.get(account, (account, "aws"))
    return organizations_backends[manager][partition]


def _recipient(call: Call) -> tuple[str, str]:
    """The type of the share, and the id of with whom; only an administrator shares with the organisation."""
    if node := call.params.get("OrganizationNode"):
        organization = _organization(call.account)
        if organization.org is None:
            raise AwsError("InvalidParametersException", f"account {call.account} is in no organization")
        delegated = [each.account.id for each in organization.admins if "servicecatalog.amazonaws.com" in each.services]
        if call.account not in (organization.org.master_account_id, *delegated):
            raise AwsError("OperationNotSupportedException", f"{call.account} administers no Service Catalog")
        value = node["Value"].rpartition("/")[2]
        known = {organization.org.id, *(each.id for each in (*organization.ou, *organization.accounts))}
        if value not in known:
            raise AwsError("ResourceNotFoundException", f"the organization has no {node['Value']}")
        return _ORGANIZATION_TYPES[node["Type"]], value
    if "AccountId" not in call.params:
        raise AwsError("InvalidParametersException", "AccountId or OrganizationNode must be given")
    return "ACCOUNT", str(call.params["AccountId"])


@SERVICE.operation("CreatePortfolioShare", "UpdatePortfolioShare")
def share_portfolio(call: Call) -> Answer:
    """A share is complete at once; its token tells so."""
    portfolio = own(call, "portfolio", call.params["PortfolioId"])
    kind, principal = _recipient(call)
    share = portfolio["shares"].setdefault(
        principal, {"PrincipalId": principal, "Type": kind, "ShareTagOptions": False, "SharePrincipals": False}
    )
    share["Accepted"] = kind != "ACCOUNT"
    for key in ("ShareTagOptions", "SharePrincipals"):
        share[key] = call.params.get(key, share[key])
    token = new_id("share")
    records(call, "share token")[token] = {
        "owner": call.account,
        "detail": {"PortfolioShareToken": token, "PortfolioId": call.params["PortfolioId"], "Status": "COMPLETED"},
    }
    if call.operation == "UpdatePortfolioShare":
        return {"PortfolioShareToken": token, "Status": "COMPLETED"}
    return {} if kind == "ACCOUNT" else {"PortfolioShareToken": token}


@SERVICE.operation("DescribePortfolioShareStatus")
def describe_share_status(call: Call) -> Answer:
    detail: Answer = own(call, "share token", call.params["PortfolioShareToken"])["detail"]
    return detail


@SERVICE.operation("DescribePortfolioShares")
def describe_shares(call: Call) -> Answer:
    shares = own(call, "portfolio", call.params["PortfolioId"])["shares"].values()
    return {"PortfolioShareDetails": [each for each in shares if each["Type"] == call.params["Type"]]}


@SERVICE.operation("DeletePortfolioShare")
def delete_share(call: Call) -> Answer:
    _, principal = _recipient(call)
    shares = own(call, "portfolio", call.params["PortfolioId"])["shares"]
    if shares.pop(principal, None) is None:
        raise AwsError("ResourceNotFoundException", f"the portfolio is not shared with {principal}")
    return {}


@SERVICE.operation("AssociatePrincipalWithPortfolio")
def associate_principal(call: Call) -> Answer:
    person = {key: call.params[key] for key in ("PrincipalARN", "PrincipalType")}
    account = person["PrincipalARN"].split(":")[4]
    if (person["PrincipalType"] == "IAM_PATTERN") != (account == ""):
        raise AwsError("InvalidParametersException", "a pattern names no account, an ARN of type IAM does")
    people = own(call, "portfolio", call.params["PortfolioId"])["people"]
    if person not in people:
        people.append(person)
    return {}


@SERVICE.operation("ListPrincipalsForPortfolio")
def list_principals(call: Call) -> Answer:
    return {"Principals": own(call, "portfolio", call.params["PortfolioId"])["people"]}


@SERVICE.operation("DisassociatePrincipalFromPortfolio")
def disassociate_principal(call: Call) -> Answer:
    portfolio = own(call, "portfolio", call.params["PortfolioId"])
    portfolio["people"] = [each for each in portfolio["people"] if each["PrincipalARN"] != call.params["PrincipalARN"]]
    return {}


@SERVICE.operation("CreateTagOption")
def create_tag_option(call: Call) -> Answer:
    key, value = call.params["Key"], call.params["Value"]
    for each in records(call, "tag option").values():
        if each["owner"] == call.account and (each["detail"]["Key"], each["detail"]["Value"]) == (key, value):
            raise AwsError("DuplicateResourceException", f"the tag option {key} {value} exists")
    id_ = new_id("tag")
    detail = {"Id": id_, "Key": key, "Value": value, "Active": True, "Owner": call.account}
    records(call, "tag option")[id_] = {"owner": call.account, "detail": detail, "resources": {}}
    return {"TagOptionDetail": detail}


@SERVICE.operation("DescribeTagOption", "UpdateTagOption")
def tag_option(call: Call) -> Answer:
    detail = own(call, "tag option", call.params["Id"])["detail"]
    for key in ("Value", "Active"):
        detail[key] = call.params.get(key, detail[key])
    return {"TagOptionDetail": detail}


@SERVICE.operation("DeleteTagOption")
def delete_tag_option(call: Call) -> Answer:
    if own(call, "tag option", call.params["Id"])["resources"]:
        raise AwsError("ResourceInUseException", f"the tag option {call.params['Id']} is associated")
    del records(call, "tag option")[call.params["Id"]]
    return {}


def _resource(call: Call, id_: str) -> Record:
    return own(call, "portfolio" if id_.startswith("port-") else "product", id_)


@SERVICE.operation("AssociateTagOptionWithResource")
def associate_tag_option(call: Call) -> Answer:
    id_ = call.params["ResourceId"]
    detail = _resource(call, id_)["detail"]
    own(call, "tag option", call.params["TagOptionId"])["resources"][id_] = {
        "Id": id_,
        "ARN": detail.get("ARN", detail.get("ProductARN")),
        "Name": detail.get("DisplayName", detail.get("ProductViewSummary", {}).get("Name")),
        "CreatedTime": detail["CreatedTime"],
    }
    return {}


@SERVICE.operation("ListResourcesForTagOption")
def list_resources(call: Call) -> Answer:
    return {"ResourceDetails": list(own(call, "tag option", call.params["TagOptionId"])["resources"].values())}


@SERVICE.operation("DisassociateTagOptionFromResource")
def disassociate_tag_option(call: Call) -> Answer:
    own(call, "tag option", call.params["TagOptionId"])["resources"].pop(call.params["ResourceId"], None)
    return {}


@SERVICE.operation("AssociateBudgetWithResource")
def associate_budget(call: Call) -> Answer:
    budgets = _resource(call, call.params["ResourceId"])["budgets"]
    if {"BudgetName": call.params["BudgetName"]} not in budgets:
        budgets.append({"BudgetName": call.params["BudgetName"]})
    return {}


@SERVICE.operation("ListBudgetsForResource")
def list_budgets(call: Call) -> Answer:
    return {"Budgets": _resource(call, call.params["ResourceId"])["budgets"]}


@SERVICE.operation("DisassociateBudgetFromResource")
def disassociate_budget(call: Call) -> Answer:
    resource = _resource(call, call.params["ResourceId"])
    resource["budgets"] = [each for each in resource["budgets"] if each["BudgetName"] != call.params["BudgetName"]]
    return {}
