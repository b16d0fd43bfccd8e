"""Detective points are rules that AWS has, with the parameters it knows, in the regions where it offers them."""

from __future__ import annotations

import gzip
import json
import os
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import pytest
from botocore.session import Session

from policies.catalogue import Control, shipped
from policies.detective import GAPS, GUARD, Detective, gaps, rules

CONTROLS = list(shipped().controls.values())
CONTROL = {
    "id": "SM-99",
    "objective": "test",
    "severity": "LOW",
    "rationale": "test",
    "remediation": "test",
    "owner": "cloud-administrator",
    "references": {"nist_800_53": ["CM-8"]},
    "missing": {"preventive": "test", "proactive": "test"},
}


@cache
def aws_rules() -> Mapping[str, Any]:
    """AWS's list of managed rules, as moto ships it: regions, parameters, resource types."""
    packed = files("moto.config").joinpath("resources/aws_managed_rules.json.gz").read_bytes()
    found: Mapping[str, Any] = json.loads(gzip.decompress(packed))["ManagedRules"]
    return found


@cache
def regions_by_title() -> Mapping[str, str]:
    """Region codes by the titles that AWS's list uses."""
    partitions = Session().get_data("endpoints")["partitions"]
    known = {region["description"]: code for partition in partitions for code, region in partition["regions"].items()}
    return known | {"Asia Pacific (New Zealand)": "ap-southeast-6", "Asia Pacific (Taipei)": "ap-east-2"}


def missing_in(rule: str) -> list[str]:
    """The regions in which AWS's list says that there is no such rule."""
    text = aws_rules()[rule]["AWS Region"]
    stated = re.fullmatch(r"(All supported AWS regions except|Only available in) (.*) Region", text)
    if stated is None:
        assert text == "All supported AWS regions", rule
        return []
    titles = re.findall(r"[^,(]+\([^)]+\)", stated[2])
    named = {regions_by_title()[title.strip(", ")] for title in titles}
    without = named if stated[1].startswith("All") else set(regions_by_title().values()) - named
    return sorted(region for region in without if "iso" not in region and not region.startswith("eusc"))


def points() -> list[Detective]:
    return [point for control in CONTROLS for point in control.detective]


def managed() -> list[str]:
    return sorted(point.managed for point in points() if point.managed)


# Clarify explains a model through an endpoint that it puts up itself, which a job without a network cannot reach: these
# jobs stand in the VPC instead (SM-49), and the rule would find fault with every one.
LEFT_OUT = {"SAGEMAKER_MODEL_EXPLAINABILITY_JOB_NETWORK_ISOLATION"}


def test_every_rule_for_sagemaker_is_there() -> None:
    """Each SAGEMAKER rule of AWS's list but the one left out is some control's detective point."""
    ours = {rule for rule in managed() if rule.startswith("SAGEMAKER_")}
    assert ours == {rule for rule in aws_rules() if rule.startswith("SAGEMAKER_")} - LEFT_OUT


def test_every_managed_rule_is_one_of_aws_with_its_parameters() -> None:
    """AWS knows every rule and every parameter given, and every parameter that it demands is given."""
    for point in points():
        if point.managed:
            known = {one["Name"]: one["Optional"] for one in aws_rules()[point.managed]["Parameters"]}
            assert set(point.parameters) <= set(known), point.managed
            assert {name for name, optional in known.items() if not optional} <= set(point.parameters), point.managed


def test_gaps_are_those_of_the_list_of_aws(pytestconfig: pytest.Config) -> None:
    """The regions without a rule are those AWS's list names; `make golden` rewrites the file, never under CI."""
    expected = {rule: missing_in(rule) for rule in managed() if missing_in(rule)}
    if pytestconfig.getoption("--update-golden"):
        assert os.environ.get("CI", "") != "true", "goldens are not rewritten in CI"
        lines = (f"  {json.dumps(rule)}: {json.dumps(regions)}" for rule, regions in expected.items())
        GAPS.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
        gaps.cache_clear()
    assert gaps() == expected


def test_a_rule_stands_only_where_aws_offers_it() -> None:
    """In GovCloud there is no SAGEMAKER_DOMAIN_IN_VPC, but a rule about direct internet access."""
    found = {rule.name for rule in rules(CONTROLS, region="us-gov-west-1", partition="aws-us-gov", at_home=True)}
    assert "sagemaker-domain-in-vpc" not in found
    assert "sagemaker-notebook-no-direct-internet-access" in found


def test_rules_about_identities_stand_at_home_alone() -> None:
    """Abroad no rule asks for what is the same in every region, and nothing else is missing."""
    home = {rule.name for rule in rules(CONTROLS, region="eu-west-1", partition="aws", at_home=True)}
    abroad = {rule.name for rule in rules(CONTROLS, region="eu-west-1", partition="aws", at_home=False)}
    assert home - abroad == {
        point.name for point in points() if point.once and "eu-west-1" not in gaps().get(point.managed or "", ())
    }
    assert all("iam-" not in name for name in abroad - {"mfa-enabled-for-iam-console-access"})


def test_parameters_name_the_partition() -> None:
    """`{partition}` in a parameter becomes the organisation's partition."""
    point = {"managed": "IAM_POLICY_IN_USE", "parameters": {"policyARN": "arn:{partition}:iam::aws:policy/X"}}
    control = Control.model_validate(CONTROL | {"detective": [point]})
    [rule] = rules([control], region="us-gov-west-1", partition="aws-us-gov", at_home=True)
    assert rule.parameters == {"policyARN": "arn:aws-us-gov:iam::aws:policy/X"}


def test_every_guard_file_is_used_once() -> None:
    """No Guard text lies about that no control names."""
    assert sorted(path.stem for path in GUARD.iterdir()) == sorted(point.guard for point in points() if point.guard)


@pytest.mark.parametrize(
    ("point", "says"),
    [
        ({}, "either managed or guard"),
        ({"managed": "S3_BUCKET_ACL_PROHIBITED", "guard": "glue-job-protected"}, "either managed or guard"),
        ({"guard": "glue-job-protected"}, "types with guard"),
        ({"managed": "S3_BUCKET_ACL_PROHIBITED", "types": ["AWS::S3::Bucket"]}, "none with managed"),
        ({"guard": "nowhere", "types": ["AWS::S3::Bucket"]}, r"names no file of policies/guard/: nowhere\.guard"),
        ({"managed": "A_" * 33 + "A"}, "64 characters"),
        ({"managed": "S3_BUCKET_ACL_PROHIBITED", "repair": "reboot"}, "repair"),
    ],
)
def test_a_detective_point_with_a_fault_is_refused(point: dict[str, Any], says: str) -> None:
    """The error says what a rule must have."""
    with pytest.raises(ValueError, match=says):
        Detective.model_validate(point)
