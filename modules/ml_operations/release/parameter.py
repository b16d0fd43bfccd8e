"""The version parameter: what the stack `serving` runs, and which value of it was released last."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from modules.ml_operations.layout import NO_VERSION, ServedVersion
from modules.ml_operations.release.errors import ReleaseError

# The label on the value that was applied whole. A build may be killed half-way: the value alone does not tell.
RELEASED = "released"
NONE = ServedVersion(
    model_package_arn=NO_VERSION, version=NO_VERSION, files=NO_VERSION, passport=NO_VERSION, baselines=[], columns=[]
)


@dataclass(frozen=True, slots=True)
class VersionParameter:
    """The parameter `name`. `store` is a client of Systems Manager, as the deployment role."""

    store: Any
    name: str

    def released(self) -> ServedVersion:
        """The version that was released last; NONE when none was ever.

        Raises ReleaseError when there is no parameter, or it holds another JSON.
        """
        errors = self.store.exceptions
        try:
            self.store.get_parameter(Name=self.name)
        except errors.ParameterNotFound:
            raise ReleaseError(f"there is no parameter {self.name}: apply the stack `operations` first") from None
        try:
            text = self.store.get_parameter(Name=f"{self.name}:{RELEASED}")["Parameter"]["Value"]
        except (errors.ParameterVersionNotFound, errors.ParameterNotFound):
            return NONE  # no value has the label yet
        return _parsed(self.name, text)

    def put(self, version: ServedVersion) -> int:
        """Say that `version` is to be served; returns the parameter's own version, for `mark`."""
        text = json.dumps(version, separators=(",", ":"), sort_keys=True)
        put: int = self.store.put_parameter(Name=self.name, Value=text, Type="String", Overwrite=True)["Version"]
        return put

    def mark(self, put: int) -> None:
        """Say that the value with this version was applied whole."""
        self.store.label_parameter_version(Name=self.name, ParameterVersion=put, Labels=[RELEASED])


def _parsed(name: str, text: str) -> ServedVersion:
    try:
        found = json.loads(text)
        return ServedVersion(
            model_package_arn=found["model_package_arn"],
            version=found["version"],
            files=found["files"],
            passport=found["passport"],
            baselines=list(found["baselines"]),
            columns=list(found["columns"]),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise ReleaseError(f"the parameter {name} is not JSON of a served version ({error}): put it right") from error
