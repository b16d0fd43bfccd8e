"""The calls of the function that publishes a table which passed its rules."""

from __future__ import annotations

import boto3

from modules.data_lake.functions.publish_table.handler import Publisher
from tests.modules.test_lake_publishing import GATES_OF_DOMAIN, OWNER, _publish_gate, result
from tests.support.recording import Recording, Refusal
from tests.support.rendering import Rendered


def _rendered() -> Rendered:
    return _publish_gate({})


def _run() -> None:
    clients = boto3.client("lakeformation"), boto3.client("ssm")
    path = "/acme/lake/customers"
    Publisher(GATES_OF_DOMAIN, OWNER.account_id, "customers", path, *clients, lambda: 1.0, str).judge(result(1))


RECORDING = Recording(
    _rendered,
    "publish-customers",
    _run,
    {
        "lakeformation:AddLFTagsToResource": {"Failures": []},
        "ssm:GetParameter": Refusal("ParameterNotFound"),
        "ssm:PutParameter": {},
    },
    dict.fromkeys(("glue:GetDatabase", "glue:GetTable"), "Lake Formation looks the table up for the caller"),
)
