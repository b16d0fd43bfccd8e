"""Values judged against shapes of the real service models."""

from __future__ import annotations

from typing import Any

import pytest
from moto.core.utils import get_service_model

from delivery.emulator.validation import faults


def judge(service: str, operation: str, **params: Any) -> list[str]:
    return list(faults(get_service_model(service).operation_model(operation).input_shape, params))


def test_a_valid_input_has_no_fault() -> None:
    """A nested input as Terraform sends it passes."""
    configuration = {"unusedAccess": {"unusedAccessAge": 90}}
    assert not judge(
        "accessanalyzer",
        "CreateAnalyzer",
        analyzerName="a",
        type="ACCOUNT",
        configuration=configuration,
        tags={"a": "b"},
    )


@pytest.mark.parametrize(
    ("service", "operation", "params", "said"),
    [
        ("accessanalyzer", "CreateAnalyzer", {"type": "ACCOUNT"}, "analyzerName is required"),
        ("accessanalyzer", "CreateAnalyzer", {"analyzerName": "a", "type": "OTHER"}, "'OTHER' is none of ACCOUNT"),
        ("accessanalyzer", "CreateAnalyzer", {"analyzerName": "1", "type": "ACCOUNT"}, "does not match"),
        ("accessanalyzer", "CreateAnalyzer", {"analyzerName": "a" * 256, "type": "ACCOUNT"}, "256 is more than 255"),
        ("accessanalyzer", "CreateAnalyzer", {"analyzerName": "a", "type": "ACCOUNT", "x": 1}, "x is unknown"),
        ("kms", "EnableKeyRotation", {"KeyId": "k", "RotationPeriodInDays": 89}, "89 is less than 90"),
        ("kms", "EnableKeyRotation", {"KeyId": "k", "RotationPeriodInDays": "99"}, "str is not a integer"),
        (
            "ec2",
            "EnableImageBlockPublicAccess",
            {"ImageBlockPublicAccessState": "x", "DryRun": 1},
            "int is not a boolean",
        ),
        (
            "s3",
            "PutBucketLifecycleConfiguration",
            {"Bucket": "b", "LifecycleConfiguration": {"Rules": [{"Status": "Enabled"}, {"Status": "on"}]}},
            "LifecycleConfiguration.Rules[1].Status: 'on' is none of",
        ),
    ],
)
def test_each_break_of_the_model_is_said_with_its_place(
    service: str, operation: str, params: dict[str, Any], said: str
) -> None:
    """Missing, unknown, mistyped, too long, too small and not listed: each is a fault that names the member."""
    assert any(said in fault for fault in judge(service, operation, **params)), judge(service, operation, **params)
