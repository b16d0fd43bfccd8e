"""How many of a price's unit a resource uses while nobody uses it. A type without a rule is one of its price.

A rule counts what stands in the stacks, and takes a price by its name; how much of a price with an assumption an idle
subject uses stands at the price. Units of time are not counted here: an hour is 730 a month.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

from policies.cost import watched
from policies.cost.quantity import Quantity, Rule, is_first, standing
from policies.cost.world import Resource, World
from policies.errors import CostError

DEFAULT_ALARM_PERIOD = 300
PROFILE_ASSOCIATIONS = 100  # of an account and region, in the price of its profiles
_INSIGHTS = re.compile(r"\s*SELECT\b", re.IGNORECASE)
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


def _profile(resource: Resource, world: World) -> Iterator[Quantity]:
    """AWS charges an account once for all its profiles of a region, and each association beyond a hundred."""
    region = resource.place.region
    own = [one for one in world.of(resource.kind, region=region) if one.place.account == resource.place.account]
    if not is_first(resource, own):
        yield Quantity("dns-profile", Decimal(0), note="charged with another profile of the account")
        return
    yield Quantity("dns-profile", Decimal(1))
    beyond = standing(world, "aws_route53profiles_association", region) - PROFILE_ASSOCIATIONS
    if beyond > 0:
        yield Quantity("dns-profile-association", beyond)


def _key(resource: Resource, world: World) -> Iterator[Quantity]:
    """Its first two rotations each add the price of a key, those after them nothing (AWS's pricing page)."""
    yield Quantity("key", Decimal(1))
    if resource.body.get("enable_key_rotation"):
        yield Quantity("key-rotation", Decimal(2), note="after its second rotation", awaited=True)


def _secret(resource: Resource, world: World) -> Iterator[Quantity]:
    """A replica is a secret of its own in the bill."""
    yield Quantity("secret", Decimal(1 + len(resource.blocks("replica"))))


def _budget_action(resource: Resource, world: World) -> Iterator[Quantity]:
    """AWS charges a budget that has actions, however many it has."""
    own = [one for one in world.of(resource.kind, stack=resource.place.stack) if _budget(one) == _budget(resource)]
    yield Quantity("budget-action", Decimal(is_first(resource, own)))


def _budget(action: Resource) -> str:
    return str(action.body.get("budget_name"))


def _parameter(resource: Resource, world: World) -> Iterator[Quantity]:
    if resource.body.get("tier") == "Advanced":
        yield Quantity("advanced-parameter", Decimal(1))


def _alarm(resource: Resource, world: World) -> Iterator[Quantity]:
    """Each metric that an alarm reads is charged; a band of an anomaly detector is three (AWS's pricing page)."""
    queries = resource.blocks("metric_query")
    if any(_INSIGHTS.match(query.get("expression", "")) for query in queries):
        raise CostError(f"{resource}: how many metrics its SELECT reads is only known to CloudWatch; name the metrics")
    metrics = [query["metric"] for query in queries if query.get("metric")]
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


def _concurrency(resource: Resource, world: World) -> Iterator[Quantity]:
    names = str(resource.body["function_name"])
    for function in world.of("aws_lambda_function", stack=resource.place.stack):
        if function.body.get("function_name") == names or f"{{{function.address}." in names:
            gigabytes = Decimal(function.body.get("memory_size", 128)) / 1024
            kept = resource.body["provisioned_concurrent_executions"]
            arm = "-arm" if "arm64" in function.body.get("architectures", ()) else ""
            yield Quantity(f"provisioned-concurrency{arm}", gigabytes * kept * MONTH_MINUTES * 60)
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


RULES: dict[str, Rule] = watched.RULES | {
    "aws_budgets_budget_action": _budget_action,
    "aws_cloudwatch_metric_alarm": _alarm,
    "aws_dynamodb_table": _table,
    "aws_kinesis_stream": _stream,
    "aws_kms_key": _key,
    "aws_lambda_provisioned_concurrency_config": _concurrency,
    "aws_nat_gateway": _nat_gateway,
    "aws_networkfirewall_firewall": _firewall,
    "aws_route53_resolver_endpoint": _resolver_endpoint,
    "aws_route53_resolver_firewall_domain_list": _domain_list,
    "aws_route53profiles_profile": _profile,
    "aws_sagemaker_endpoint_configuration": _endpoint_configuration,
    "aws_sagemaker_mlflow_tracking_server": _tracking_server,
    "aws_sagemaker_notebook_instance": _notebook,
    "aws_secretsmanager_secret": _secret,
    "aws_ssm_parameter": _parameter,
    "aws_synthetics_canary": _canary,
    "aws_vpc_endpoint": _endpoint,
}
