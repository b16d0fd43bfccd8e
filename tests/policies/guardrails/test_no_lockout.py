"""Our own roles can do what every stack needs, under their policies, their boundary and the account's guardrails."""

from __future__ import annotations

import pickle
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import reduce
from typing import Any, Literal

import pytest

from environments.manifest import StackEntry
from modules.foundations.access_roles import OBJECT_READS, PARAMETER_READS
from modules.ml_operations.names import DEPLOYER_ROLES
from policies.preventive import PRINCIPAL
from tests.policies.guardrails.cases import concrete, texts
from tests.policies.guardrails.evaluator import ACCOUNT, Answers, Case, evaluate
from tests.policies.guardrails.permissions import Needed, needed, table
from tests.policies.guardrails.roles import Bound, Landscape
from tests.support.linting.documents import readable
from tests.support.organisations import ORGANISATIONS, Synthesised, once

pytestmark = pytest.mark.e2e  # it asks about every stack of both organisations

Access = Literal["plan", "apply", "release"]
DEPLOYER = f"-{DEPLOYER_ROLES}--"
# One endpoint for the world, which AWS counts to this region.
GLOBAL_REGION = "us-east-1"
GLOBAL = frozenset({"account", "budgets", "ce", "iam", "organizations", "route53"})
# Keys that Terraform fills from an attribute of the resource: the key, the attribute, what it is by default.
BOUNDARY = ("iam:PermissionsBoundary", "permissions_boundary", None)
EXTERNAL = ("ram:RequestedAllowsExternalPrincipals", "allow_external_principals", True)
# Of definitions that Cloud Control makes the properties are a text; the gate proves that these are set in it.
ISOLATED = (
    ("sagemaker:NetworkIsolation", "network_config.enable_network_isolation", True),
    ("sagemaker:InterContainerTrafficEncryption", "network_config.enable_inter_container_traffic_encryption", True),
)
FROM_ATTRIBUTE: dict[str, tuple[tuple[str, str, object], ...]] = {
    **{
        f"sagemaker:Create{what}JobDefinition": ISOLATED
        for what in ("DataQuality", "ModelBias", "ModelExplainability", "ModelQuality")
    },
    "codebuild:CreateProject": (
        ("codebuild:encryptionKey", "encryption_key", None),
        ("codebuild:vpcConfig.vpcId", "vpc_config", None),
    ),
    # AWS reads the VPCs off the connections of the job.
    "glue:CreateJob": (("glue:VpcIds", "connections", None),),
    "glue:UpdateJob": (("glue:VpcIds", "connections", None),),
    "iam:CreateRole": (BOUNDARY,),
    "iam:PutRolePermissionsBoundary": (BOUNDARY,),
    "ram:CreateResourceShare": (EXTERNAL,),
    "ram:UpdateResourceShare": (EXTERNAL,),
    "sagemaker:CreateEndpointConfig": (("sagemaker:VolumeKmsKey", "kms_key_arn", None),),
    "sagemaker:CreateModel": (
        ("sagemaker:NetworkIsolation", "enable_network_isolation", None),
        ("sagemaker:VpcSubnets", "vpc_config", None),
    ),
    "sagemaker:CreateDomain": (
        ("sagemaker:AppNetworkAccessType", "app_network_access_type", None),
        ("sagemaker:AuthMode", "auth_mode", None),
        ("sagemaker:VolumeKmsKey", "kms_key_id", None),
    ),
}


@dataclass
class Survey:
    """What the stacks of both organisations need, as cases for the evaluator, and types whose needs are unknown."""

    documents: dict[str, dict[str, Any]] = field(default_factory=dict)
    cases: dict[tuple[object, ...], Case] = field(default_factory=dict)
    stacks: set[tuple[str, Access]] = field(default_factory=set)
    unknown: set[str] = field(default_factory=set)

    def take(self, land: Landscape, entry: StackEntry, document: Mapping[str, Any], access: Access) -> None:
        """Add what one stack asks of one role."""
        principal = land.deployer(entry, document) if access == "release" else land.principal(entry, document, access)
        if principal is None:
            return  # bootstrap runs as an administrator, once
        bounds = [*land.bounds(entry.account, principal), *land.guardrails(entry.account)]
        self.documents |= {bound.key: {"kind": bound.kind, "document": bound.body} for bound in bounds}
        self.stacks.add((entry.id, access))
        for address, type_, block in _blocks(document):
            found = needed(type_, block.get("type_name", ""))
            if found is None:
                self.unknown.add(f"{type_} {block.get('type_name', '')}".strip())
                continue
            for action in sorted(_actions(found, access)):
                request = _request(entry, address, action, block, principal, bounds)
                case = Case(*request, resource=_resource(document, entry, action, block, principal))
                if access == "release":
                    resource, given = _granted(bounds, action)
                    case = replace(case, resource=resource, context={**case.context, **given})
                self._add(case)

    def _add(self, case: Case) -> None:
        """Many stacks ask the same of equal roles: one case each."""
        self.cases.setdefault((case.action, case.resource, case.documents, tuple(sorted(case.context.items()))), case)


def _blocks(document: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    for section, prefix in (("resource", ""), ("data", "data.")):
        for type_, named in document.get(section, {}).items():
            for logical, block in named.items():
                yield f"{prefix}{type_}.{logical}", prefix + type_, block


def _actions(found: Needed, access: Access) -> frozenset[str]:
    return found.read if access == "plan" else found.read | found.write


def _resource(
    document: Mapping[str, Any], entry: StackEntry, action: str, block: Mapping[str, Any], principal: str
) -> str | None:
    """The ARN where a statement of ours names some resources that the action takes alone; None: any will do."""
    if action in PARAMETER_READS:
        return f"arn:aws:ssm:{entry.region}:{principal.split(':')[4]}:parameter{block['name']}"
    if action in OBJECT_READS and "provisioning_artifact_parameters" in block:  # Service Catalog reads the template
        host, key = block["provisioning_artifact_parameters"]["template_url"].removeprefix("https://").split("/", 1)
        return f"arn:aws:s3:::{host.partition('.')[0]}/{key}"
    if action in OBJECT_READS:
        bucket = block["bucket"]
        while bucket.startswith("${"):
            kind, logical, _ = bucket[2:-1].split(".")
            bucket = document["resource"][kind][logical]["bucket"]
        return f"arn:aws:s3:::{bucket}/{block['key']}"
    return None


def _granted(bounds: list[Bound], action: str) -> tuple[str | None, dict[str, str]]:
    """Where, and under which conditions, a role of a release may take the action: both are proven where it is made."""
    kind = re.sub(r"(?<!^)(?=[A-Z])", "-", re.sub(r"^[A-Z][a-z]+", "", action.partition(":")[2])).lower()
    for bound in bounds:
        for statement in bound.body["Statement"] if bound.kind == "identity" else ():
            if action in texts(statement["Action"]):
                resources = texts(statement["Resource"])
                resource = next((each for each in resources if f":{kind}/" in each), resources[0])
                given = statement.get("Condition", {}).get("StringEquals", {})
                context = {key: texts(values)[0] for key, values in given.items()}
                return None if resource == "*" else concrete(resource), context
    return None, {}


def _request(
    entry: StackEntry, address: str, action: str, block: Mapping[str, Any], principal: str, bounds: list[Bound]
) -> tuple[str, str, str, dict[str, str], tuple[str, ...], bool]:
    service = action.partition(":")[0]
    context = {
        PRINCIPAL: principal,
        "aws:PrincipalIsAWSService": "false",
        "aws:PrincipalOrgID": "x",
        "aws:RequestedRegion": GLOBAL_REGION if service in GLOBAL else entry.region,
        "aws:ResourceAccount": principal.split(":")[4],
        "aws:ResourceOrgID": "x",
        "aws:SecureTransport": "true",
    }
    for key, attribute, default in FROM_ATTRIBUTE.get(action, ()):
        given = reduce(lambda found, part: _inner(found).get(part, default), attribute.split("."), block)
        if given is not None:
            context[key] = str(given).lower() if isinstance(given, bool) else readable(str(given))
    keys = tuple(sorted({bound.key for bound in bounds}))
    return f"{principal} {action} for {entry.id} {address}", action, principal, context, keys, False


def _inner(block: Any) -> Mapping[str, Any]:
    """The one block, which stands in a list or not; none of a value."""
    found = block[0] if isinstance(block, list) and block else block
    return found if isinstance(found, Mapping) else {}


@pytest.fixture(scope="module", name="survey")
def _survey(synthesised: Synthesised) -> Survey:
    """Of both organisations; made once for all workers of a run, as is what follows from it."""
    found: Survey = _kept(synthesised, "survey", lambda: _surveyed(synthesised))
    return found


@pytest.fixture(scope="module", name="answers")
def _answers(synthesised: Synthesised, survey: Survey) -> Answers:
    actions = {action for found in table().values() for action in _actions(found, "apply")}
    asked = [(action, list[str]()) for action in sorted(actions)]
    answers: Answers = _kept(
        synthesised, "answers", lambda: evaluate(survey.documents, list(survey.cases.values()), asked)
    )
    return answers


def _surveyed(synthesised: Synthesised) -> Survey:
    survey = Survey()
    for name in ORGANISATIONS:
        land = Landscape(synthesised(name))
        for entry, document in land.stacks:
            survey.take(land, entry, document, "plan")
            survey.take(land, entry, document, "apply")
            if entry.stack == "serving":
                survey.take(land, entry, document, "release")
    return survey


def _kept(synthesised: Synthesised, what: str, make: Callable[[], object]) -> Any:
    place = synthesised("acme").parent / f"lockout-{what}"
    return pickle.loads(once(place, lambda target: target.write_bytes(pickle.dumps(make()))).read_bytes())


def test_every_resource_type_has_its_permissions(survey: Survey) -> None:
    """Of each type that a stack declares it is known what AWS is asked for it."""
    assert sorted(survey.unknown) == [], "add a line for each to tests/policies/guardrails/permissions.yaml"


def test_every_permission_exists(answers: Answers) -> None:
    """The actions of the table are those of the service authorisation data."""
    assert [unknown for unknown in answers.unknown if unknown] == []


def test_no_stack_is_locked_out(survey: Survey, answers: Answers) -> None:
    """Plan reads and apply reads and writes all that each stack declares, in every account and region of it."""
    assert len(survey.stacks) > 2 * len(ORGANISATIONS)
    refused = [
        f"{case.name}: {answer}"
        for case, answer in zip(survey.cases.values(), answers.decisions, strict=True)
        if answer.get("decision") != "Allowed"
    ]
    assert refused == [], "\n".join(refused)


def test_releases_are_not_locked_out_of_what_serves(survey: Survey, answers: Answers) -> None:
    """Each project's deployment role, under its account's guardrails, applies the whole stack that serves the model."""
    released = {stack for stack, access in survey.stacks if access == "release"}
    assert released
    assert released == {stack for stack, access in survey.stacks if access == "apply" and "-serving-" in stack}
    asked = {case.action for case in survey.cases.values() if DEPLOYER in case.principal}
    assert {"sagemaker:CreateEndpoint", "sagemaker:DeleteMonitoringSchedule", "ssm:GetParameter"} <= asked
    assert len(answers.decisions) == len(survey.cases)  # the decisions themselves are told above, with all others


def test_what_a_role_may_not_do_is_noticed(survey: Survey) -> None:
    """Neither a service beyond its policy, nor a write by the plan role, nor one that guardrails deny, is let pass."""
    guarded = [case for case in survey.cases.values() if any(key.startswith("scp") for key in case.documents)]
    (apply, *_) = (case for case in guarded if case.action == "s3:PutAccountPublicAccessBlock")
    (plan, *_) = (case for case in guarded if case.principal.endswith("mlgov-plan"))
    person = f"arn:aws:iam::{ACCOUNT}:role/somebody"
    cases = [
        replace(apply, action="polly:PutLexicon"),
        replace(plan, action="ec2:CreateVpc"),
        replace(apply, principal=person, context={**apply.context, PRINCIPAL: person}),
    ]
    decisions = [answer.get("decision") for answer in evaluate(survey.documents, cases, []).decisions]
    assert decisions == ["ImplicitlyDenied", "ImplicitlyDenied", "ExplicitlyDenied"]
