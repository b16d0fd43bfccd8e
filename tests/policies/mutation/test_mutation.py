"""No policy passes without being able to fail: for each, a mutation of what passes makes the gate fail there."""

from __future__ import annotations

import itertools
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import pytest

from policies.record import Outcome, StackScan
from tests.policies.cases import plat
from tests.policies.mutation.cases import Mutant, blocks_of, cases, settings, side_by_side
from tests.policies.mutation.mutants import mutants
from tests.policies.support import OTHER, Json, sound, text
from tests.support.organisations import Synthesised, documents

if TYPE_CHECKING:
    from policies.scan.engine import Engine

pytestmark = pytest.mark.full  # minutes of processor time since large blocks of Studio and CodeBuild are mutated, too


class Hint(NamedTuple):
    """What breaks a policy that no single mutation breaks: attributes to set on a subject of the type, and why so.

    `beside`: resources to put beside it, by type; `@` stands for the subject's address.
    """

    type: str
    change: Json
    reason: str
    beside: Mapping[str, Json] = {}


WORLD = {"cidr_ipv4": "0.0.0.0/0", "from_port": 0, "to_port": 65_535, "ip_protocol": "tcp"}
TOGETHER = "range and ports have to be open together"
RULE = "aws_vpc_security_group_ingress_rule"
KEYS = {"access_key": "AKIAIOSFODNN7EXAMPLE", "secret_key": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"}
FUNCTION = "aws_lambda_function"
OPEN = {"cors": {"allow_origins": ["*"], "allow_methods": ["*"]}, "authorization_type": "NONE"}
DOMAIN, PROFILE, PROJECT = "aws_sagemaker_domain", "aws_sagemaker_user_profile", "aws_codebuild_project"
IMAGE = {"sagemaker_image_arn": f"arn:aws:sagemaker:eu-west-1:{OTHER}:image/other"}
CARD = "a card is text to Terraform"
SOURCE = {"name": "s", "category": "Source", "owner": "AWS", "provider": "CodeCommit", "version": "1"}


def _template(policy: str) -> Hint:
    """The template that fails in the policy's own case, in the place of one that is published."""
    (case,) = (each for each in plat.CASES if each.policy == policy)
    body, _ = next(iter(case.fails.values()))
    return Hint("aws_s3_object", {"content": body["content"]}, "a template is text to Terraform")


HINTS: Mapping[str, Hint] = {
    "CKV2_AWS_35": Hint("aws_route", {"instance_id": "i-1"}, "the provider has this attribute no longer"),
    "CKV2_AWS_75": Hint(
        FUNCTION,
        {},
        "no function has a URL",
        {"aws_lambda_function_url": {**OPEN, "function_name": "${@.function_name}"}},
    ),
    "CKV_AWS_24": Hint(RULE, WORLD, TOGETHER),
    "CKV_AWS_25": Hint(RULE, WORLD, TOGETHER),
    "CKV_AWS_260": Hint(RULE, WORLD, TOGETHER),
    "CKV_AWS_277": Hint(RULE, WORLD | {"from_port": -1, "to_port": -1, "ip_protocol": "-1"}, TOGETHER),
    "CKV_AWS_311": Hint(
        PROJECT,
        {"logs_config": {"s3_logs": {"status": "ENABLED", "encryption_disabled": True}}},
        "logs go to CloudWatch alone",
    ),
    "CKV_AWS_78": Hint(PROJECT, {"artifacts": {"type": "S3", "encryption_disabled": True}}, "type and key go together"),
    "CKV_AWS_303": Hint("aws_ssm_document", {"permissions": {"account_ids": "All"}}, "it reads one key of a map"),
    "CKV_AWS_337": Hint("aws_ssm_parameter", {"type": "SecureString"}, "it judges parameters of this type alone"),
    "CKV_AWS_363": Hint(FUNCTION, {"runtime": "python3.6"}, "it knows old runtimes by name"),
    "CKV_AWS_45": Hint(FUNCTION, {"environment": {"variables": KEYS}}, "it knows credentials by their form"),
    "CKV_AWS_41": Hint("provider", KEYS, "it knows credentials by their form"),
    "CKV_MLGOV_104": Hint(
        DOMAIN,
        {"default_user_settings": {"execution_role": "r", "sharing_settings": {"notebook_output_option": "Allowed"}}},
        "it judges the key of output that is shared",
    ),
    "CKV_MLGOV_105": Hint(
        DOMAIN, {"domain_settings": {"docker_settings": {"enable_docker_access": "ENABLED"}}}, "it knows one word"
    ),
    "CKV_MLGOV_107": Hint(
        DOMAIN,
        {"default_user_settings": {"jupyter_lab_app_settings": {"default_resource_spec": IMAGE}}},
        "an image of another account has to be named",
    ),
    "CKV_MLGOV_112": Hint(PROFILE, {"single_sign_on_user_value": None, "tags": {}}, "a profile says twice whose it is"),
    "CKV_MLGOV_154": Hint(
        "aws_sagemaker_model",
        {"primary_container": {"image": "i", "model_data_url": "s3://jumpstart-cache-prod-eu-west-1/m.tar.gz"}},
        "it knows the public hub's buckets by name",
    ),
    "CKV_MLGOV_254": Hint(
        "aws_codepipeline",
        {"stage": [{"name": "Source", "action": [{**SOURCE, "configuration": {"OAuthToken": "t"}}]}]},
        "it knows one key of a map",
    ),
    "CKV_MLGOV_270": Hint(
        "aws_sagemaker_endpoint_configuration",
        {"production_variants": [{"variant_name": "v", "instance_type": "ml.p5.48xlarge"}]},
        "it knows costly types by name",
    ),
    "CKV_MLGOV_438": Hint("aws_cloudcontrolapi_resource", {"desired_state": '{"Content": {}}'}, CARD),
    "CKV_MLGOV_439": Hint("aws_cloudcontrolapi_resource", {"desired_state": '{"ModelCardStatus": "Approved"}'}, CARD),
    "CKV_MLGOV_462": Hint(
        "aws_s3_bucket_replication_configuration",
        {"rule": [{"destination": {"bucket": "arn:aws:s3:::elsewhere"}}]},
        "the archive, by whose name it is judged, is no relation of it",
    ),
    **{policy: _template(policy) for policy in (f"CKV_MLGOV_{number}" for number in range(455, 460))},
}
SUBJECTS = 4  # blocks that are tried before a policy is called unbreakable
BATCH = 120  # blocks of one scan
UNPROVABLE = "not provable at synthesis"


@dataclass
class Proof:
    """What broke each policy, and the subjects of those that nothing broke."""

    broken: dict[str, str] = field(default_factory=dict)
    subjects: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    @property
    def resisting(self) -> dict[str, list[tuple[str, str]]]:
        return {policy: found for policy, found in self.subjects.items() if policy not in self.broken}


@pytest.fixture(scope="module", name="proof")
def _proof(engine: Engine, synthesised: Synthesised) -> Proof:
    """Every policy that passes somewhere in the reference organisation is tried where it does.

    What is judged inside a product's template, `<object>/<resource>`, is no block of Terraform: tests/policies/cases
    has a template that fails for each policy over templates.
    """
    stacks = {entry.id: document for entry, document in documents(synthesised("acme"))}
    proof, passing = Proof(), defaultdict(set)
    for stack, document in stacks.items():
        for record in engine.scan(text(document)).records:
            if record.outcome is Outcome.PASSED and "/" not in record.address:
                passing[stack, record.address].add(record.policy)
                proof.subjects.setdefault(record.policy, []).append((stack, record.address))
            elif record.outcome is Outcome.FAILED:  # waived there, and shown to be able to fail
                proof.broken.setdefault(record.policy, f"{record.address} as it is")
    tried = set()
    for policy, subjects in sorted(proof.subjects.items()):
        for stack, address in _different(subjects):
            if policy not in proof.broken and (stack, address) not in tried:
                tried.add((stack, address))
                targets = passing[stack, address] - proof.broken.keys()
                _break(engine, stacks[stack], address, targets, proof)
    return proof


def _different(subjects: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """A few subjects, of as many types as there are."""
    of_type: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for subject in subjects:
        of_type[subject[1].rpartition(".")[0]].append(subject)
    turns = itertools.zip_longest(*of_type.values())
    yield from itertools.islice((subject for turn in turns for subject in turn if subject), SUBJECTS)


def _break(engine: Engine, document: Json, address: str, targets: set[str], proof: Proof) -> None:
    """Try mutants of the block, and note which of the policies each of them breaks."""
    if address.startswith(("provider.", "terraform.")):
        tries = ((done, _of(engine.scan(text(changed)), address, Outcome.FAILED)) for done, changed in _top(document))
    else:
        tries = itertools.chain(
            _tries(engine, document, address, targets, proof), _elsewhere(engine, document, address, targets, proof)
        )
    for done, failed in tries:
        for policy in targets & failed:
            proof.broken.setdefault(policy, f"{address}: {done}")
        if targets <= proof.broken.keys():
            return


def _elsewhere(
    engine: Engine, document: Json, address: str, targets: set[str], proof: Proof
) -> Iterator[tuple[str, set[str]]]:
    """For policies over a whole stack that no mutation of blocks broke: the block under a mutated provider."""
    from policies.checks.base import StackCheck

    if not (targets - proof.broken.keys()) & {check.policy for check in StackCheck.__subclasses__()}:
        return
    kind, _, name = address.partition(".")
    alone = {**document, "resource": {kind: {name: document["resource"][kind][name]}}}
    production = json.loads(json.dumps(document["provider"]))
    production["aws"][0]["default_tags"][0]["tags"]["Environment"] = "prod"
    for done, provider in [*mutants("", document["provider"]), ("Environment = prod", production)]:
        yield f"provider: {done}", _of(engine.scan(text({**alone, "provider": provider})), address, Outcome.FAILED)


def _top(document: Json) -> Iterator[tuple[str, Json]]:
    """Mutations of provider and backend, beside one resource."""
    small = sound(provider=document["provider"], terraform=document["terraform"])
    for section in ("provider", "terraform"):
        for done, changed in mutants("", small[section]):
            yield f"{section}: {done}", {**small, section: changed}


def _tries(
    engine: Engine, document: Json, address: str, targets: set[str], proof: Proof
) -> Iterator[tuple[str, set[str]]]:
    """What each mutant failed of what passed before: in small company, and in larger where only that lets it pass."""
    seen: set[str] = set()
    for blocks in settings(document, address):
        ((_, passed),) = _scanned(engine, document, [Mutant("", address, blocks)], Outcome.PASSED)
        wanted = (targets & passed) - proof.broken.keys() - (seen if len(blocks) > 2 else set())
        seen |= passed
        every = cases(blocks, address) if wanted else iter(())
        while batch := list(itertools.islice(every, max(1, BATCH // len(blocks)))):
            for done, failed in _scanned(engine, document, batch, Outcome.FAILED):
                yield done, failed & wanted


def _scanned(engine: Engine, document: Json, batch: list[Mutant], outcome: Outcome) -> Iterator[tuple[str, set[str]]]:
    """What was done to each mutant, and the policies with this outcome at its block; a mutant may spoil the scan."""
    stack, addresses = side_by_side(document, batch)
    scan = engine.scan(text(stack))
    if any(fault.kind in ("scan-raised", "unparsable") for fault in scan.faults):
        for half in (batch[: len(batch) // 2], batch[len(batch) // 2 :]) if len(batch) > 1 else ():
            yield from _scanned(engine, document, half, outcome)
        return
    for address, mutant in addresses.items():
        yield mutant.done, _of(scan, address, outcome)


def _of(scan: StackScan, address: str, outcome: Outcome) -> set[str]:
    """Policies with this outcome there. A failure over what cannot be read is no evidence of the policy itself."""
    return {
        record.policy
        for record in scan.records
        if record.address == address and record.outcome is outcome and not record.message.startswith(UNPROVABLE)
    }


def test_every_policy_that_applies_can_be_broken(proof: Proof) -> None:
    """For each policy with a pass in the reference organisation some mutation fails it at that very address."""
    assert len(proof.subjects) > 80
    assert {policy: subjects[:3] for policy, subjects in proof.resisting.items() if policy not in HINTS} == {}


def test_hints_are_only_for_what_nothing_automatic_breaks(proof: Proof) -> None:
    """A hint for a policy that a mutation breaks, or that applies nowhere, is removed."""
    assert sorted(HINTS) == sorted(set(HINTS) & proof.resisting.keys())


@pytest.mark.parametrize("policy", HINTS)
def test_each_hint_breaks_its_policy(engine: Engine, synthesised: Synthesised, proof: Proof, policy: str) -> None:
    """With the attributes of the hint set, the policy fails at an address where it passed."""
    hint, stacks = HINTS[policy], {entry.id: document for entry, document in documents(synthesised("acme"))}
    stack, address = next(found for found in proof.subjects[policy] if found[1].startswith(f"{hint.type}."))
    changed = stacks[stack]
    body = changed["provider"]["aws"][0] if hint.type == "provider" else blocks_of(changed)[address]
    body.update(hint.change)
    for kind, beside in hint.beside.items():
        changed["resource"][kind] = {"hint": json.loads(json.dumps(beside).replace("@", address))}
    assert policy in _of(engine.scan(text(changed)), address, Outcome.FAILED)
