"""The report's releases: the way of a model to production, read from resources."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from policies.report import html, sequence
from policies.report.event_pattern import matches
from policies.report.model import ReportData
from policies.report.releases import Message, Party, Release, releases
from policies.report.sources import Sources
from tests.support.organisations import Synthesised, documents

DEV, CENTRAL = "risk-dev", "shared-prod"
_PATTERN = {"source": ["aws.sagemaker"], "detail": {"ModelPackageGroupName": [{"prefix": "acme-"}]}}


def _allows(actions: list[str], *resources: str) -> str:
    return json.dumps({"Statement": [{"Effect": "Allow", "Action": actions, "Resource": list(resources)}]})


def _group(name: str) -> dict[str, Any]:
    return {"group": {"model_package_group_name": name, "tags": {"Project": "churn"}}}


def _function(name: str, policy: str) -> dict[str, Any]:
    return {
        "aws_lambda_function": {"f": {"function_name": name, "role": "${aws_iam_role.r.arn}"}},
        "aws_iam_role": {"r": {"name": f"{name}-role"}},
        "aws_iam_role_policy": {"p": {"role": "${aws_iam_role.r.name}", "policy": policy}},
    }


def _stacks() -> dict[str, Any]:
    """Development tells a bus, whose queue feeds a copying function; the registry there starts the pipeline."""
    there = f"${{data.terraform_remote_state.x.outputs.account_ids.{CENTRAL}}}"
    package = f"arn:aws:sagemaker:eu-west-1:{there}:model-package/acme-prod-risk-churn/*"
    rule = {"name": "acme-copy", "event_bus_name": "${aws_cloudwatch_event_bus.b.name}"}
    step = {"name": "DeployProd", "action": {"category": "Build", "provider": "CodeBuild"}}
    deploy = {**step, "action": {**step["action"], "configuration": {"ProjectName": "acme-deploy"}}}
    ask = {"name": "Approve", "action": {"category": "Approval", "provider": "Manual"}}
    return {
        "risk-dev-build": {"resource": {"aws_sagemaker_model_package_group": _group("acme-dev-risk-churn")}},
        "risk-dev-studio": {
            "resource": {
                "aws_cloudwatch_event_rule": {"r": {"name": "acme-tell", "event_pattern": json.dumps(_PATTERN)}},
                "aws_cloudwatch_event_target": {
                    "t": {
                        "rule": "${aws_cloudwatch_event_rule.r.name}",
                        "arn": f"arn:aws:events:eu-west-1:{there}:event-bus/acme-bus",
                    }
                },
            }
        },
        "shared-copy": {
            "resource": {
                **_function("acme-copier", _allows(["sagemaker:CreateModelPackage"], package)),
                "aws_cloudwatch_event_bus": {"b": {"name": "acme-bus"}},
                "aws_cloudwatch_event_rule": {"r": {**rule, "event_pattern": json.dumps(_PATTERN)}},
                "aws_cloudwatch_event_target": {"t": {"rule": "acme-copy", "arn": "${aws_sqs_queue.q.arn}"}},
                "aws_lambda_event_source_mapping": {
                    "m": {
                        "event_source_arn": "${aws_sqs_queue.q.arn}",
                        "function_name": "${aws_lambda_function.f.arn}",
                    }
                },
                "aws_sqs_queue": {"q": {"name": "acme-queue"}},
            }
        },
        "shared-decide": {
            "resource": {
                **_function(
                    "acme-decider",
                    _allows(
                        ["codepipeline:StartPipelineExecution"],
                        f"arn:aws:codepipeline:eu-west-1:{there}:acme-release--*",
                    ),
                ),
                "aws_cloudwatch_event_rule": {"r": {"name": "acme-decide", "event_pattern": json.dumps(_PATTERN)}},
                "aws_cloudwatch_event_target": {
                    "t": {"rule": "acme-decide", "arn": "${aws_lambda_function.f.arn}"},
                },
            }
        },
        "shared-models": {
            "resource": {
                "aws_sagemaker_model_package_group": _group("acme-prod-risk-churn"),
                "aws_cloudcontrolapi_resource": {"c": {"desired_state": '{"ModelCardName": "x"}'}},
            }
        },
        "shared-release": {
            "resource": {
                "aws_codepipeline": {
                    "p": {"name": "acme-release--churn", "tags": {"Project": "churn"}, "stage": [ask, deploy]}
                },
                "aws_codebuild_project": {"b": {"name": "acme-deploy", "service_role": "${aws_iam_role.d.arn}"}},
                "aws_iam_role": {"d": {"name": "acme-deploys"}},
                "aws_iam_role_policy": {
                    "p": {
                        "role": "${aws_iam_role.d.name}",
                        "policy": _allows(["sts:AssumeRole"], "arn:aws:iam::123456789012:role/acme-deploy--churn"),
                    }
                },
            }
        },
        "risk-prod-operations": {"resource": {"aws_iam_role": {"d": {"name": "acme-deploy--churn"}}}},
    }


def _read(stacks: Mapping[str, Any]) -> tuple[Release, ...]:
    accounts = {stack: DEV if stack.startswith(DEV) else CENTRAL for stack in stacks}
    accounts["risk-prod-operations"] = "risk-prod"
    return releases(Sources(stacks, accounts, {"risk-prod": "123456789012"}))


def test_a_release_is_read_from_its_resources_step_by_step() -> None:
    """From approval in development over bus, queue and copy to the second approval, the pipeline and its role."""
    (release,) = _read(_stacks())
    assert release.project == "churn"
    assert [(str(each.source.service), str(each.target.service)) for each in release.messages] == [
        ("people", "SageMaker registry"),
        ("SageMaker registry", "EventBridge"),
        ("EventBridge", "EventBridge"),
        ("EventBridge", "SQS"),
        ("SQS", "Lambda acme-copier"),
        ("Lambda acme-copier", "SageMaker registry"),
        ("people", "SageMaker registry"),
        ("SageMaker registry", "EventBridge"),
        ("EventBridge", "Lambda acme-decider"),
        ("Lambda acme-decider", "CodePipeline"),
        ("CodePipeline", "people"),
        ("people", "CodePipeline"),
        ("CodePipeline", "CodeBuild"),
        ("CodeBuild", "role acme-deploy--churn"),
    ]
    assert {(each.source.account, each.target.account) for each in release.messages} >= {(DEV, CENTRAL)}


@pytest.mark.parametrize(
    "gone",
    [
        ("risk-dev-studio", "aws_cloudwatch_event_target"),
        ("shared-copy", "aws_lambda_event_source_mapping"),
        ("shared-copy", "aws_iam_role_policy"),
        ("shared-decide", "aws_cloudwatch_event_rule"),
        ("shared-release", "aws_codepipeline"),
    ],
)
def test_a_way_that_is_broken_anywhere_is_not_shown_as_a_release(gone: tuple[str, str]) -> None:
    """Without one of its links an approval never reaches the pipeline, and the report claims nothing else."""
    stacks = _stacks()
    del stacks[gone[0]]["resource"][gone[1]]
    assert _read(stacks) == ()


def test_a_pattern_matches_as_eventbridge_does() -> None:
    """Values, affixes, wildcards, presence, exclusion, choice; an unknown operator is an error, not a match."""
    event = {"source": "aws.sagemaker", "detail": {"status": "Approved", "group": "acme-x"}}
    assert matches({"source": ["aws.sagemaker"], "detail": {"group": [{"prefix": "acme-"}]}}, event)
    assert matches({"detail": {"status": [{"anything-but": ["Rejected"]}], "more": [{"exists": False}]}}, event)
    assert not matches({"detail": {"status": ["Rejected"]}}, event)
    assert matches({"detail": {"group": [{"wildcard": "ac*-*"}], "status": [{"wildcard": "Approved"}]}}, event)
    assert not matches({"detail": {"group": [{"wildcard": "ac*-y"}]}}, event)
    assert not matches({"detail": {"more": [{"wildcard": "*"}]}}, event)
    assert not matches({"detail": {"more": ["x"]}}, event)
    assert matches({"detail": {"group": [{"wildcard": "a*-x"}]}}, event)
    assert not matches({"detail": {"group": [{"wildcard": "a*-y"}]}}, event)
    assert not matches({"detail": {"group": [{"wildcard": r"acme\\*"}], "more": [{"wildcard": "*"}]}}, event)
    assert matches({"detail": {"group": [{"suffix": "-x"}]}}, event)
    assert not matches({"detail": {"group": [{"suffix": "-y"}]}}, event)
    for affix, hit, miss in (("prefix", "acme-", "other-"), ("suffix", ["-y", "-x"], ["-y", "-z"])):
        assert not matches({"detail": {"group": [{"anything-but": {affix: hit}}]}}, event)
        assert matches({"detail": {"group": [{"anything-but": {affix: miss}}]}}, event)
        assert not matches({"detail": {"more": [{"anything-but": {affix: miss}}]}}, event)
    either = [{"detail": {"status": ["Rejected"]}}, {"detail": {"group": ["acme-x"]}}]
    assert matches({"source": ["aws.sagemaker"], "$or": either}, event)
    assert not matches({"source": ["aws.other"], "$or": either}, event)
    assert not matches({"$or": either[:1]}, event)
    for unknown in ({"numeric": [">", 1]}, {"anything-but": {"wildcard": "*"}}):
        with pytest.raises(ValueError, match=r"numeric|anything-but wildcard"):
            matches({"detail": {"status": [unknown]}}, event)


@pytest.mark.e2e
@pytest.mark.parametrize(("name", "served"), [("acme", ["card-fraud", "letter-triage"]), ("minnow", ["order-returns"])])
def test_the_way_of_each_served_model_is_found_in_real_stacks(
    name: str, served: list[str], synthesised: Synthesised
) -> None:
    """Whatever else stands in the same accounts: rules of every module are read, and none is unknown here."""
    stacks = {entry.id: (entry.account, document) for entry, document in documents(synthesised(name))}
    sources = Sources(
        {id_: document for id_, (_, document) in stacks.items()}, {id_: a for id_, (a, _) in stacks.items()}, {}
    )
    assert [release.project for release in releases(sources)] == served


def test_every_step_is_drawn_in_order_between_its_parties() -> None:
    """A lane for each party, a row for each message, and what a party tells itself turns back to it."""
    one, other = Party("a", "S3"), Party("b", "SQS")
    by = ("stack", "aws_x.y")
    picture = sequence.layout([Message(one, other, "tells", *by), Message(other, other, "thinks", *by)])
    assert [lane.party for lane in picture.lanes] == [one, other]
    assert [arrow.number for arrow in picture.arrows] == [1, 2]
    assert picture.arrows[0].y < picture.arrows[1].y < picture.height


def test_the_page_has_a_sequence_for_each_release(data: ReportData, source: str) -> None:
    """Every step stands in the drawing and in the list below it, with the resource that makes it."""
    stack = data.stacks[0].id
    message = Message(Party("a", "S3"), Party("b", "SQS"), "tells <it>", stack, "aws_sqs_queue.q")
    page = html.render(
        replace(
            data,
            releases=(Release("churn", (message,)),),
            matrix=replace(data.matrix, controls=()),
            policies=(),
            findings=(),
        )
    )
    assert page.count("tells &lt;it&gt;") == 2
    assert page.count("aws_sqs_queue.q") == 2
    assert 'href="#releases"' in page
    assert 'href="#releases"' not in source


def test_a_lane_tells_functions_apart() -> None:
    """Names begin with organisation and environment; what is cut is that, not what tells one from the other."""
    parties = [Party("a", f"Lambda minnow-org-model-{what}") for what in ("sync", "cards")]
    picture = sequence.layout([Message(*parties, "tells", "stack", "aws_x.y")])
    assert [lane.service for lane in picture.lanes] == ["Lambda …g-model-sync", "Lambda …-model-cards"]
