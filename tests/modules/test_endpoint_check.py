"""A served model in production is asked by the calendar what it was asked when it was made."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import boto3
import pytest

from modules.core.handshake import Edge
from modules.core.naming import Naming
from modules.ml_operations import check_settings
from modules.ml_operations.check_settings import FAILED, REQUESTS, CheckSettings, is_checked
from modules.ml_operations.edges import READS_SAMPLES
from modules.ml_operations.endpoint_check import EndpointCheck, Samples
from modules.ml_operations.functions.check_endpoint import handler
from modules.ml_operations.functions.check_endpoint.check import ASKED, Check
from modules.ml_operations.layout import NO_VERSION
from modules.ml_operations.serving_settings import ServingMode, ServingStage
from tests.support.recording import Refusal
from tests.support.rendering import NAMING, Rendered, TestStack, render
from tests.support.served import baseline, operate, served

REGISTRY = Naming(
    organization="acme",
    environment="prod",
    account="ml-shared-services-prod",
    account_id="999999999999",
    partition="aws",
    region="eu-west-1",
)
EDGE = Edge(READS_SAMPLES, "fraud/card-fraud in fraud-prod", "ml-shared-services-prod")
FILES = "s3://acme-prod-ml-models/models/fraud/card-fraud/3/"
LIVE = {"model_package_arn": "arn:aws:sagemaker:eu-west-1:9:model-package/g/3", "version": "3", "files": FILES}
SAMPLE = {"content_type": "text/csv", "accept": "text/csv", "request": "1,2", "answer": "0.25"}
PARAMETER = "/acme/dev/serving/card-fraud/version"
ENDPOINT = "acme-dev-serving--card-fraud"


def place(scope: Any) -> None:
    operated = operate(scope, served("real-time"), checked=True)
    EndpointCheck(
        scope,
        "check",
        naming=NAMING,
        settings=CheckSettings(every_minutes=10),
        served=served("real-time"),
        project="card-fraud",
        tolerance=0.001,
        samples=Samples(REGISTRY, "ml-models", "models/fraud/card-fraud/", "ml-models", EDGE),
        topic=operated.topic,
        keys=baseline(),
        boundary_arn="arn:aws:iam::222222222222:policy/boundary",
    )


@dataclass(frozen=True)
class _Placed:
    rendered: Rendered
    sides: set[tuple[Edge, str]]


@pytest.fixture(name="placed", scope="module")
def _placed() -> _Placed:
    sides: set[tuple[Edge, str]] = set()

    def build(scope: Any) -> None:
        assert isinstance(scope, TestStack)
        place(scope)
        sides.update(scope.sides)

    return _Placed(render(build), sides)


def _samples(*answers: str) -> bytes:
    return "\n".join(json.dumps({**SAMPLE, "answer": answer}) for answer in answers).encode()


def answers(version: object = LIVE, answered: object = "0.25", samples: bytes = _samples("0.25")) -> dict[str, Any]:
    """What AWS answers: the parameter, the samples, and the endpoint."""
    given = answered if isinstance(answered, Refusal) else lambda **_: {"Body": io.BytesIO(str(answered).encode())}
    return {
        "ssm:GetParameter": {"Parameter": {"Value": json.dumps(version)}},
        "s3:GetObject": lambda **_: {"Body": io.BytesIO(samples)},
        "sagemaker-runtime:InvokeEndpoint": given,
    }


def check(clients: Callable[[str], Any], slowest_ms: float = 1000) -> Check:
    return Check(
        runtime=clients("sagemaker-runtime"),
        objects=clients("s3"),
        parameters=clients("ssm"),
        endpoint=ENDPOINT,
        parameter=PARAMETER,
        slowest_ms=slowest_ms,
        tolerance=0.001,
    )


def deliver(clients: Callable[[str], Any] = boto3.client, slowest_ms: float = 1000) -> dict[str, float]:
    """Run the function as Lambda does; what it counted."""
    counted: dict[str, float] = {}

    def add(name: str, unit: object, value: float) -> None:
        counted[name] = value

    counting = SimpleNamespace(add_metric=add, flush_metrics=lambda: None)
    with (
        patch.object(handler, "_check", lambda: check(clients, slowest_ms)),
        patch.object(handler, "metrics", counting),
    ):
        handler.handle({}, None)
    return counted


class _Aws:
    """Clients of AWS that answer as told: to make botocore's takes longer than all these tests."""

    class exceptions:
        InternalFailure = type("InternalFailure", (Exception,), {})
        ModelError = type("ModelError", (Exception,), {})
        ModelNotReadyException = type("ModelNotReadyException", (Exception,), {})
        ServiceUnavailable = type("ServiceUnavailable", (Exception,), {})
        ValidationError = type("ValidationError", (Exception,), {})

    def __init__(self, told: dict[str, Any]) -> None:
        self._told = told

    def __getattr__(self, name: str) -> Any:
        operation = next(each for each in self._told if each.partition(":")[2].lower() == name.replace("_", ""))
        answer = self._told[operation]
        if isinstance(answer, Refusal):
            raise getattr(self.exceptions, answer.code, PermissionError)(answer.code)
        return answer if callable(answer) else lambda **_: answer


def ask(slowest_ms: float = 1000, **given: Any) -> dict[str, float]:
    """What is counted when AWS answers so."""
    aws = _Aws(answers(**given))
    return deliver(lambda _: aws, slowest_ms)


def test_an_endpoint_that_answers_as_when_it_was_made_is_well() -> None:
    """Each of its first samples is asked once, numbers may differ by the tolerance, and nothing has failed."""
    counted = ask(answered="0.2501", samples=_samples(*["0.25"] * (ASKED + 2)))
    assert (counted[FAILED], counted[REQUESTS]) == (0, ASKED)
    assert counted[check_settings.MILLIS] >= 0


@pytest.mark.parametrize(
    "given",
    [
        {"answered": "0.5"},
        {"answered": Refusal("ModelError")},
        {"answered": Refusal("ValidationError")},
        {"slowest_ms": -1},
    ],
)
def test_a_bad_answer_is_counted(given: dict[str, Any]) -> None:
    """One that differs, an error of the model, an endpoint that is not there, and one that is late."""
    assert ask(**given)[FAILED] == 1


def test_nothing_is_asked_while_nothing_is_served() -> None:
    """No version is no failure."""
    assert ask(version={**LIVE, "model_package_arn": NO_VERSION}) == {FAILED: 0, REQUESTS: 0}


def test_a_check_that_cannot_work_is_raised_and_counts_nothing() -> None:
    """Without samples, or without permission, nothing is known of the endpoint: the alarm on silence goes off."""
    with pytest.raises(ValueError, match="no sample"):
        ask(samples=b"\n")
    with pytest.raises(PermissionError, match="AccessDenied"):
        ask(answered=Refusal("AccessDeniedException"))


def test_the_owner_hears_of_bad_answers_and_of_silence(placed: _Placed) -> None:
    """Two of three checks make the alarm, and so does a check that counted nothing."""
    checked = placed.rendered
    alarm = next(
        one for one in checked.all("aws_cloudwatch_metric_alarm").values() if one["alarm_name"].endswith("-check")
    )
    assert (alarm["metric_name"], alarm["namespace"]) == (handler.FAILED, "mlgov/Functions")
    assert alarm["dimensions"] == {"service": "serving--card-fraud--check"}
    assert (alarm["datapoints_to_alarm"], alarm["evaluation_periods"], alarm["period"]) == (2, 3, 600)
    assert alarm["treat_missing_data"] == "breaching"
    assert checked.one("aws_cloudwatch_event_rule")["schedule_expression"] == "rate(10 minutes)"


def test_the_check_is_not_taken_for_somebody_who_asks() -> None:
    """The alarm on silence counts what others asked."""

    def silent(scope: Any) -> None:
        operate(scope, served("real-time", alarms={"silent_hours": 2}), checked=True)

    alarms = render(silent).all("aws_cloudwatch_metric_alarm").values()
    alarm = next(one for one in alarms if one["alarm_name"].endswith("-silent"))
    asked, checks, others = alarm["metric_query"]
    assert (asked["metric"]["metric_name"], checks["metric"]["metric_name"]) == ("Invocations", handler.REQUESTS)
    assert checks["metric"]["dimensions"] == {"service": "serving--card-fraud--check"}
    assert (others["expression"], others["return_data"]) == ("FILL(asked, 0) - FILL(checks, 0)", True)
    assert "metric_name" not in alarm


def test_function_and_alarms_count_by_the_same_names() -> None:
    """Lambda has no pydantic, so the function says them itself."""
    assert (handler.FAILED, handler.REQUESTS, handler.MILLIS) == (
        check_settings.FAILED,
        check_settings.REQUESTS,
        check_settings.MILLIS,
    )


def test_the_side_of_the_check_is_rendered_with_its_role(placed: _Placed) -> None:
    """Its role reads the samples of this project, in the bucket of the registry's account, and decrypts through S3."""
    roles = {one["name"]: one["policy"] for one in placed.rendered.all("aws_iam_role_policy").values()}
    policy = {one["Sid"]: one for one in json.loads(roles["serving--card-fraud--check"])["Statement"]}
    assert policy["ReadSamples"]["Resource"] == ("arn:aws:s3:::acme-prod-ml-models/models/fraud/card-fraud/*/samples/*")
    assert policy["UseKeyOfSamples"]["Condition"]["StringEquals"] == {"kms:ViaService": "s3.eu-west-1.amazonaws.com"}
    assert placed.sides == {(EDGE, "check")}


@pytest.mark.parametrize(
    ("mode", "stage", "expected"),
    [
        ("real-time", "prod", True),
        ("real-time", "test", False),
        ("asynchronous", "prod", False),
        ("batch", "prod", False),
    ],
)
def test_what_answers_at_once_in_production_is_checked(mode: ServingMode, stage: ServingStage, expected: bool) -> None:
    """Not in test, not what answers later, and nothing where checks are off."""
    assert is_checked(CheckSettings(), served(mode, stage)) is expected
    assert not is_checked(CheckSettings(enabled=False), served(mode, stage))
