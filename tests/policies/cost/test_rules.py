"""How many of a price's unit each type of resource uses while nobody uses it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from policies.errors import CostError
from tests.policies.cost.stacks import ROLE, billed, one, priced

FIREWALL = {"it": {"subnet_mapping": [{"subnet_id": "a"}, {"subnet_id": "b"}]}}
VARIANT = {"variant_name": "main", "instance_type": "ml.m5.large", "initial_instance_count": 2}
TARGET = {
    "min_capacity": 1,
    "resource_id": "endpoint/${aws_sagemaker_endpoint.it.name}/variant/main",
    "scalable_dimension": "sagemaker:variant:DesiredInstanceCount",
}
DAILY = {"recording_frequency": "DAILY"}
WAITS = '${(data.aws_ssm_parameter.version.value != "none") ? 1 : 0}'


def _fixed(number: str | int) -> tuple[Decimal, str]:
    return Decimal(number), "fixed"


def _estimated(number: str | int) -> tuple[Decimal, str]:
    return Decimal(number), "estimated"


@pytest.mark.parametrize(
    ("kind", "body", "costs"),
    [
        (
            "aws_vpc_endpoint",
            {"vpc_endpoint_type": "Interface", "subnet_ids": ["a", "b"]},
            {"interface-endpoint": 1460},
        ),
        ("aws_vpc_endpoint", {"vpc_endpoint_type": "Gateway"}, {}),
        ("aws_vpc_endpoint", {}, {}),
        ("aws_nat_gateway", {}, {"nat-gateway": 730}),
        ("aws_eip", {}, {"public-address": 730}),
        ("aws_ec2_transit_gateway_vpc_attachment", {}, {"transit-gateway-attachment": 730}),
        ("aws_networkfirewall_firewall", FIREWALL["it"], {"firewall-endpoint": 1460}),
        ("aws_route53_resolver_endpoint", {"ip_address": [{}, {}, {}]}, {"resolver-address": 2190}),
        (
            "aws_route53_resolver_firewall_domain_list",
            {"domains": ["a.example", "b.example"]},
            {"dns-firewall-domain": 2},
        ),
        ("aws_route53profiles_profile", {}, {"dns-profile": 730}),
        ("aws_route53_zone", {}, {"hosted-zone": 1}),
        ("aws_kms_key", {}, {"key": 1}),
        ("aws_kms_replica_key", {}, {"key": 1}),
        ("aws_secretsmanager_secret", {}, {"secret": 1}),
        ("aws_secretsmanager_secret", {"replica": [{"region": "a"}, {"region": "b"}]}, {"secret": 3}),
        ("aws_ssm_parameter", {"tier": "Standard"}, {}),
        ("aws_ssm_parameter", {"tier": "Advanced"}, {"advanced-parameter": 1}),
        ("aws_accessanalyzer_analyzer", {"type": "ORGANIZATION"}, {}),
        ("aws_cloudwatch_metric_alarm", {"period": 300}, {"alarm": 1}),
        ("aws_cloudwatch_metric_alarm", {"period": 10}, {"alarm-high-resolution": 1}),
        (
            "aws_cloudwatch_metric_alarm",
            {"metric_query": [{"metric": {"period": 60}}, {"metric": [{"period": 60}]}, {"expression": "a/b"}]},
            {"alarm": 2},
        ),
        (
            "aws_cloudwatch_metric_alarm",
            {"metric_query": [{"metric": {}}, {"expression": "ANOMALY_DETECTION_BAND(m1, 2)"}]},
            {"alarm": 3},
        ),
        ("aws_cloudwatch_composite_alarm", {}, {"composite-alarm": 1}),
        ("aws_cloudwatch_dashboard", {}, {"dashboard": 1}),
        ("aws_synthetics_canary", {"schedule": {"expression": "rate(5 minutes)"}}, {"canary-run": 8760}),
        ("aws_synthetics_canary", {"schedule": {"expression": "rate(0 minute)"}}, {"canary-run": 0}),
        ("aws_synthetics_canary", {"schedule": {"expression": "rate(1 hour)"}, "start_canary": False}, {}),
        ("aws_sagemaker_endpoint_configuration", {"production_variants": [VARIANT]}, {"hosting": 1460}),
        ("aws_sagemaker_endpoint_configuration", {"production_variants": {"serverless_config": {"a": 1}}}, {}),
        ("aws_sagemaker_mlflow_tracking_server", {"tracking_server_size": "Small"}, {"tracking-server": 730}),
        ("aws_sagemaker_notebook_instance", {"instance_type": "ml.t3.medium"}, {"notebook": 730}),
        ("aws_codepipeline", {}, {}),
        ("aws_kinesis_stream", {"shard_count": 3}, {"shard": 2190}),
        ("aws_dynamodb_table", {"billing_mode": "PAY_PER_REQUEST"}, {}),
        (
            "aws_dynamodb_table",
            {
                "read_capacity": 2,
                "write_capacity": 1,
                "global_secondary_index": [{"read_capacity": 3, "write_capacity": 4}],
            },
            {"read-capacity": 3650, "write-capacity": 3650},
        ),
        ("aws_s3_bucket", {}, {}),
    ],
)
def test_what_one_resource_costs_idle(kind: str, body: dict[str, Any], costs: dict[str, int]) -> None:
    """Units a month of each price: hours are 730, zones, metrics, instances and capacities are counted."""
    assert one(kind, **body) == {price: _fixed(number) for price, number in costs.items()}


def test_nat_gateways_beside_firewall_endpoints_are_waived_one_for_one() -> None:
    """Of three gateways with two firewall endpoints one is charged; the others stand in the bill with nothing."""
    gateways = {name: {} for name in ("a", "b", "c")}
    assert priced({"aws_nat_gateway": gateways, "aws_networkfirewall_firewall": FIREWALL}) == {
        "nat-gateway": _fixed(730),
        "firewall-endpoint": _fixed(1460),
    }


def test_an_endpoint_costs_the_instances_that_scaling_leaves() -> None:
    """The least of the target of this very variant, not what it starts with; another variant's target tells nothing."""
    configuration = {"aws_sagemaker_endpoint_configuration": {"it": {"production_variants": [VARIANT]}}}
    other = TARGET | {"resource_id": "endpoint/x/variant/other"}
    assert priced(configuration | {"aws_appautoscaling_target": {"it": TARGET}})["hosting"] == _fixed(730)
    assert priced(configuration | {"aws_appautoscaling_target": {"it": other}})["hosting"] == _fixed(1460)


def test_what_waits_for_a_release_is_told_apart() -> None:
    """Its count is a condition: it costs nothing yet, and is counted as what will come."""
    found = one("aws_sagemaker_endpoint_configuration", count=WAITS, production_variants=[VARIANT])
    assert found == {"hosting": (Decimal(1460), "awaited")}


def test_count_and_for_each_multiply() -> None:
    """Numbers and lists that are written out."""
    assert one("aws_kms_key", count=3) == {"key": _fixed(3)}
    assert one("aws_kms_key", for_each={"a": 1, "b": 2}) == {"key": _fixed(2)}
    assert one("aws_kms_key", count=0) == {"key": _fixed(0)}


@pytest.mark.parametrize(
    ("kind", "body", "says"),
    [
        ("aws_kms_key", {"for_each": "${toset(var.a)}"}, "how many there are is only known to Terraform"),
        ("aws_kms_key", {"count": "${length(var.a)}"}, "is no number"),
        ("aws_vpc_endpoint", {"vpc_endpoint_type": "Interface", "subnet_ids": "${var.a}"}, "subnet_ids is only known"),
        ("aws_synthetics_canary", {"schedule": {"expression": "cron(0 1 * * ? *)"}}, r"counted by rate\(...\) alone"),
        ("aws_lambda_provisioned_concurrency_config", {"function_name": "f"}, "its function f is not in this stack"),
        ("aws_config_conformance_pack", {"template_s3_uri": "s3://a"}, "template_body, and there is none"),
        ("aws_sagemaker_notebook_instance", {"instance_type": "ml.p5.48xlarge"}, "has no size ml.p5.48xlarge"),
        (
            "aws_config_configuration_recorder",
            {"recording_mode": {"recording_frequency": "DAILY"}},
            "no price config-item-daily",
        ),
        ("aws_cloudwatch_metric_alarm", {"metric_query": {"expression": "SELECT MAX(a) FROM b"}}, "name the metrics"),
        ("aws_kinesis_stream", {"stream_mode_details": {"stream_mode": "ON_DEMAND"}}, "no price on-demand-stream"),
        ("aws_made_up", {}, r"aws_made_up is neither in .* \(net-org-a/aws_made_up.it\)"),
    ],
)
def test_what_cannot_be_counted_is_an_error(kind: str, body: dict[str, Any], says: str) -> None:
    """It names the resource and what is missing; nothing is guessed."""
    with pytest.raises(CostError, match=says):
        one(kind, **body)


def test_a_key_that_rotates_costs_three_times_as_much_in_the_end() -> None:
    """One from the beginning; its first two rotations are awaited, as each adds the price of a key for good."""
    assert one("aws_kms_key", enable_key_rotation=True) == {"key": _fixed(1), "key-rotation": (Decimal(2), "awaited")}


def test_profiles_are_charged_by_account_and_region() -> None:
    """The second one of an account costs nothing more; another account and another region do."""
    profile = {"aws_route53profiles_profile": {"it": {}}}
    stacks = ("net-org-a", "net-org-b", "sec-org-a", "net-org-a-eu-central-1")
    hours = [line.number for line in billed({stack: profile for stack in stacks}).lines]
    assert hours == [730, 730, 0, 730]


def test_associations_with_a_profile_are_charged_beyond_a_hundred() -> None:
    """The price of profiles holds a hundred, of all VPCs of the region."""
    profile = {"aws_route53profiles_profile": {"it": {}}}
    associated = {"aws_route53profiles_association": {f"vpc-{number}": {} for number in range(102)}}
    assert set(priced(profile | {"aws_route53profiles_association": {"it": {}}})) == {"dns-profile"}
    assert priced(profile | associated)["dns-profile-association"] == _fixed(1460)


def test_a_budget_is_charged_once_for_all_its_actions() -> None:
    """By the day: two actions of one budget and one of another are two budgets."""
    actions = {"a": {"budget_name": "x"}, "b": {"budget_name": "x"}, "c": {"budget_name": "y"}}
    lines = billed({"net-org-a": {"aws_budgets_budget_action": actions}}).lines
    assert [line.number > 0 for line in lines] == [True, False, True]


def test_provisioned_concurrency_on_graviton_has_its_own_price() -> None:
    """By the architecture of the function it refers to."""
    concurrency = {"function_name": "f", "provisioned_concurrent_executions": 1}
    function = {"function_name": "f", "architectures": ["arm64"]}
    found = priced(
        {"aws_lambda_function": {"f": function}, "aws_lambda_provisioned_concurrency_config": {"it": concurrency}}
    )
    assert set(found) == {"provisioned-concurrency-arm"}


def test_provisioned_concurrency_is_its_memory_over_the_month() -> None:
    """Executions x GB x seconds of 730 hours, of the function it refers to."""
    found = priced(
        {
            "aws_lambda_function": {"f": {"memory_size": 512}},
            "aws_lambda_provisioned_concurrency_config": {
                "it": {
                    "function_name": "${aws_lambda_function.f.function_name}",
                    "provisioned_concurrent_executions": 2,
                }
            },
        }
    )
    assert found == {"provisioned-concurrency": _fixed(730 * 3600)}


def test_a_rule_of_the_organisation_is_evaluated_in_each_account() -> None:
    """30 a month in each of three accounts, less those it excludes; of a pack for each rule in its template."""
    rule = {"excluded_accounts": ["111111111111"]}
    pack = {"template_body": "Type: AWS::Config::ConfigRule\nType: AWS::Config::ConfigRule\n"}
    assert one("aws_config_organization_managed_rule") == {"config-evaluation": _estimated(90)}
    assert one("aws_config_organization_managed_rule", **rule) == {"config-evaluation": _estimated(60)}
    assert one("aws_config_organization_conformance_pack", **pack) == {"config-evaluation": _estimated(180)}
    assert one("aws_config_conformance_pack", **pack) == {"config-evaluation": _estimated(60)}
    assert one("aws_config_configuration_recorder") == {"config-item": _estimated(500)}


def test_security_services_are_estimated_for_all_accounts() -> None:
    """GuardDuty in each region of its configuration, Security Hub in each region where the administrator has it."""
    hubs = {
        "sec-org-a": {"aws_securityhub_account": {"it": {}}, "aws_securityhub_organization_configuration": {"it": {}}}
    }
    hubs["sec-org-b-eu-central-1"] = {"aws_securityhub_account": {"it": {}}}
    (checks,) = billed(hubs).lines
    assert (checks.number, checks.certainty) == (Decimal(6000 * 3 * 2), "estimated")
    assert one("aws_guardduty_organization_configuration") == {
        "guardduty-events": _estimated("0.9"),
        "guardduty-logs": _estimated(3),
    }
    assert one("aws_detective_member") == {"detective-data": _estimated("0.5")}


def test_macie_is_charged_for_the_buckets_of_its_region() -> None:
    """Those of all accounts, in that region alone."""
    stacks = {
        "sec-org-a": {"aws_macie2_organization_configuration": {"it": {}}, "aws_s3_bucket": {"a": {}}},
        "dev-dev-b": {"aws_s3_bucket": {"a": {}, "b": {}}},
        "dev-dev-b-eu-central-1": {"aws_s3_bucket": {"a": {}}},
    }
    (line,) = billed(stacks).lines
    assert (line.number, line.certainty) == (Decimal(3), "fixed")


def test_inspector_is_charged_for_functions_that_it_can_read() -> None:
    """Not for those that a customer-managed key encrypts, and of code only where that is switched on."""
    plan = {"auto_enable": {"lambda": True, "lambda_code": False}}
    functions = {"open": {}, "sealed": {"kms_key_arn": "arn"}}
    found = priced({"aws_inspector2_organization_configuration": {"it": plan}, "aws_lambda_function": functions})
    assert found == {"inspector-function": _fixed(1)}


def test_unused_access_is_charged_by_role() -> None:
    """Of the whole organisation or of the account, by the analyzer's type."""
    stacks = {
        "sec-org-a": ROLE | {"aws_accessanalyzer_analyzer": {"it": {"type": "ORGANIZATION_UNUSED_ACCESS"}}},
        "dev-dev-a": ROLE | {"aws_accessanalyzer_analyzer": {"it": {"type": "ACCOUNT_UNUSED_ACCESS"}}},
    }
    assert [(line.place.account, line.number) for line in billed(stacks).lines] == [("dev", 2), ("sec", 4)]
