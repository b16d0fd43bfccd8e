"""Contracts cross stacks under stable names, and everything that CDKTF leaves silent is an error."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import cdktf
import pytest
from cdktf_cdktf_provider_aws.s3_bucket import S3Bucket

from modules.core.contract import Contract, Producer, StateLocation, assigned, named
from modules.core.errors import ConfigError, ContractError
from modules.core.escape import override
from modules.core.naming import Naming
from modules.core.tags import REQUIRED, required_tags
from modules.core.wiring import consume, named_only, publish
from tests.support.rendering import NAMING, TestStack, render


@dataclass(frozen=True, slots=True)
class LakeContract(Contract):
    """A contract with every kind of field."""

    bucket: str = named(lambda naming: naming.bucket("lake"))
    key_arn: str = assigned()
    databases: list[str] = assigned()
    zones: Mapping[str, str] = assigned()


PRODUCER = Producer("data-lake", NAMING, StateLocation("acme-dev-tfstate", "dev/x.tfstate", "eu-west-1", "arn:k"))


def _lake(bucket: str = "acme-dev-lake") -> LakeContract:
    return LakeContract(bucket=bucket, key_arn="arn:key", databases=["a"], zones={"raw": "r"})


def test_outputs_are_called_like_the_fields() -> None:
    """A published contract is one output for each field, under the field's own name."""
    document = render(lambda scope: publish(_stack(scope), _lake(), NAMING)).document
    assert {name: body["value"] for name, body in document["output"].items()} == {
        "bucket": "acme-dev-lake",
        "databases": ["a"],
        "key_arn": "arn:key",
        "zones": {"raw": "r"},
    }


def test_named_fields_need_no_read() -> None:
    """A consumer computes named fields and reads the others under their names from the producer's state."""
    seen: list[LakeContract] = []

    def build(scope: object) -> None:
        stack = _stack(scope)
        lake = consume(stack, LakeContract, PRODUCER)
        seen.append(lake)
        S3Bucket(stack, "b", bucket=lake.key_arn, tags={"zone": lake.zones["raw"]})

    document = render(build).document
    (bucket,) = document["resource"]["aws_s3_bucket"].values()
    assert seen[0].bucket == "acme-dev-lake"
    assert bucket["bucket"] == "${data.terraform_remote_state.data-lake.outputs.key_arn}"
    assert bucket["tags"] == {"zone": "${data.terraform_remote_state.data-lake.outputs.zones.raw}"}
    assert document["data"]["terraform_remote_state"]["data-lake"]["config"] == {
        "bucket": "acme-dev-tfstate",
        "key": "dev/x.tfstate",
        "region": "eu-west-1",
    }


def test_a_state_is_read_once_for_all_its_contracts() -> None:
    """Two contracts of one producer share one remote state data source."""
    document = render(lambda scope: [consume(_stack(scope), LakeContract, PRODUCER) for _ in range(2)]).document
    assert list(document["data"]["terraform_remote_state"]) == ["data-lake"]


def test_publishing_another_name_than_consumers_compute_is_an_error() -> None:
    """A construct cannot drift from the contract's rule: the error shows both names."""
    with pytest.raises(ContractError, match=r"'other'.*'acme-dev-lake'"):
        render(lambda scope: publish(_stack(scope), _lake("other"), NAMING))


def test_a_remote_map_cannot_be_iterated_or_counted() -> None:
    """Keys of another stack's map are unknown at synthesis: asking for them is an error, not an empty loop."""

    def build(scope: object) -> None:
        zones = consume(_stack(scope), LakeContract, PRODUCER).zones
        with pytest.raises(ContractError, match="loop over settings"):
            list(zones)
        with pytest.raises(ContractError, match="count settings"):
            len(zones)
        with pytest.raises(ContractError, match="cannot be a key"):
            zones['a"b']

    render(build)


def test_a_contract_with_assigned_fields_cannot_be_named_only() -> None:
    """Taking names without the state works only where nothing has to be read."""
    with pytest.raises(ContractError, match="key_arn is assigned by AWS"):
        named_only(LakeContract, NAMING)


@pytest.mark.parametrize(
    ("what", "message"),
    [
        ("x" * 60, "characters, 64 are allowed"),
        ("Data", "lower-case"),
        ("a_b", "lower-case"),
        ("-a-", "lower-case"),
        ("${aws_s3_bucket.b.id}", "Terraform reference"),
        ("a.b", "lower-case"),
    ],
)
def test_a_name_that_aws_would_refuse_is_an_error(what: str, message: str) -> None:
    """Too long, wrong letters, or a reference: an error that shows the name, never a hash or a cut."""
    with pytest.raises(ConfigError, match=message):
        NAMING.name(what)


def test_names_and_arns_follow_one_rule() -> None:
    """Names are organisation, environment, what; ARNs carry partition, region and account."""
    gov = replace(NAMING, partition="aws-us-gov", region="us-gov-west-1")
    assert NAMING.name("trail") == "acme-dev-trail"
    assert gov.bucket_arn("lake") == "arn:aws-us-gov:s3:::acme-dev-lake"
    assert gov.role_arn("plan") == "arn:aws-us-gov:iam::222222222222:role/acme-dev-plan"
    assert isinstance(gov, Naming)


def test_required_tags_come_with_those_of_the_owner() -> None:
    """Every resource has the required tags; the owner's tags are added, not instead."""
    tags = required_tags(
        organization="acme", environment="dev", account="a", module="m", stack="s", extra={"Team": "fraud"}
    )
    assert set(tags) == {*REQUIRED, "Team"}


def test_an_override_needs_a_reason() -> None:
    """Leaving the typed bindings without saying why is an error."""
    with pytest.raises(ValueError, match="reason"):
        override(TestStack(cdktf.Testing.app()), "terraform.x", 1, because="")


def _stack(scope: object) -> TestStack:
    assert isinstance(scope, TestStack)
    return scope
