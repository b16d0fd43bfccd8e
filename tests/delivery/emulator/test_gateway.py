"""What the gateway does with a request, with a stand-in for moto."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from werkzeug.test import Client as WerkzeugClient
from werkzeug.test import TestResponse

from delivery.emulator.gateway import Application, Gateway
from delivery.emulator.service import Answer, AwsError, Call, PassToMoto, Service
from delivery.emulator.store import Store

MANAGEMENT = "111111111111"


def echo(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """In moto's place: answers with the account and the body that reached it."""
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [environ["HTTP_X_MOTO_ACCOUNT_ID"].encode() + b" " + environ["wsgi.input"].read()]


def missing(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """In moto's place: knows no operation."""
    raise NotImplementedError("The action has not been implemented")


def ask(operation: str, answer: Callable[[Call], Answer] | None, body: str, moto: Application = echo) -> TestResponse:
    """One signed request to KMS, where `answer` is registered for EnableKeyRotation."""
    service = Service("kms")
    if answer is not None:
        service.operation("EnableKeyRotation")(answer)
    gateway = Gateway(moto, [service], Store(), MANAGEMENT)
    return WerkzeugClient(gateway).post(
        "/",
        data=body,
        content_type="application/x-amz-json-1.1",
        headers={
            "Authorization": "AWS4-HMAC-SHA256 Credential=test/20260101/eu-west-1/kms/aws4_request, SignedHeaders=host",
            "X-Amz-Target": f"TrentService.{operation}",
        },
    )


def said(response: TestResponse) -> str:
    return str(json.loads(response.data)["Message"])


def test_what_is_not_registered_goes_to_moto_untouched() -> None:
    """Moto gets the body as it came, and the account that the request belongs to."""
    response = ask("CreateKey", lambda call: {}, '{"Description": "x"}')
    assert response.text == MANAGEMENT + ' {"Description": "x"}'


def test_an_emulated_operation_sees_who_asks_and_what() -> None:
    """The call holds account, region and the parameters by their names in the model."""
    seen: list[Call] = []
    response = ask("EnableKeyRotation", lambda call: seen.append(call) or {}, '{"KeyId": "k"}')
    assert response.status_code == 200
    assert [(call.account, call.region, call.params) for call in seen] == [(MANAGEMENT, "eu-west-1", {"KeyId": "k"})]


def test_an_input_that_breaks_the_model_is_refused_before_the_operation_runs() -> None:
    """The client gets ValidationException with the member's name."""
    seen: list[Call] = []
    response = ask(
        "EnableKeyRotation", lambda call: seen.append(call) or {}, '{"KeyId": "k", "RotationPeriodInDays": 1}'
    )
    assert response.status_code == 400
    assert "RotationPeriodInDays: 1 is less than 90" in said(response)
    assert not seen


def test_an_error_of_the_service_reaches_the_client_with_its_code() -> None:
    """An AwsError is written in the protocol of the request."""

    def refuse(call: Call) -> Answer:
        raise AwsError("NotFoundException", "there is no key k")

    response = ask("EnableKeyRotation", refuse, '{"KeyId": "k"}')
    assert (response.status_code, said(response)) == (400, "there is no key k")
    assert response.headers["x-amzn-errortype"] == "NotFoundException"


def test_an_operation_may_leave_one_resource_to_moto() -> None:
    """PassToMoto hands over the request with its body unread."""

    def leave(call: Call) -> Answer:
        raise PassToMoto

    assert ask("EnableKeyRotation", leave, '{"KeyId": "k"}').text == MANAGEMENT + ' {"KeyId": "k"}'


def test_a_fault_in_an_operation_is_an_error_that_is_not_retried() -> None:
    """A bug is answered with 400 and its name: a 500 would be retried for minutes."""
    response = ask("EnableKeyRotation", lambda call: {"x": 1 // 0}, '{"KeyId": "k"}')
    assert response.status_code == 400
    assert "kms:EnableKeyRotation: ZeroDivisionError" in said(response)


def test_what_nobody_knows_is_an_error_that_names_the_operation() -> None:
    """Moto's NotImplementedError becomes 400 with service, operation and where to add it."""
    response = ask("CreateKey", None, "{}", missing)
    assert response.status_code == 400
    assert "kms:CreateKey" in said(response)
    assert "delivery/emulator/README.md" in said(response)


def test_a_client_that_lost_an_answer_gets_it_again_and_nothing_is_done_twice() -> None:
    """A repeated invocation is answered as before without being carried out; another one, or a failed one, is."""
    done: list[str] = []

    def moto(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        body = environ["wsgi.input"].read().decode()
        done.append(body)
        start_response("500 Internal" if body == "fails" else "200 OK", [("Content-Type", "text/plain")])
        return [f"{body} {len(done)}".encode()]

    client = WerkzeugClient(Gateway(moto, [], Store(), MANAGEMENT))

    def send(body: str, invocation: str) -> bytes:
        return client.post("/", data=body, headers={"amz-sdk-invocation-id": invocation}).data

    assert send("create", "one") == send("create", "one") == b"create 1"
    assert send("create", "two") == b"create 2"
    assert [send("fails", "three"), send("fails", "three")] == [b"fails 3", b"fails 4"]


def test_an_operation_that_two_files_answer_is_refused_at_the_start() -> None:
    """Or the first one would answer, and nobody would know which that is."""
    services = [Service("kms"), Service("kms")]
    for service in services:
        service.operation("EnableKeyRotation")(lambda call: {})
    with pytest.raises(ValueError, match="kms: EnableKeyRotation is answered by two files"):
        Gateway(echo, services, Store(), MANAGEMENT)
