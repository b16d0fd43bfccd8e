"""Containers of AWS, by the tables that the SDK brings: no network is asked."""

from __future__ import annotations

from sagemaker.core import image_uris


def monitor(region: str) -> str:
    """SageMaker Model Monitor's."""
    return str(image_uris.retrieve("model-monitor", region=region))


def clarify(region: str) -> str:
    """SageMaker Clarify's."""
    return str(image_uris.retrieve("clarify", region=region))
