"""Where the framework's reference workshop does not hold together, ours does: nine seams, with tests by number.

Asked of every stack of the reference organisation. Some seams are held where their subject is tested: the first test
here finds them all. In the workshop

1. one template writes a parameter, and another reads it under another name;
2. an event bus is promised, and no code makes it (`test_shared_services.py`);
3. the policy of a model package group takes an ARN for a name, trusts the wrong account, and lets it update;
4. a script reads arguments that it is not given, and a database that nobody makes (`test_seed_repositories.py`);
5. a role that jobs assume demands MFA, and two templates make a role of one name;
6. errors are returned as success, and there is no dead-letter queue;
7. the governance role trusts a name and may do `s3:*`, tables are granted ALL with grant option, and Lake Formation
   keeps its defaults;
8. test and prod may read the registry, and neither image nor file (`test_shared_services.py`);
9. domains have no key, jobs no isolation, networks no flow logs.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

from environments.load import load
from environments.manifest import StackEntry
from environments.workplaces import registry_readers
from tests.support.organisations import ORGANISATIONS, Synthesised, documents

pytestmark = pytest.mark.e2e  # reads every stack
Json = dict[str, Any]
Stacks = Sequence[tuple[StackEntry, Json]]
ACME = load(ORGANISATIONS["acme"])
MODULES = ("ml_platform", "ml_use_case")
_ACCOUNT = re.compile(r"account_ids\.([\w-]+)\}")
_OUTPUT = re.compile(r"data\.terraform_remote_state\.([\w-]+)\.outputs\.(\w+)")
_RESOLVED = re.compile(r"\{\{resolve:ssm:([^:}]+)")
_ASKED = re.compile(r"ssm get-parameter --name \"([^\"]+)\"")


class _Template(yaml.SafeLoader):
    """YAML with CloudFormation's short forms, which are left out."""


_Template.add_multi_constructor("!", lambda loader, suffix, node: None)


@pytest.fixture(name="stacks", scope="module")
def _stacks(synthesised: Synthesised) -> Stacks:
    return tuple(documents(synthesised("acme")))


def _all(document: Json, kind: str) -> dict[str, Json]:
    found: dict[str, Json] = document.get("resource", {}).get(kind, {})
    return found


def _each(stacks: Stacks, kind: str, *modules: str) -> Iterator[tuple[StackEntry, Json, Json]]:
    """Every resource of a type in stacks of the modules (all without one), with its stack and the document."""
    for entry, document in stacks:
        if not modules or entry.module in modules:
            for body in _all(document, kind).values():
                yield entry, document, body


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _statements(policy: str) -> list[Json]:
    found: list[Json] = json.loads(policy)["Statement"]
    return found


def _written(stacks: Stacks, account: str) -> set[str]:
    return {body["name"] for entry, _, body in _each(stacks, "aws_ssm_parameter") if entry.account == account}


def _points_at(document: Json, kind: str, value: str) -> Json | None:
    """The resource of the document to which the value is a reference."""
    found = re.match(rf"\$\{{{kind}\.([\w-]+)\.", value)
    return _all(document, kind).get(found[1]) if found else None


def test_each_of_the_nine_seams_has_a_test() -> None:
    """By the number in its name, here or where its subject is tested."""
    tests = Path(__file__).parents[1]
    named = [re.findall(r"^def test_seam_(\d)_", path.read_text(), re.MULTILINE) for path in tests.rglob("test_*.py")]
    assert sorted({number for found in named for number in found}) == list("123456789")


def test_seam_1_products_read_parameters_that_every_launching_account_writes(stacks: Stacks) -> None:
    """Each parameter that the template of a product names stands in every account in which products are launched."""
    read: set[str] = set()
    for _, _, body in _each(stacks, "aws_s3_object", "ml_platform"):
        if not body["key"].startswith("products/"):
            continue
        text = body["content"]
        read |= set(_RESOLVED.findall(text))
        for parameter in yaml.load(text, Loader=_Template).get("Parameters", {}).values():
            if parameter["Type"].startswith("AWS::SSM::Parameter::Value"):
                read |= {parameter["Default"], *parameter["AllowedValues"]}
    launching = [entry.account for entry, _ in stacks if entry.stack == "launch"]
    assert len(read) > 5
    assert launching
    assert {account: read - _written(stacks, account) for account in launching} == {
        account: set() for account in launching
    }


def test_seam_1_builds_and_scripts_read_parameters_that_their_account_writes(stacks: Stacks) -> None:
    """What CodeBuild is handed from the Parameter Store, and what the scripts of Studio ask for."""
    asked = 0
    for entry, document, project in _each(stacks, "aws_codebuild_project"):
        for each in project["environment"].get("environment_variable", ()):
            if each["type"] == "PARAMETER_STORE":
                made = _points_at(document, "aws_ssm_parameter", each["value"])
                assert made or each["value"] in _written(stacks, entry.account), (entry.id, each["value"])
                asked += 1
    assert asked
    names = {
        (entry.account, name)
        for entry, _, body in _each(stacks, "aws_sagemaker_studio_lifecycle_config")
        for name in _ASKED.findall(base64.b64decode(body["studio_lifecycle_config_content"]).decode())
    }
    assert names
    assert [(account, name) for account, name in names if name not in _written(stacks, account)] == []


@pytest.mark.parametrize("organisation", sorted(ORGANISATIONS))
def test_seam_1_every_output_that_a_stack_reads_is_published(organisation: str, synthesised: Synthesised) -> None:
    """From the state in which it looks, under exactly the name by which it asks."""
    stacks = tuple(documents(synthesised(organisation)))
    published = {(each.state_bucket, each.state_key): set(document.get("output", ())) for each, document in stacks}
    read = missing = 0
    for _, document in stacks:
        states = document.get("data", {}).get("terraform_remote_state", {})
        for state, output in set(_OUTPUT.findall(json.dumps(document.get("resource", {})))):
            config = states[state]["config"]
            read += 1
            missing += output not in published[config["bucket"], config["key"]]
    assert (read > 20, missing) == (True, 0)


def test_seam_3_the_policy_of_a_group_is_for_its_team_and_lets_nobody_change_it(stacks: Stacks) -> None:
    """It names the group by its name, and on it alone; it admits the accounts that find it, and to read and deploy."""
    found = list(_each(stacks, "aws_sagemaker_model_package_group_policy"))
    assert {entry.stack for entry, _, _ in found} == {"models", "build"}
    for entry, document, body in found:
        group = _points_at(document, "aws_sagemaker_model_package_group", body["model_package_group_name"])
        assert group is not None, entry.id
        assert body["model_package_group_name"].endswith(".model_package_group_name}"), entry.id
        name = group["model_package_group_name"]
        for statement in _statements(body["resource_policy"]):
            for resource in _list(statement["Resource"]):
                assert resource.split(":", 5)[5] in (f"model-package-group/{name}", f"model-package/{name}/*")
                assert _ACCOUNT.findall(resource) == [entry.account]
            verbs = {action.removeprefix("sagemaker:") for action in _list(statement["Action"])}
            assert {verb for verb in verbs if not re.match(r"(BatchDescribe|Describe|List)\w+$", verb)} <= {
                "CreateModel"
            }
            admitted = {name for each in _list(statement["Principal"]["AWS"]) for name in _ACCOUNT.findall(each)}
            if entry.stack == "models":
                readers = registry_readers(ACME, ACME.account(entry.account))
                assert admitted == {each.account.name for each in readers if f"-{each.team.name}-" in name}
            else:
                assert all("ml-shared-services" in ACME.account(account).roles for account in admitted)


def test_seam_5_no_role_that_a_service_assumes_demands_mfa(stacks: Stacks) -> None:
    """A job has no device to confirm with: it would never run."""
    trusts = [
        (body["name"], statement)
        for _, _, body in _each(stacks, "aws_iam_role")
        for statement in _statements(body["assume_role_policy"])
        if "Service" in statement["Principal"]
    ]
    assert len(trusts) > 50
    assert [name for name, statement in trusts if "multifactor" in json.dumps(statement).lower()] == []


@pytest.mark.parametrize("organisation", sorted(ORGANISATIONS))
def test_seam_5_no_account_gets_two_roles_of_one_name(organisation: str, synthesised: Synthesised) -> None:
    """However many stacks stand in one account."""
    roles = [
        (entry.account, body["name"].lower())
        for entry, _, body in _each(tuple(documents(synthesised(organisation))), "aws_iam_role")
    ]
    assert len(roles) > 20
    assert sorted({each for each in roles if roles.count(each) > 1}) == []


def test_seam_6_what_cannot_be_delivered_is_tried_again_and_kept(stacks: Stacks) -> None:
    """Each rule and schedule has retries and a queue, or invokes a function that has; a log is beside an archive."""
    seen = 0
    for entry, document, target in _each(stacks, "aws_cloudwatch_event_target", *MODULES):
        seen += 1
        if ":function:" in target["arn"]:
            functions = _all(document, "aws_lambda_function").values()
            assert [each for each in functions if target["arn"].endswith(f":{each['function_name']}")], entry.id
        elif ":log-group:" in target["arn"]:
            assert _all(document, "aws_cloudwatch_event_archive"), entry.id
        else:
            _keeps(entry, document, target)
    for entry, document, schedule in _each(stacks, "aws_scheduler_schedule", *MODULES):
        seen += 1
        _keeps(entry, document, schedule["target"])
    for entry, document, function in _each(stacks, "aws_lambda_function", *MODULES):
        seen += 1
        _alarmed(entry, document, function["dead_letter_config"]["target_arn"])
    assert seen > 10


def _keeps(entry: StackEntry, document: Json, target: Json) -> None:
    assert target["retry_policy"]["maximum_retry_attempts"] > 0, entry.id
    _alarmed(entry, document, target["dead_letter_config"]["arn"])


def _alarmed(entry: StackEntry, document: Json, queue_arn: str) -> None:
    """The queue stands in the stack, and somebody hears of its first message."""
    assert _points_at(document, "aws_sqs_queue", queue_arn) is not None, (entry.id, queue_arn)
    queue = queue_arn.removesuffix(".arn}") + ".name}"
    alarms = [
        each
        for each in _all(document, "aws_cloudwatch_metric_alarm").values()
        if each.get("dimensions", {}).get("QueueName") == queue
    ]
    assert alarms, (entry.id, queue)
    assert all(each["threshold"] == 0 and each["alarm_actions"] for each in alarms)


def test_seam_7_nobody_is_trusted_by_name_alone(stacks: Stacks) -> None:
    """Whom a role trusts is an account of ours by its number, and of it an exact role or who knows the external id."""
    trusts = [
        (entry, body["name"], statement)
        for entry, _, body in _each(stacks, "aws_iam_role")
        for statement in _statements(body["assume_role_policy"])
        if "AWS" in statement["Principal"]
    ]
    assert trusts
    for entry, name, statement in trusts:
        keys = {key for conditions in statement["Condition"].values() for key in conditions}
        assert keys & {"aws:PrincipalArn", "aws:PrincipalOrgID", "sts:ExternalId"}, (entry.id, name)
        assert "*" not in _list(statement["Principal"]["AWS"]), (entry.id, name)


def test_seam_7_no_role_of_the_lake_may_do_everything_with_a_service(stacks: Stacks) -> None:
    """No `s3:*`, nor the like of another service, in any policy of the data lake and of the ML modules."""
    seen = 0
    for kind in ("aws_iam_role_policy", "aws_iam_policy"):
        for entry, _, body in _each(stacks, kind, "data_lake", *MODULES):
            for statement in _statements(body["policy"]):
                if statement["Effect"] == "Allow":
                    seen += 1
                    wide = [action for action in _list(statement.get("Action", "*")) if action.endswith((":*", "*:*"))]
                    assert (wide, "NotAction" in statement) == ([], False), (entry.id, body["name"])
    assert seen > 100


def test_seam_7_grants_are_narrow_and_the_defaults_of_lake_formation_are_gone(stacks: Stacks) -> None:
    """Nobody is granted ALL; to grant on is for a role of the owner's stack alone; IAM opens no new table."""
    granted = list(_each(stacks, "aws_lakeformation_permissions"))
    assert granted
    for entry, document, body in granted:
        assert not {"ALL", "SUPER"} & set(body["permissions"]), entry.id
        if body.get("permissions_with_grant_option"):
            # Lake Formation lets tag only who could grant: the function that publishes tables, in its own account.
            role = _points_at(document, "aws_iam_role", body["principal"])
            assert role is not None, entry.id
            assert "lambda.amazonaws.com" in role["assume_role_policy"], entry.id
    closed = {entry.account for entry, _, _ in _each(stacks, "aws_lakeformation_data_lake_settings")}
    for _, _, body in _each(stacks, "aws_lakeformation_data_lake_settings"):
        assert (body["create_database_default_permissions"], body["create_table_default_permissions"]) == ([], [])
    assert {entry.account for entry, _, _ in granted} <= closed


def test_seam_9_domains_have_a_key_and_no_way_to_the_internet(stacks: Stacks) -> None:
    """Of every team in dev."""
    domains = list(_each(stacks, "aws_sagemaker_domain"))
    assert {entry.account for entry, _, _ in domains} == {
        entry.account for entry, _ in stacks if entry.stack == "studio"
    }
    for entry, _, domain in domains:
        assert domain["app_network_access_type"] == "VpcOnly", entry.id
        assert domain["kms_key_id"].endswith("key_arns.domain}"), entry.id


def test_seam_9_every_network_has_flow_logs(stacks: Stacks) -> None:
    """Of all traffic, by the VPC itself."""
    networks = 0
    for entry, document in stacks:
        for name in _all(document, "aws_vpc"):
            networks += 1
            logs = [each for each in _all(document, "aws_flow_log").values() if f".{name}.id" in each.get("vpc_id", "")]
            assert [each["traffic_type"] for each in logs] == ["ALL"], entry.id
    assert networks >= len(ACME.teams) * 3


def test_seam_9_no_role_of_a_team_trains_with_a_network_or_under_another_key(stacks: Stacks) -> None:
    """Each role as which jobs run is denied it, in every account of every team: no policy beside can open it."""
    wanted = {"NeverTrainWithNetwork", "NeverOutputUnderAnotherKey", "NeverVolumeUnderAnotherKey", "NeverPlainTraffic"}
    seen = 0
    for entry, document in stacks:
        if entry.stack != "consumer":
            continue
        for name, body in _all(document, "aws_iam_policy").items():
            if "CreateTrainingJob" not in body["policy"]:
                continue
            statements = _statements(body["policy"])
            if any(
                each["Effect"] == "Allow" and "sagemaker:CreateTrainingJob" in _list(each.get("Action", ()))
                for each in statements
            ):
                seen += 1
                denied = {each["Sid"] for each in _denials(document, name)}
                assert wanted <= denied, (entry.id, name)
    assert seen >= len(ACME.teams) * 3


def _denials(document: Json, policy: str) -> Iterator[Json]:
    """What the roles are denied that have the policy: by it, and by the others attached to them."""
    attached = [
        each["policy_arns"]
        for each in _all(document, "aws_iam_role_policy_attachments_exclusive").values()
        if f"aws_iam_policy.{policy}.arn" in json.dumps(each["policy_arns"])
    ]
    for arns in attached:
        for arn in arns:
            other = _points_at(document, "aws_iam_policy", arn)
            if other is not None:
                yield from (each for each in _statements(other["policy"]) if each["Effect"] == "Deny")
