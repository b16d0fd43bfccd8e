"""`adopt:` becomes import and removed blocks in the stacks that hold what exists, or says why it cannot."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from environments.adoption import concerns, forgotten, imports, lines
from environments.adoption_checks import check_stacks, check_whole
from environments.adoption_settings import AdoptedBucket, AdoptedDomain, Adoption
from environments.build import synthesise
from environments.graph import StackGraph
from environments.load import load
from environments.model import Organization
from modules.core.errors import ConfigError
from tests.environments.spoiled import ORGANIZATION, Case, assert_complaints, case, copy_of_small, spoil
from tests.support.organisations import ORGANISATIONS, Synthesised, documents

SMALL = ORGANISATIONS["minnow"]
Documents = dict[str, dict[str, Any]]
UNIT = "aws_organizations_organizational_unit.tree_units_platform_A702B66C"
KEY = "aws_kms_alias.storage_key_alias_0A1B2C3D"


@pytest.fixture(name="small", scope="module")
def _small() -> Organization:
    return load(SMALL)


@pytest.fixture(name="whole", scope="module")
def _whole(synthesised: Synthesised) -> Documents:
    return {entry.id: document for entry, document in documents(synthesised("minnow"))}


def graph(small: Organization, **adopt: Any) -> StackGraph:
    return StackGraph(small.model_copy(update={"adopt": Adoption(**adopt)}))


def renamed(document: dict[str, Any], old: str, new: str) -> dict[str, Any]:
    """The document as it is when a thing keeps another name."""
    found: dict[str, Any] = json.loads(json.dumps(document).replace(f'"{old}"', f'"{new}"'))
    return found


def imported(adopting: StackGraph, stack: str, document: dict[str, Any]) -> dict[str, str]:
    return {each.address: each.id for each in imports(adopting, adopting.nodes[stack], document)}


def test_units_are_found_by_their_key(small: Organization, whole: Documents) -> None:
    """Organisation and units need no address: the key of YAML is the construct's id."""
    adopting = graph(small, organization="o-a1b2c3d4e5", units={"platform": "ou-ab12-34567890"})
    found = imported(adopting, "management-organization", whole["management-organization"])
    assert found == {
        "aws_organizations_organization.tree_organization_0261CDE8": "o-a1b2c3d4e5",
        UNIT: "ou-ab12-34567890",
    }


def test_a_trail_is_imported_by_its_arn(small: Organization, whole: Documents) -> None:
    """The trail keeps its name, in the management account and the home region."""
    document = renamed(whole["management-trail"], "minnow-org-trail", "old-trail")
    found = imported(graph(small, trail="old-trail"), "management-trail", document)
    assert list(found.values()) == ["arn:aws:cloudtrail:eu-west-1:111111111111:trail/old-trail"]


def test_a_portfolio_and_a_domain_are_found_by_whose_they_are(small: Organization, whole: Documents) -> None:
    """A portfolio by its construct, the domain by its team."""
    adopting = graph(
        small,
        portfolios={"project-templates": "port-abcdefghijklm"},
        domains={"scoring": AdoptedDomain(id="d-1", name="Old")},
    )
    assert imported(adopting, "platform-portfolio", whole["platform-portfolio"]) == {
        "aws_servicecatalog_portfolio.catalog_project-templates_portfolio_43E10074": "port-abcdefghijklm"
    }
    studio = "workload-studio-scoring"
    assert list(imported(adopting, studio, whole[studio]).values()) == ["d-1"]


def _holder(whole: Documents) -> tuple[str, str]:
    """A stack with a bucket that has an inventory, and the bucket's name."""
    for stack, document in whole.items():
        for body in document.get("resource", {}).get("aws_s3_bucket_inventory", {}).values():
            policy = re.findall(r"\.([\w-]+)\.", body["bucket"])[0]
            reference = document["resource"]["aws_s3_bucket_policy"][policy]["bucket"]
            logical = re.findall(r"\.([\w-]+)\.", reference)[0]
            return stack, document["resource"]["aws_s3_bucket"][logical]["bucket"]
    raise AssertionError("no bucket of the small example has an inventory: choose another companion")


def test_a_bucket_comes_with_all_that_is_said_of_it(small: Organization, whole: Documents) -> None:
    """Versioning, encryption, policy and the like are resources of their own: each is imported, save what it lacks."""
    stack, made = _holder(whole)
    document = renamed(whole[stack], made, "old-lake")
    found = imported(graph(small, buckets={made: AdoptedBucket(name="old-lake")}), stack, document)
    types = {address.partition(".")[0].removeprefix("aws_s3_bucket").removeprefix("_") for address in found}
    assert types >= {"", "versioning", "policy", "public_access_block", "ownership_controls", "lifecycle_configuration"}
    assert "inventory" in types
    assert {id_.partition(":")[0] for id_ in found.values()} == {"old-lake"}
    lacking = AdoptedBucket(name="old-lake", lacks=("policy", "inventory"))
    fewer = imported(graph(small, buckets={made: lacking}), stack, document)
    assert {address.partition(".")[0] for address in found.keys() - fewer.keys()} == {
        "aws_s3_bucket_policy",
        "aws_s3_bucket_inventory",
    }


def test_what_keeps_its_name_has_it_everywhere(small: Organization) -> None:
    """Contracts are computed by the same naming, so consumers know the bucket and the trail by the names they keep."""
    from modules.observability.contract import TrailContract

    adopting = graph(small, trail="old-trail", buckets={"minnow-org-orders-raw": AdoptedBucket(name="old-lake")})
    naming = adopting.naming(adopting.nodes["management-trail"])
    assert naming.bucket_arn("orders-raw") == "arn:aws:s3:::old-lake"
    assert naming.bucket("orders-curated") == "minnow-org-orders-curated"
    assert TrailContract.names(naming)["trail_arn"].endswith(":trail/old-trail")


def test_a_bucket_that_a_pattern_would_no_longer_reach_is_refused(small: Organization, whole: Documents) -> None:
    """A guardrail names the log archive by pattern: under another name it would protect nothing."""
    stack = next(stack for stack, document in whole.items() if "minnow-org-logs" in _buckets(document))
    documents = {**whole, stack: renamed(whole[stack], "minnow-org-logs", "old-logs")}
    adopting = graph(small, buckets={"minnow-org-logs": AdoptedBucket(name="old-logs")})
    with pytest.raises(ConfigError, match=r"cannot keep the name old-logs: management-\S+ names it as minnow-org-logs"):
        check_whole(adopting, documents)


def _buckets(document: dict[str, Any]) -> set[str]:
    return {body["bucket"] for body in document.get("resource", {}).get("aws_s3_bucket", {}).values()}


def test_a_bucket_under_our_own_name_is_adopted_whatever_names_it(small: Organization, whole: Documents) -> None:
    """What is called as mlgov calls it is within every pattern."""
    check_whole(graph(small, buckets={"minnow-org-logs": AdoptedBucket(name="minnow-org-logs")}), whole)


@pytest.mark.parametrize(
    ("adopt", "told"),
    [
        ({"trail": "nobodys"}, r"adopt\.trail finds nothing to import into: no stack has a trail"),
        (
            {"buckets": {"minnow-org-log": AdoptedBucket(name="minnow-org-log")}},
            r"adopt\.buckets\.minnow-org-log finds nothing .* did you mean minnow-org-logs\?",
        ),
    ],
)
def test_what_is_found_nowhere_is_told(small: Organization, whole: Documents, adopt: dict[str, Any], told: str) -> None:
    """An entry that imports nothing is a mistake: the error names it, with what is nearest."""
    with pytest.raises(ConfigError, match=told):
        check_whole(graph(small, **adopt), whole)


def test_the_general_form_takes_any_address_of_a_stack(small: Organization, whole: Documents) -> None:
    """`resources` imports what has no form of its own; a wrong address is told with the nearest of its type."""
    stack, document = "management-organization", whole["management-organization"]
    found = imported(graph(small, resources={stack: {UNIT: "ou-ab12-34567890"}}), stack, document)
    assert found == {UNIT: "ou-ab12-34567890"}
    with pytest.raises(ConfigError, match=rf"has no such address: did you mean {UNIT}\?"):
        imported(graph(small, resources={stack: {UNIT[:-1]: "ou-ab12-34567890"}}), stack, document)


def test_one_address_is_imported_once(small: Organization, whole: Documents) -> None:
    """A named form and the general one for the same resource would be two import blocks, which Terraform refuses."""
    stack = "management-organization"
    both = graph(small, units={"platform": "ou-ab12-34567890"}, resources={stack: {UNIT: "ou-ab12-99999999"}})
    with pytest.raises(ConfigError, match=r"imports what adopt\.units\.platform imports already"):
        imported(both, stack, whole[stack])


def test_what_is_forgotten_has_left_the_stack(small: Organization, whole: Documents) -> None:
    """A removed block for a resource that still stands there would be two intentions: it is refused."""
    stack = "management-organization"
    gone = graph(small, forget={stack: ("aws_kms_key.key_1A2B3C4D", "aws_kms_alias.key_1A2B3C4D")})
    assert forgotten(gone, gone.nodes[stack], whole[stack]) == [
        "aws_kms_alias.key_1A2B3C4D",
        "aws_kms_key.key_1A2B3C4D",
    ]
    stays = graph(small, forget={stack: (UNIT,)})
    with pytest.raises(ConfigError, match="still stands in the stack"):
        forgotten(stays, stays.nodes[stack], whole[stack])


def test_an_unknown_stack_is_told_by_check(small: Organization) -> None:
    """`mlgov check` knows the stacks already; what stands in them only synthesis does."""
    with pytest.raises(ConfigError, match=r"unknown stack management-organisation: did you mean management-organiz"):
        check_stacks(graph(small, resources={"management-organisation": {UNIT: "ou-ab12-34567890"}}))


def test_stacks_that_adopt_nothing_are_not_rendered_twice(small: Organization) -> None:
    """Nothing adopted, nothing asked; a bucket may stand in any stack."""
    none, units = graph(small), graph(small, units={"platform": "ou-ab12-34567890"})
    assert not [node for node in none.nodes.values() if concerns(none, node)]
    assert [node.id for node in units.nodes.values() if concerns(units, node)] == ["management-organization"]


def test_synthesis_writes_import_and_removed_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From YAML to the stack's JSON: two lists at its top, sorted, beside the removed blocks of the constructs."""
    config = copy_of_small(tmp_path, monkeypatch)
    with (config / ORGANIZATION).open("a", encoding="utf-8") as file:
        adopt = {
            "units": {"platform": "ou-ab12-34567890", "workloads": "ou-ab12-09876543"},
            "forget": {"management-organization": [KEY]},
        }
        file.write(f"\nadopt: {json.dumps(adopt)}\n")
    synthesise(config, tmp_path / "out", select="management-organization")
    document = json.loads((tmp_path / "out/stacks/management-organization/cdk.tf.json").read_bytes())
    assert [block["id"] for block in document["import"]] == ["ou-ab12-34567890", "ou-ab12-09876543"]
    assert document["removed"] == [{"from": KEY, "lifecycle": {"destroy": False}}]
    assert "moved" not in document


def test_people_read_what_is_adopted(small: Organization) -> None:
    """`mlgov check` says it, a line for each form that is used."""
    adopt = Adoption(
        trail="old-trail",
        units={"platform": "ou-ab12-34567890"},
        resources={"platform-keys": {KEY: "alias/x"}},
        forget={"platform-keys": ("aws_kms_key.a_1",)},
    )
    assert lines(adopt) == [
        "adopts units: platform",
        "adopts the trail: old-trail",
        "adopts resources of: platform-keys (1)",
        "forgets resources of: platform-keys (1)",
    ]
    assert lines(small.adopt) == []


END = "name: minnow\n"


def _adopt(fact: str, text: str, at: str, path: str, fragment: str) -> Case:
    return case(fact, ORGANIZATION, END, f"{END}adopt: {text}\n", (at, path, fragment))


WRONG = (
    _adopt(
        "a unit that is not declared",
        "{ units: { platfrom: ou-ab12-34567890 } }",
        *("adopt:", "adopt.units.platfrom", "names the unknown unit platfrom: did you mean platform?"),
    ),
    _adopt(
        "the id of a unit that is none",
        "{ units: { platform: ou-1 } }",
        *("adopt:", "adopt.units.platform", "must be the id of an organisational unit such as ou-ab12-34567890"),
    ),
    _adopt(
        "an account whose id nobody wrote",
        "{ accounts: { platform: Core } }",
        *("adopt:", "adopt.accounts.platform", "needs the id of the account: write `id` where it is declared"),
    ),
    _adopt(
        "the management account",
        "{ accounts: { management: Payer } }",
        *("adopt:", "adopt.accounts.management", "must be left out: the management account comes with"),
    ),
    _adopt(
        "one id twice",
        "{ units: { platform: ou-ab12-34567890, workloads: ou-ab12-34567890 } }",
        *("adopt:", "adopt.units.workloads", "adopts ou-ab12-34567890 a second time: adopt.units.platform does"),
    ),
    _adopt(
        "the bucket of state under another name",
        "{ buckets: { minnow-org-tfstate: { name: old-state } } }",
        *("adopt:", "adopt.buckets.minnow-org-tfstate.name", "must be minnow-org-tfstate: every stack's backend"),
    ),
    _adopt(
        "a domain of nobody",
        "{ domains: { scorign: { id: d-1, name: Old } } }",
        *("adopt:", "adopt.domains.scorign", "names the unknown team scorign: did you mean scoring?"),
    ),
    _adopt(
        "an import id that Terraform would compute",
        "{ resources: { platform-keys: { aws_kms_key.a_1: 'a${b}' } } }",
        *(
            "adopt:",
            "adopt.resources.platform-keys.aws_kms_key.a_1",
            "must be an import id, without spaces and without $",
        ),
    ),
)


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: wrong.fact)
def test_what_cannot_be_adopted_is_told_with_its_line(
    wrong: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each mistake in `adopt` is told where it stands, before anything is synthesised."""
    copy_of_small(tmp_path, monkeypatch)
    spoil(wrong)
    assert_complaints(wrong.expected)
