"""The calls of the function that asks an endpoint by the calendar."""

from __future__ import annotations

from tests.modules.test_endpoint_check import answers, deliver, place
from tests.support.recording import Recording
from tests.support.rendering import render

RECORDING = Recording(
    lambda: render(place),
    "serving--card-fraud--check",
    deliver,
    answers(),
    {"kms:Decrypt": "S3 decrypts the samples with the key of the bucket as the caller"},
)
