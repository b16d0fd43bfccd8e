"""What the emulator's tests share: one running emulator, and boto3 clients of its accounts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import boto3
import pytest

from delivery.emulator import Emulator

Client = Callable[..., Any]
MANAGEMENT = "111111111111"
REGION = "eu-west-1"
HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whoever asks a running emulator starts a process: that is for the long part."""
    for item in items:
        if item.path.parent == HERE and isinstance(item, pytest.Function) and "emulator" in item.fixturenames:
            item.add_marker(pytest.mark.e2e)


@pytest.fixture(scope="session")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    log = tmp_path_factory.mktemp("emulator") / "emulator.log"
    with Emulator(log, management_account=MANAGEMENT, region=REGION) as running:
        yield running


@pytest.fixture(scope="session")
def client(emulator: Emulator) -> Client:
    """`client(service, account=None)`: a boto3 client of the management account, or of another by AssumeRole.

    Each is made once in a run: to make one costs as much as ten calls, and the role is assumed anew with each.
    """

    @cache
    def client(service: str, account: str | None = None) -> Any:
        keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
        if account is not None:
            given = client("sts").assume_role(
                RoleArn=f"arn:aws:iam::{account}:role/apply", RoleSessionName="test", ExternalId="acme-external-id"
            )["Credentials"]
            keys = {
                "aws_access_key_id": given["AccessKeyId"],
                "aws_secret_access_key": given["SecretAccessKey"],
                "aws_session_token": given["SessionToken"],
            }
        return boto3.client(service, endpoint_url=emulator.endpoint, region_name=REGION, **keys)

    return client
