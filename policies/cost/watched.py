"""Rules of the services that record and watch what others do: AWS Config, and those of security.

An account that they watch has no resource of its own for it; what they see of an idle account is assumed at the price.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from policies.cost.quantity import Quantity, Rule, standing
from policies.cost.world import Resource, World
from policies.errors import CostError


def _recorder(resource: Resource, world: World) -> Iterator[Quantity]:
    """An item that is recorded daily costs four times one that is recorded as it changes."""
    daily = any(mode.get("recording_frequency") == "DAILY" for mode in resource.blocks("recording_mode"))
    yield Quantity("config-item-daily" if daily else "config-item", Decimal(1))


def _organization_rule(resource: Resource, world: World) -> Iterator[Quantity]:
    yield Quantity("config-evaluation", Decimal(world.accounts - resource.length("excluded_accounts")))


def _pack(resource: Resource, world: World) -> Iterator[Quantity]:
    yield Quantity("config-evaluation", Decimal(_rules_of(resource)))


def _organization_pack(resource: Resource, world: World) -> Iterator[Quantity]:
    accounts = world.accounts - resource.length("excluded_accounts")
    yield Quantity("config-evaluation", Decimal(_rules_of(resource) * accounts))


def _rules_of(resource: Resource) -> int:
    """The rules of a pack's template."""
    if not isinstance(body := resource.body.get("template_body"), str):
        raise CostError(f"{resource}: its rules are counted in template_body, and there is none")
    return len(re.findall(r"\bAWS::Config::ConfigRule\b", body))


def _guardduty(resource: Resource, world: World) -> Iterator[Quantity]:
    """Members have no resource of their own: the organisation's configuration switches them on."""
    for price in ("guardduty-events", "guardduty-logs"):
        yield Quantity(price, Decimal(world.accounts))


def _security_hub(resource: Resource, world: World) -> Iterator[Quantity]:
    """Central configuration works in the regions where the administrator has Security Hub."""
    regions = {one.place.region for one in world.of("aws_securityhub_account")}
    yield Quantity("security-check", Decimal(world.accounts * len(regions)))


def _macie(resource: Resource, world: World) -> Iterator[Quantity]:
    yield Quantity("macie-bucket", standing(world, "aws_s3_bucket", resource.place.region))


def _inspector(resource: Resource, world: World) -> Iterator[Quantity]:
    """Inspector scans no function whose code is encrypted by a customer-managed key.

    https://docs.aws.amazon.com/inspector/latest/user/scanning-lambda.html
    """
    functions = world.of("aws_lambda_function", region=resource.place.region)
    scanned = Decimal(sum(not one.body.get("kms_key_arn") for one in functions))
    for plan in resource.blocks("auto_enable"):
        if plan.get("lambda"):
            yield Quantity("inspector-function", scanned)
        if plan.get("lambda_code"):
            yield Quantity("inspector-function-code", scanned)


def _analyzer(resource: Resource, world: World) -> Iterator[Quantity]:
    """External access is free; unused access is charged by role, of the account or of the organisation."""
    kind = resource.body.get("type", "ACCOUNT")
    if kind.endswith("UNUSED_ACCESS"):
        roles = world.of("aws_iam_role")
        own = [one for one in roles if one.place.account == resource.place.account]
        yield Quantity("unused-access-role", Decimal(len(roles if kind.startswith("ORGANIZATION") else own)))


RULES: dict[str, Rule] = {
    "aws_accessanalyzer_analyzer": _analyzer,
    "aws_config_configuration_recorder": _recorder,
    "aws_config_conformance_pack": _pack,
    "aws_config_organization_conformance_pack": _organization_pack,
    "aws_config_organization_custom_policy_rule": _organization_rule,
    "aws_config_organization_custom_rule": _organization_rule,
    "aws_config_organization_managed_rule": _organization_rule,
    "aws_guardduty_organization_configuration": _guardduty,
    "aws_inspector2_organization_configuration": _inspector,
    "aws_macie2_organization_configuration": _macie,
    "aws_securityhub_organization_configuration": _security_hub,
}
