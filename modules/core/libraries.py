"""Libraries that functions ship beside their own sources, since Lambda's runtime has none of them (ADR 35)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import metadata

from modules.core.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Library:
    """The Python sources of an installed distribution that begin with one of `parts`, and its licence.

    `version` is the one that was reviewed: bytes of another never reach AWS. pyproject.toml asks for the same.
    """

    distribution: str
    version: str
    parts: tuple[str, ...]

    def files(self) -> dict[str, bytes]:
        """By path in the archive. Raises ConfigError unless exactly this version is installed, with sources."""
        return dict(_files(self))


# Logger and Metrics, with what these import: tracing and jmespath_utils by name only, never run.
_PARTS = (
    "__init__.py",
    "exceptions/",
    "logging/",
    "metrics/",
    "package_logger.py",
    "shared/",
    "tracing/",
    "utilities/__init__.py",
    "utilities/jmespath_utils/",
    "warnings/",
)
POWERTOOLS = Library("aws-lambda-powertools", "3.37.0", tuple(f"aws_lambda_powertools/{part}" for part in _PARTS))
# What Powertools imports at once and Lambda's Python lacks; boto3 and jmespath it has.
TYPING_EXTENSIONS = Library("typing-extensions", "4.16.0", ("typing_extensions.py",))
TELEMETRY = (POWERTOOLS, TYPING_EXTENSIONS)


@cache
def _files(library: Library) -> tuple[tuple[str, bytes], ...]:
    remedy = f"install mlgov's locked dependencies (`make setup`), which hold {library.distribution} {library.version}"
    try:
        installed = metadata.distribution(library.distribution)
    except metadata.PackageNotFoundError:
        raise ConfigError(f"{library.distribution} is not installed, but functions ship it: {remedy}") from None
    if installed.version != library.version:
        raise ConfigError(
            f"{library.distribution} {installed.version} is installed, but functions ship {library.version}: {remedy}"
        )
    found = {
        path.as_posix(): path.read_binary()
        for path in installed.files or ()
        if path.name.startswith("LICENSE") or (path.suffix == ".py" and path.as_posix().startswith(library.parts))
    }
    if missing := [part for part in library.parts if not any(path.startswith(part) for path in found)]:
        raise ConfigError(f"{library.distribution} {library.version} lacks {', '.join(missing)}: {remedy}")
    return tuple(sorted(found.items()))
