"""The calls of the function that promotes models."""

from __future__ import annotations

import inspect
from typing import Any

from tests.modules.test_model_promotion import platform_image
from tests.modules.test_promotion_stack import _promotion
from tests.support.promotions import World, event, uri, work
from tests.support.recording import QUEUE, Recording
from tests.support.rendering import Rendered

WORLD = World()


def _rendered() -> Rendered:
    found: Rendered = inspect.unwrap(_promotion)()
    return found


def _run() -> None:
    """An image of the platform, a folder, a file in parts and small ones; once more; one that is refused, one later."""
    WORLD.reset()
    WORLD.worker = work(WORLD)
    platform_image(WORLD, {"sha256:" + "1" * 64: b"config"})
    container: dict[str, Any] = WORLD.versions[next(iter(WORLD.versions))]["InferenceSpecification"]["Containers"][0]
    container["ModelDataSource"] = {
        "S3DataSource": {"S3Uri": uri("llm/"), "S3DataType": "S3Prefix", "CompressionType": "None"}
    }
    WORLD.put("llm/weights", b"x", 6 * 1024**3)
    assert WORLD.deliver(event(), event(), "nonsense") == []
    WORLD.table.clear()
    assert WORLD.deliver(event()) == []
    assert len(WORLD.copies) == 1
    assert WORLD.deliver('{"source": "aws.events"}') == []
    WORLD.table[next(iter(WORLD.versions))] = {"expires_at": {"N": str(WORLD.now + 1)}}
    assert WORLD.deliver(event()) == ["0"]
    WORLD.reset()
    container = WORLD.versions[next(iter(WORLD.versions))]["InferenceSpecification"]["Containers"][0]
    container["ModelDataUrl"] = "s3://elsewhere/x"
    WORLD.deliver(event())  # refused, and the claim is given back


RECORDING = Recording(
    _rendered,
    "model-sync",
    _run,
    WORLD,  # type: ignore[arg-type]  # a mapping in all that is asked of it
    {
        **QUEUE,
        "kms:Decrypt": "S3 decrypts what is copied, and joins parts",
        "kms:GenerateDataKey": "S3 encrypts the copies with the registry's key",
    },
)
