"""Pins a version's containers to digests, and copies those of the platform's own images into the central registry."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from modules.ml_operations.functions.promote_model.errors import RefusedError

_URI = re.compile(
    r"(?P<host>(?P<account>\d{12})\.dkr\.ecr\.(?P<region>[a-z0-9-]+)\.amazonaws\.com(?:\.cn)?)"
    r"/(?P<repository>[a-z0-9._/-]+?)(?::(?P<tag>[A-Za-z0-9._-]+))?(?:@(?P<digest>sha256:[0-9a-f]{64}))?"
)
_INDEXES = ("application/vnd.oci.image.index.v1+json", "application/vnd.docker.distribution.manifest.list.v2+json")
_MANIFESTS = ("application/vnd.oci.image.manifest.v1+json", "application/vnd.docker.distribution.manifest.v2+json")
MIB = 1024**2
_THERE = ("ImageAlreadyExistsException", "ImageTagAlreadyExistsException")


@dataclass(frozen=True, slots=True)
class _Image:
    registry: str
    repository: str


@dataclass(frozen=True, slots=True)
class Images:
    """Central images, of the account `here`, by its `client` of ECR; `fetch` gives a layer in parts, by its URL.

    `copied` are the registries of the platform from which images are copied: account -> what the names of repositories
    begin with there; `prefix` is the same here. Images of the accounts in `trusted`, AWS's own, stay where they are:
    all accounts pull them there.
    """

    client: Any
    fetch: Callable[[str, int], Iterator[bytes]]
    here: str
    prefix: str
    copied: Mapping[str, str]
    trusted: frozenset[str]
    most_bytes: int

    def promoted(self, uri: str, digest: str | None) -> str:
        """What the container of `uri` is pulled by in production. `digest` is what SageMaker resolved its tag to.

        Raises RefusedError for an image of a registry that production does not trust, that is missing, or too large.
        """
        found = _URI.fullmatch(uri)
        if found is None:
            raise RefusedError("image", f"{uri} is not an image in ECR")
        account, repository = found["account"], found["repository"]
        source = _Image(account, repository)
        if account not in self.trusted and account != self.here and account not in self.copied:
            raise RefusedError(
                "image",
                f"{uri} lies in the account {account}, whose images do not go to production: build it centrally",
            )
        pinned = found["digest"] or digest or self._digest(source, found["tag"] or "latest")
        if account == self.here and not self._there(source, pinned):
            raise RefusedError("image", f"{uri} is not there: push it again, or register the model with another")
        if account not in self.copied:
            return f"{found['host']}/{repository}@{pinned}"
        if not repository.startswith(self.copied[account]):
            raise RefusedError("image", f"{uri} is not one of the platform's images, {self.copied[account]}*")
        target = _Image(self.here, f"{self.prefix}{repository.removeprefix(self.copied[account])}")
        self._copy(source, target, pinned)
        return f"{found['host'].replace(account, self.here, 1)}/{target.repository}@{pinned}"

    def _digest(self, image: _Image, tag: str) -> str:
        return str(self._read(image, {"imageTag": tag})["imageId"]["imageDigest"])

    def _read(self, image: _Image, name: Mapping[str, str]) -> dict[str, Any]:
        answer = self.client.batch_get_image(
            registryId=image.registry,
            repositoryName=image.repository,
            imageIds=[dict(name)],
            acceptedMediaTypes=[*_INDEXES, *_MANIFESTS],
        )
        if not answer["images"]:
            why = ", ".join(str(each.get("failureReason")) for each in answer.get("failures", ()))
            raise RefusedError("image", f"{image.repository} in {image.registry} has no {name}: {why}")
        found: dict[str, Any] = answer["images"][0]
        return found

    def _copy(self, source: _Image, target: _Image, digest: str) -> None:
        if self._there(target, digest):
            return
        image = self._read(source, {"imageDigest": digest})
        manifest, kind = json.loads(image["imageManifest"]), image["imageManifestMediaType"]
        if kind in _INDEXES:
            for each in manifest["manifests"]:
                self._copy(source, target, each["digest"])
        else:
            layers = [manifest["config"], *manifest["layers"]]
            size = sum(each["size"] for each in layers)
            if size > self.most_bytes:
                raise RefusedError(
                    "image",
                    f"{source.repository}@{digest} has {size / MIB:.0f} MiB, and {self.most_bytes / MIB:.0f} are "
                    "copied at most: raise ml_operations.promotion.largest_image_gib, or make it smaller",
                )
            for layer in dict.fromkeys(each["digest"] for each in layers):
                self._copy_layer(source, target, layer)
        self._put(target, digest, image["imageManifest"], kind)

    def _there(self, image: _Image, digest: str) -> bool:
        found = self.client.batch_get_image(
            registryId=image.registry, repositoryName=image.repository, imageIds=[{"imageDigest": digest}]
        )
        return bool(found["images"])

    def _copy_layer(self, source: _Image, target: _Image, digest: str) -> None:
        place = {"registryId": target.registry, "repositoryName": target.repository}
        layers = self.client.batch_check_layer_availability(**place, layerDigests=[digest])["layers"]
        if any(each["layerAvailability"] == "AVAILABLE" for each in layers):
            return
        url = self.client.get_download_url_for_layer(
            registryId=source.registry, repositoryName=source.repository, layerDigest=digest
        )["downloadUrl"]
        upload = self.client.initiate_layer_upload(**place)
        first = 0
        for part in self.fetch(url, upload["partSize"]):
            self.client.upload_layer_part(
                **place,
                uploadId=upload["uploadId"],
                partFirstByte=first,
                partLastByte=first + len(part) - 1,
                layerPartBlob=part,
            )
            first += len(part)
        try:
            # ECR compares the bytes with the digest.
            self.client.complete_layer_upload(**place, uploadId=upload["uploadId"], layerDigests=[digest])
        except ClientError as error:
            if error.response["Error"]["Code"] != "LayerAlreadyExistsException":
                raise

    def _put(self, target: _Image, digest: str, manifest: str, kind: str) -> None:
        """With a tag, as images without one go after some days; it says what the image is, and so never changes."""
        try:
            self.client.put_image(
                registryId=target.registry,
                repositoryName=target.repository,
                imageManifest=manifest,
                imageManifestMediaType=kind,
                imageDigest=digest,
                imageTag=digest.replace(":", "-"),
            )
        except ClientError as error:
            if error.response["Error"]["Code"] not in _THERE:
                raise
