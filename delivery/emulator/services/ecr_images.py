"""ECR: images with their layers, which other accounts read where the repository's policy names them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any

from moto.ecr.models import Image, ecr_backends
from moto.s3.models import s3_backends

from delivery.emulator.service import Answer, AwsError, Call, PassToMoto, Service

SERVICE = Service("ecr")


@SERVICE.mend
def a_digest_is_of_the_manifest() -> None:
    """As all who pull by it compute it; moto makes one of the layers, and of an index one at random."""

    def _create_digest(self: Any) -> None:
        self._image_digest = f"sha256:{hashlib.sha256(self.image_manifest.encode()).hexdigest()}"

    Image._create_digest = _create_digest


def _bucket(call: Call, registry: str) -> str:
    """Where the layers of a registry lie, in S3, as on AWS."""
    return f"starport-layers-{call.region}-{registry}"


def _repository(call: Call) -> Any:
    """moto's repository; of another account if its policy, without its conditions, admits the caller."""
    registry, name = call.params.get("registryId", call.account), call.params["repositoryName"]
    found = ecr_backends[registry][call.region].repositories.get(name)
    if found is None:
        raise AwsError("RepositoryNotFoundException", f"there is no repository {name} in the registry {registry}")
    if registry != call.account and not _admits(json.loads(found.policy or '{"Statement": []}'), call):
        raise AwsError("AccessDeniedException", f"{name} of {registry} lets {call.account} do no {call.operation}")
    return found


def _admits(policy: Mapping[str, Any], call: Call) -> bool:
    for statement in policy["Statement"]:
        principal = statement["Principal"]
        named = principal["AWS"] if isinstance(principal, dict) else principal
        by_name = any(each in ("*", call.account) or f"::{call.account}:" in each for each in _listed(named))
        actions = _listed(statement["Action"])
        if statement["Effect"] == "Allow" and by_name and any(fnmatchcase(f"ecr:{call.operation}", a) for a in actions):
            return True
    return False


def _listed(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]


@SERVICE.operation("BatchGetImage")
def get_images(call: Call) -> Answer:
    """What is not there comes back as a failure."""
    repository, images, failures = _repository(call), [], []
    for wanted in call.params["imageIds"]:
        tag, digest = wanted.get("imageTag"), wanted.get("imageDigest")
        found = [
            each
            for each in repository.images
            if tag in (None, *each.image_tags) and digest in (None, each.get_image_digest())
        ]
        if not found:
            reason = {"failureCode": "ImageNotFound", "failureReason": "Requested image not found"}
            failures.append({"imageId": wanted, **reason})
        for each in found[:1]:
            name = {"imageDigest": each.get_image_digest(), **({"imageTag": tag} if tag else {})}
            images.append(
                {
                    "registryId": repository.registry_id,
                    "repositoryName": repository.name,
                    "imageId": name,
                    "imageManifest": each.image_manifest,
                    "imageManifestMediaType": each.image_manifest_media_type,
                }
            )
    return {"images": images, "failures": failures}


@SERVICE.operation("CompleteLayerUpload")
def keep_layer(call: Call) -> Answer:
    """The bytes are kept beside moto's note of them, and must have the digest that is said."""
    repository, given = _repository(call), call.params
    content = bytes(repository.uploads[given["uploadId"]].layer_parts)
    digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
    if given["layerDigests"] != [digest]:
        raise AwsError("InvalidLayerException", f"the layer has the digest {digest}")
    s3, bucket = s3_backends[call.account]["aws"], _bucket(call, call.account)
    if bucket not in s3.buckets:
        s3.create_bucket(bucket, region_name=call.region)
    s3.put_object(bucket, digest, content)
    raise PassToMoto


@SERVICE.operation("GetDownloadUrlForLayer")
def download(call: Call) -> Answer:
    repository, digest = _repository(call), call.params["layerDigest"]
    if digest not in repository.layers:
        raise AwsError("LayersNotFoundException", f"there is no layer {digest}")
    url = f"{call.endpoint}/{_bucket(call, repository.registry_id)}/{digest}?X-Amz-Signature=emulated"
    return {"downloadUrl": url, "layerDigest": digest}
