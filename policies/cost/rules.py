"""How many of a price's unit a resource uses while nobody uses it. A type without a rule is one of its price.

A rule counts what stands in the stacks, and takes a price by its name; how much of a price with an assumption an idle
subject uses stands at the price. Units of time are not counted here: an hour is 730 a month.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from policies.cost.world import Resource, World
from policies.errors import CostError


@dataclass(frozen=True, slots=True)
class Quantity:
    """So many subjects at a price, with a size where the price has sizes. `note` says what is not obvious."""

    price: str
    number: Decimal
    size: str = ""
    note: str = ""


Rule = Callable[[Resource, World], Iterator[Quantity]]
DEFAULT_ALARM_PERIOD = 300
_RATE = re.compile(r"rate\((\d+) (minute|hour|day)s?\)")
_MINUTES = {"minute": 1, "hour": 60, "day": 1440}
MONTH_MINUTES = 730 * 60


def _endpoint(resource: Resource, world: World) -> Iterator[Quantity]:
    """An interface in each subnet; a gateway endpoint is free."""
    if resource.body.get("vpc_endpoint_type", "Gateway") != "Gateway":
        yield Quantity("interface-endpoint", Decimal(resource.length("subnet_ids")))


def _nat_gateway(resource: Resource, world: World) -> Iterator[Quantity]:
    """AWS waives the hours of one NAT gateway for each firewall endpoint that it is chained with."""
    stack = resource.place.stack
    waived = sum(len(one.blocks("subnet_mapping")) for one in world.of("aws_networkfirewall_firewall", stack=stack))
    place = sorted(one.address for one in world.of(resource.kind, stack=stack)).index(resource.address)
    if place < waived:
        yield Quantity("nat-gateway", Decimal(0), note="waived: AWS charges the firewall endpoint of its zone")
    else:
        yield Quantity("nat-gateway", Decimal(1))


def _firewall(resource: Resource, world: World) -> Iterator[Quantity]:
    yield Quantity("firewall-endpoint", Decimal(len(resource.blocks("subnet_mapping"))))


def _resolver_endpoint(resource: Resource, world: World) -> Iterator[Quantity]:
    yield Quantity("resolver-address", Decimal(len(resource.blocks("ip_address"))))


def _domain_list(resource: Resource, world: World) -> Iterator[Quantity]:
    yield Quantity("dns-firewall-domain", Decimal(resource.length("domains")))


def _parameter(resource: Resource, world: World) -> Iterator[Quantity]:
    if resource.body.get("tier") == "Advanced":
        yield Quantity("advanced-parameter", Decimal(1))


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
    yield Quantity("macie-bucket", _standing(world, "aws_s3_bucket", resource.place.region))


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


def _alarm(resource: Resource, world: World) -> Iterator[Quantity]:
    """Each metric that an alarm reads is charged; a band of an anomaly detector is three (AWS's pricing page)."""
    queries = resource.blocks("metric_query")
    metrics = [one["metric"] for query in queries for one in [query] if one.get("metric")]
    read = [found for metric in metrics for found in (metric if isinstance(metric, list) else [metric])]
    periods = [one.get("period", DEFAULT_ALARM_PERIOD) for one in (*read, resource.body)]
    price = "alarm-high-resolution" if min(periods) < 60 else "alarm"
    band = any("ANOMALY_DETECTION_BAND" in query.get("expression", "") for query in queries)
    yield Quantity(price, Decimal(max(len(read), 1) * (3 if band else 1)))


def _canary(resource: Resource, world: World) -> Iterator[Quantity]:
    """Runs by the clock whether or not somebody looks."""
    if resource.body.get("start_canary") is False:
        return
    for schedule in resource.blocks("schedule"):
        if not (found := _RATE.fullmatch(str(schedule.get("expression")))):
            raise CostError(f"{resource}: its runs are counted by rate(...) alone, not {schedule.get('expression')!r}")
        every = int(found[1]) * _MINUTES[found[2]]
        yield Quantity("canary-run", (Decimal(MONTH_MINUTES) / every).quantize(Decimal(1)) if every else Decimal(0))


def _endpoint_configuration(resource: Resource, world: World) -> Iterator[Quantity]:
    """The instances that stand whatever the load: the least that scaling leaves, else those it starts with."""
    for variant in resource.blocks("production_variants"):
        if variant.get("serverless_config"):
            continue
        yield Quantity("hosting", _least(resource, variant, world), variant.get("instance_type", ""))


def _least(resource: Resource, variant: Mapping[str, object], world: World) -> Decimal:
    dimension, end = "sagemaker:variant:DesiredInstanceCount", f"/variant/{variant.get('variant_name')}"
    for target in world.of("aws_appautoscaling_target", stack=resource.place.stack):
        names = str(target.body.get("resource_id"))
        if target.body.get("scalable_dimension") == dimension and names.endswith(end):
            return Decimal(target.body["min_capacity"])
    return Decimal(str(variant.get("initial_instance_count", 1)))


def _notebook(resource: Resource, world: World) -> Iterator[Quantity]:
    yield Quantity("notebook", Decimal(1), resource.body["instance_type"])


def _tracking_server(resource: Resource, world: World) -> Iterator[Quantity]:
    yield Quantity("tracking-server", Decimal(1), resource.body.get("tracking_server_size", "Small"))


def _pipeline(resource: Resource, world: World) -> Iterator[Quantity]:
    """Type V2 is billed by the minute of its actions."""
    if resource.body.get("pipeline_type", "V1") == "V1":
        yield Quantity("pipeline", Decimal(1))


def _concurrency(resource: Resource, world: World) -> Iterator[Quantity]:
    names = str(resource.body["function_name"])
    for function in world.of("aws_lambda_function", stack=resource.place.stack):
        if function.body.get("function_name") == names or f"{{{function.address}." in names:
            gigabytes = Decimal(function.body.get("memory_size", 128)) / 1024
            kept = resource.body["provisioned_concurrent_executions"]
            yield Quantity("provisioned-concurrency", gigabytes * kept * MONTH_MINUTES * 60)
            return
    raise CostError(f"{resource}: its function {names} is not in this stack, so its memory is not known")


def _stream(resource: Resource, world: World) -> Iterator[Quantity]:
    modes = [block.get("stream_mode") for block in resource.blocks("stream_mode_details")]
    if "ON_DEMAND" in modes:
        yield Quantity("on-demand-stream", Decimal(1))
    else:
        yield Quantity("shard", Decimal(resource.body.get("shard_count", 1)))


def _table(resource: Resource, world: World) -> Iterator[Quantity]:
    """A table on demand costs nothing idle; a provisioned one its capacity, and so do its indexes."""
    if resource.body.get("billing_mode", "PROVISIONED") == "PROVISIONED":
        for one in (resource.body, *resource.blocks("global_secondary_index")):
            yield Quantity("read-capacity", Decimal(one.get("read_capacity", 0)))
            yield Quantity("write-capacity", Decimal(one.get("write_capacity", 0)))


def _standing(world: World, kind: str, region: str) -> Decimal:
    """How many of a type stand in a region."""
    return sum((one.instances for one in world.of(kind, region=region)), Decimal(0))


RULES: dict[str, Rule] = {
    "aws_accessanalyzer_analyzer": _analyzer,
    "aws_cloudwatch_metric_alarm": _alarm,
    "aws_codepipeline": _pipeline,
    "aws_config_conformance_pack": _pack,
    "aws_config_organization_conformance_pack": _organization_pack,
    "aws_config_organization_custom_policy_rule": _organization_rule,
    "aws_config_organization_custom_rule": _organization_rule,
    "aws_config_organization_managed_rule": _organization_rule,
    "aws_dynamodb_table": _table,
    "aws_guardduty_organization_configuration": _guardduty,
    "aws_inspector2_organization_configuration": _inspector,
    "aws_kinesis_stream": _stream,
    "aws_lambda_provisioned_concurrency_config": _concurrency,
    "aws_macie2_organization_configuration": _macie,
    "aws_nat_gateway": _nat_gateway,
    "aws_networkfirewall_firewall": _firewall,
    "aws_route53_resolver_endpoint": _resolver_endpoint,
    "aws_route53_resolver_firewall_domain_list": _domain_list,
    "aws_sagemaker_endpoint_configuration": _endpoint_configuration,
    "aws_sagemaker_mlflow_tracking_server": _tracking_server,
    "aws_sagemaker_notebook_instance": _notebook,
    "aws_securityhub_organization_configuration": _security_hub,
    "aws_ssm_parameter": _parameter,
    "aws_synthetics_canary": _canary,
    "aws_vpc_endpoint": _endpoint,
}
