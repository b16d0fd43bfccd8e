"""The containers of a version, and what ECR's scans found in those of ours."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from botocore.exceptions import ClientError

from modules.ml_operations.passport.model import Demands, Finding, Image, Scan

_URI = re.compile(
    r"(?P<registry>[0-9]{12})\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?/(?P<repository>[a-z0-9._/-]+)"
    r"(?:[:@][A-Za-z0-9_.:-]+)?"
)
_UNSCANNED = ("ImageNotFoundException", "RepositoryNotFoundException", "ScanNotFoundException")


def images(ecr: Any, package: Mapping[str, Any], account_id: str, demands: Demands) -> tuple[Image, ...]:
    """Each container of the version. Only a registry of `account_id`, where the version is, is asked for its scan."""
    containers = package.get("InferenceSpecification", {}).get("Containers", ())
    return tuple(_image(ecr, each, account_id, demands) for each in containers)


def _image(ecr: Any, container: Mapping[str, Any], account_id: str, demands: Demands) -> Image:
    uri = container.get("Image", "")
    found = _URI.fullmatch(uri)
    digest = uri.partition("@")[2] or container.get("ImageDigest")
    registry = found["registry"] if found else ""
    scan = None
    if found and digest and registry == account_id:
        scan = _scan(ecr, registry, found["repository"], digest, demands)
    return Image(uri, registry, digest, scan)


def _scan(ecr: Any, registry: str, repository: str, digest: str, demands: Demands) -> Scan | None:
    status = ""
    counts: Mapping[str, int] = {}
    findings: dict[str, Finding] = {}
    pages = ecr.get_paginator("describe_image_scan_findings").paginate(
        registryId=registry, repositoryName=repository, imageId={"imageDigest": digest}
    )
    try:
        for page in pages:
            found = page.get("imageScanFindings", {})
            status = page["imageScanStatus"]["status"]
            counts = found.get("findingSeverityCounts", {})
            findings |= {finding.id: finding for finding in _findings(found) if finding.severity in demands.refuses}
    except ClientError as error:
        if error.response["Error"]["Code"] not in _UNSCANNED:
            raise
        return None
    return Scan(status, dict(sorted(counts.items())), tuple(findings[each] for each in sorted(findings)))


def _findings(found: Mapping[str, Any]) -> Iterator[Finding]:
    """Of Inspector's scans, and of ECR's own."""
    for each in found.get("enhancedFindings", ()):
        about = each.get("packageVulnerabilityDetails", {}).get("vulnerabilityId")
        yield Finding(about or each["findingArn"], each["severity"])
    for each in found.get("findings", ()):
        yield Finding(each["name"], each["severity"])
