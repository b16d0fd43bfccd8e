"""Images of the embedded AWS: their digests, their layers, and who reads them."""

from __future__ import annotations

import hashlib
import json
import urllib.request
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.delivery.emulator.conftest import Client

pytestmark = pytest.mark.e2e

OWNER, READER = "484848484848", "494949494949"
NAME = {"repositoryName": "acme/scoring"}
KIND = "application/vnd.oci.image.manifest.v1+json"
LAYER = b"a layer"
READS = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]


def _digest(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


@pytest.fixture(scope="module", name="manifest")
def _manifest(client: Client) -> str:
    """The manifest of an image of one layer in the owner's repository."""
    ecr: Any = client("ecr", OWNER)
    ecr.create_repository(**NAME)
    upload = ecr.initiate_layer_upload(**NAME)["uploadId"]
    part = {"partFirstByte": 0, "partLastByte": len(LAYER) - 1, "layerPartBlob": LAYER}
    ecr.upload_layer_part(**NAME, uploadId=upload, **part)
    with pytest.raises(ClientError, match="InvalidLayer"):
        ecr.complete_layer_upload(**NAME, uploadId=upload, layerDigests=[_digest(b"another")])
    ecr.complete_layer_upload(**NAME, uploadId=upload, layerDigests=[_digest(LAYER)])
    layer = {"mediaType": "application/octet-stream", "size": len(LAYER), "digest": _digest(LAYER)}
    manifest = json.dumps({"schemaVersion": 2, "mediaType": KIND, "config": layer, "layers": [layer]})
    made = ecr.put_image(**NAME, imageManifest=manifest, imageManifestMediaType=KIND, imageTag="1")
    assert made["image"]["imageId"]["imageDigest"] == _digest(manifest.encode())
    return manifest


def test_an_image_is_read_by_whom_its_repository_admits(manifest: str, client: Client) -> None:
    """Another account reads manifest and layers by digest or tag when the policy names it, and not before."""
    theirs, place = client("ecr", READER), {**NAME, "registryId": OWNER}
    asked: dict[str, Any] = {**place, "imageIds": [{"imageDigest": _digest(manifest.encode())}, {"imageTag": "2"}]}
    with pytest.raises(ClientError, match="lets 494949494949 do no BatchGetImage"):
        theirs.batch_get_image(**asked)
    principal = {"AWS": f"arn:aws:iam::{READER}:root"}
    statement = {"Sid": "Pull", "Effect": "Allow", "Principal": principal, "Action": READS}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    client("ecr", OWNER).set_repository_policy(**NAME, policyText=policy)
    found = theirs.batch_get_image(**asked)
    assert [each["imageManifest"] for each in found["images"]] == [manifest]
    assert [each["imageId"] for each in found["failures"]] == [{"imageTag": "2"}]
    url = theirs.get_download_url_for_layer(**place, layerDigest=_digest(LAYER))["downloadUrl"]
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url) as answer:
        assert answer.read() == LAYER
    with pytest.raises(ClientError, match="LayersNotFound"):
        theirs.get_download_url_for_layer(**place, layerDigest=_digest(b"another"))
