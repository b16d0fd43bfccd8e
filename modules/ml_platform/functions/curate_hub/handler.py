"""Makes the private hub refer to the models of its list, and to no others.

The provider has no resource for a reference, nor has Cloud Control a type. So the list lies in this archive, and the
function brings the hub to it, by schedule: after a change of the list it may take until the next run. A run changes
what differs and nothing else, so that it can be repeated. What it cannot do it raises at the end, after all else.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from modules.ml_platform.functions.curate_hub.plan import MODELS, plan, public_arn

RETRYING = Config(retries={"mode": "standard", "total_max_attempts": 4}, connect_timeout=2, read_timeout=20)
_REFERENCE = "ModelReference"
_log = logging.getLogger(__name__)
_log.setLevel(logging.INFO)


class CurationError(Exception):
    """Some references could not be made or taken away."""


@cache
def _wanted() -> Sequence[str]:
    found: list[str] = json.loads((Path(__file__).parent / MODELS).read_text())
    return found


@cache
def _sagemaker() -> Any:
    return boto3.client("sagemaker", config=RETRYING)


def _there(sagemaker: Any, hub: str) -> Iterator[str]:
    request = {"HubName": hub, "HubContentType": _REFERENCE}
    while True:
        answer = sagemaker.list_hub_contents(**request)
        yield from (summary["HubContentName"] for summary in answer["HubContentSummaries"])
        if "NextToken" not in answer:
            return
        request["NextToken"] = answer["NextToken"]


def handle(event: object, context: object) -> None:
    """What Lambda calls; the event says nothing. Raises CurationError, which names each model that failed."""
    curate(_sagemaker(), os.environ["HUB_NAME"], os.environ["PARTITION"], os.environ["AWS_REGION"], _wanted())


def curate(sagemaker: Any, hub: str, partition: str, region: str, wanted: Sequence[str]) -> None:
    """Bring `hub` to `wanted`. Raises CurationError, which names each model that failed."""
    todo, failed = plan(wanted, tuple(_there(sagemaker, hub))), []
    for model in (*todo.add, *todo.remove):
        added = model in todo.add
        try:
            if added:
                sagemaker.create_hub_content_reference(
                    HubName=hub, HubContentName=model, SageMakerPublicHubContentArn=public_arn(partition, region, model)
                )
            else:
                sagemaker.delete_hub_content_reference(HubName=hub, HubContentType=_REFERENCE, HubContentName=model)
        except ClientError as error:
            failed.append(f"{model} could not be {'added' if added else 'removed'}: {error}")
        else:
            _log.info(json.dumps({"hub": hub, "model": model, "added": added}))
    if failed:
        raise CurationError("; ".join(failed))
