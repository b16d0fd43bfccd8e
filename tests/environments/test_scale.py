"""One account or twenty-five, commercial or GovCloud, two regions: the same code, and nothing clashes or dangles."""

from __future__ import annotations

import itertools
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from environments.build import synthesise
from environments.manifest import Manifest, StackEntry
from environments.placement.cost_reporting import BILLING_REGION
from environments.placement.foundations import QUOTA_TEMPLATE_REGION
from tests.support.organisations import once
from tests.support.sizes import REGIONS, organisation

pytestmark = pytest.mark.e2e  # each synthesis is a whole organisation
SIZES = tuple(pytest.param(each, id=f"{each[0]}-{each[1]}") for each in itertools.product((1, 3, 25), REGIONS))
# Names that are taken once in the world, or once in an account whatever the region.
EVERYWHERE = {"aws_s3_bucket": "bucket"}
IN_THE_ACCOUNT = {
    "aws_iam_role": "name",
    "aws_iam_policy": "name",
    "aws_iam_instance_profile": "name",
    "aws_organizations_policy": "name",
    "aws_budgets_budget": "name",
}
_EXPRESSION = re.compile(r"\$\{([^}]*)\}")
_ADDRESS = re.compile(r"(?:data\.)?\baws_[a-z0-9_]+\.[A-Za-z0-9_-]+")
_REMOTE = re.compile(r"data\.terraform_remote_state\.([A-Za-z0-9_-]+)\.outputs\.([A-Za-z0-9_]+)")


class Synthesis:
    """Every stack of a synthesis, by id, with its JSON."""

    def __init__(self, out: Path) -> None:
        self.manifest = Manifest.read(out)
        self.documents: dict[str, dict[str, Any]] = {
            entry.id: json.loads((out / entry.path).read_text(encoding="utf-8")) for entry in self.manifest.stacks
        }

    def resources(self, kind: str) -> Iterator[tuple[StackEntry, str, dict[str, Any]]]:
        """Every resource of a type: its stack, its name there, its arguments."""
        for entry in self.manifest.stacks:
            for name, arguments in self.documents[entry.id].get("resource", {}).get(kind, {}).items():
                yield entry, name, arguments


@pytest.fixture(name="synthesis", scope="module", params=SIZES)
def _synthesis(
    request: pytest.FixtureRequest, shared: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Synthesis, str]:
    size, partition = request.param

    def make(out: Path) -> None:
        synthesise(organisation(tmp_path_factory.mktemp("scale"), accounts=size, partition=partition), out)

    found = Synthesis(once(shared / f"scale-{size}-{partition}", make))
    assert len(found.manifest.organization.accounts) == size
    return found, partition


def strings(value: Any) -> Iterator[str]:
    """Every string in a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)


def policies(document: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Every IAM policy document of a stack."""
    for text in strings(document.get("resource", {})):
        if text.startswith('{"Version"') and '"Statement"' in text:
            yield json.loads(text)


def test_every_reference_has_a_target(synthesis: tuple[Synthesis, str]) -> None:
    """What a stack refers to stands in it; what it reads from another stack's state, that stack publishes."""
    found, _ = synthesis
    outputs = {entry.state_key: set(found.documents[entry.id].get("output", {})) for entry in found.manifest.stacks}
    seen = 0
    for stack_id, document in found.documents.items():
        placed = {
            f"{prefix}{kind}.{name}"
            for block, prefix in (("resource", ""), ("data", "data."))
            for kind, named in document.get(block, {}).items()
            for name in named
        }
        states = document.get("data", {}).get("terraform_remote_state", {})
        for text in strings(document):
            for expression in _EXPRESSION.findall(text):
                for address in _ADDRESS.findall(expression):
                    seen += 1
                    assert address in placed, f"{stack_id}: {text}"
            for name, output in _REMOTE.findall(text):
                published = outputs[states[name]["config"]["key"]]
                assert output in published, f"{stack_id} reads {output} of {name}, which publishes {sorted(published)}"
    assert seen > len(found.documents), "the pattern no longer finds references"


def test_no_principal_stands_twice_in_a_statement(synthesis: tuple[Synthesis, str]) -> None:
    """Roles that share an account are named once: AWS would rewrite the list, and every later plan would differ."""
    found, _ = synthesis
    for stack_id, document in found.documents.items():
        for policy in policies(document):
            for statement in policy["Statement"]:
                principal = statement.get("Principal", {})
                for named in principal.values() if isinstance(principal, dict) else ():
                    listed = [named] if isinstance(named, str) else named
                    assert len(set(listed)) == len(listed), f"{stack_id}: {statement}"


def test_no_two_stacks_take_one_name(synthesis: tuple[Synthesis, str]) -> None:
    """Bucket names are apart in the whole organisation, names of IAM in each account, whatever the region."""
    found, _ = synthesis
    taken = Counter(arguments[key] for kind, key in EVERYWHERE.items() for _, _, arguments in found.resources(kind))
    taken.update(
        f"{entry.account} {kind} {arguments.get('path', '/')}{arguments[key]}"
        for kind, key in IN_THE_ACCOUNT.items()
        for entry, _, arguments in found.resources(kind)
    )
    taken.update(
        f"{entry.account} {entry.region} {kind} {arguments['name']}"
        for entry in found.manifest.stacks
        for kind, named in found.documents[entry.id].get("resource", {}).items()
        if kind
        in ("aws_kms_alias", "aws_sns_topic", "aws_sqs_queue", "aws_lambda_function", "aws_cloudwatch_log_group")
        for arguments in named.values()
        if "name" in arguments
    )
    assert [name for name, times in taken.items() if times > 1] == []


def test_every_arn_and_region_lies_in_the_partition(synthesis: tuple[Synthesis, str]) -> None:
    """No ARN of another partition is written; outside governed regions lies only what AWS has in one region alone."""
    found, partition = synthesis
    for stack_id, document in found.documents.items():
        arns = {match for text in strings(document) for match in re.findall(r"arn:(aws[a-z-]*):", text)}
        assert arns <= {partition}, stack_id
    abroad = {(entry.stack, entry.region) for entry in found.manifest.stacks if entry.region not in REGIONS[partition]}
    assert abroad <= {("quotas", QUOTA_TEMPLATE_REGION), ("costs", BILLING_REGION)}
