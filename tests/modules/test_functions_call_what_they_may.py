"""Least privilege, proven: each function's role allows what its code was seen to call, and nothing else."""

from __future__ import annotations

from importlib import import_module, util

import boto3
import pytest
from botocore.exceptions import ParamValidationError

from modules.core.assets import ROOT
from tests.support.recording import Call, Recording, Refusal, recording

pytestmark = pytest.mark.e2e  # reading botocore's models and rendering every function's construct takes seconds

FUNCTIONS = sorted(path.parent.name for path in ROOT.glob("modules/*/functions/*/__init__.py"))


def _recording(function: str) -> Recording:
    name = f"tests.support.recordings.{function}"
    assert util.find_spec(name), f"{function} has no recording: write tests/support/recordings/{function}.py"
    found = import_module(name).RECORDING
    assert isinstance(found, Recording)
    return found


@pytest.fixture(name="recorded", params=FUNCTIONS, scope="module")
def _recorded(request: pytest.FixtureRequest) -> tuple[Recording, list[Call]]:
    found = _recording(request.param)
    return found, found.calls()


def test_a_function_calls_nothing_that_its_role_denies(recorded: tuple[Recording, list[Call]]) -> None:
    """Each call is allowed, on the very resource where the call names one."""
    allowed = recorded[0].allowed()
    assert recorded[1]
    for call in recorded[1]:
        for action, arn in call.needs:
            assert action in allowed, f"{call.operation} needs {action}"
            if arn:
                assert any(each.fullmatch(arn) for each in allowed[action]), f"{action} is not allowed on {arn}"


def test_a_role_allows_nothing_that_its_function_never_calls(recorded: tuple[Recording, list[Call]]) -> None:
    """What AWS needs though no code calls it is listed, with the reason; no reason is listed for nothing."""
    known, calls = recorded
    called = {action for call in calls for action, _ in call.needs}
    assert known.chosen() - called == set(known.implied)


def test_a_recording_sees_what_was_called_and_botocore_refuses_what_aws_does_not_know() -> None:
    """Also the errors of AWS come to the code as those of botocore."""
    answers = {"s3:GetObject": {}, "ssm:GetParameter": Refusal("ParameterNotFound")}
    with recording({**answers, "s3:CopyObject": {}, "sqs:SendMessage": {}}) as calls:
        boto3.client("s3").get_object(Bucket="b", Key="k/1", VersionId="v")
        ssm = boto3.client("ssm")
        with pytest.raises(ssm.exceptions.ParameterNotFound):
            ssm.get_parameter(Name="/a")
        with pytest.raises(AssertionError, match="no answer for s3:PutObject"):
            boto3.client("s3").put_object(Bucket="b", Key="k", Body=b"")
        with pytest.raises(ParamValidationError, match="Colour"):
            boto3.client("s3").get_object(Bucket="b", Key="k", Colour="red")
        boto3.client("sqs").send_message(QueueUrl="https://sqs.eu-west-1.amazonaws.com/2/q", MessageBody="m")
        boto3.client("s3").copy_object(Bucket="b", Key="k", CopySource={"Bucket": "from", "Key": "x", "VersionId": "v"})
    assert [call.needs for call in calls if call.operation not in ("s3:PutObject",)] == [
        (("s3:GetObjectVersion", "arn:aws:s3:::b/k/1"),),
        (("ssm:GetParameter", None),),
        (("sqs:SendMessage", "arn:aws:sqs:eu-west-1:2:q"),),
        (("s3:GetObjectVersion", "arn:aws:s3:::from/x"), ("s3:PutObject", "arn:aws:s3:::b/k")),
    ]
