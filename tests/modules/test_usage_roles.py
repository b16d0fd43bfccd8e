"""Least privilege in the accounts that are visited, proven: each role there allows what the code was seen to call."""

from __future__ import annotations

import inspect
import re

import boto3
import botocore.session
import pytest

from modules.cost_reporting.functions.list_usage.gpus import gpus
from modules.cost_reporting.functions.list_usage.listing import rows
from modules.cost_reporting.functions.stop_waste import handler
from tests.modules import test_waste_stop
from tests.modules.test_usage_inventory import REQUIRED, _rendered
from tests.support.recording import Recording
from tests.support.usage_world import ANSWERS, HOUR, PLACE

pytestmark = pytest.mark.e2e  # reading botocore's model of SageMaker takes seconds


def _list() -> None:
    clients = {each: boto3.client(each) for each in ("sagemaker", "cloudwatch", "resourcegroupstaggingapi")}
    assert list(rows(clients, PLACE, HOUR, REQUIRED))


def _stop() -> None:
    assert list(
        handler.stop(
            boto3.client("sagemaker"), test_waste_stop.DEV, "eu-west-1", test_waste_stop.NIGHT, test_waste_stop.RULES
        )
    )


READER = Recording(lambda: inspect.unwrap(_rendered)(), "usage-reader", _list, ANSWERS)
STOPPER = Recording(
    lambda: inspect.unwrap(test_waste_stop._rendered)(),
    "waste-stopper",
    _stop,
    {**test_waste_stop.ANSWERS, "sagemaker:DeleteApp": {}},
)


@pytest.mark.parametrize("known", [READER, STOPPER], ids=["reader", "stopper"])
def test_a_role_there_allows_what_is_called_and_nothing_else(known: Recording) -> None:
    """On the very resource where the call names one; botocore refuses what AWS does not know."""
    allowed, calls = known.allowed(), known.calls()
    for call in calls:
        for action, arn in call.needs:
            assert action in allowed, f"{call.operation} needs {action}"
            assert arn is None or any(each.fullmatch(arn) for each in allowed[action]), f"{action} on {arn}"
    assert known.chosen() == {action for call in calls for action, _ in call.needs}


def test_every_type_with_gpus_that_botocore_knows_says_how_many() -> None:
    """Of the families p and g, which alone have GPUs, in every list of instance types of SageMaker."""
    model = botocore.session.Session().get_service_model("sagemaker")
    types = {
        value
        for name in model.shape_names
        for value in getattr(model.shape_for(name), "enum", ())
        if re.match(r"ml\.[pg][a-z]*\d", value)
    }
    assert len(types) > 40
    assert {each for each in types if not gpus(each)} == set()
