"""Where a container image comes from, and whether it can change under its name."""

from __future__ import annotations

import re

from policies.document import EXPRESSION, Unprovable
from policies.expectation import Problem

# A private registry of an account, whose id another stack may tell; or a repository of this stack.
_REGISTRY = r"(?:\d{12}|\$\{[^}]+\})\.dkr\.ecr(?:-fips)?\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?/[a-z0-9._/-]+"
_REPOSITORY = r"\$\{aws_ecr_repository\.[\w-]+\.repository_url\}"
_FROM = re.compile(rf"(?:{_REGISTRY}|{_REPOSITORY})(?P<version>[:@].*)?")
_DIGEST = re.compile(r"@sha256:[0-9a-f]{64}")


def pinned(path: str, image: object) -> Problem:
    """The image stands in a private ECR registry and is named by its digest, which no later push can change.

    Raises Unprovable where an expression stands for repository or digest.
    """
    if image in (None, ""):
        return f"{path} is not set"
    found = _FROM.fullmatch(image) if isinstance(image, str) else None
    version = found["version"] or "" if found else ""
    if not isinstance(image, str) or EXPRESSION.search(version if found else image):
        raise Unprovable(path, image)
    if not found:
        return f"{path} is {image}, not in a private ECR registry"
    return None if _DIGEST.fullmatch(version) else f"{path} is {image}, not pinned by digest (@sha256:...)"
