"""Where a run goes: real AWS, or an emulator that must be the only thing the run can reach."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

Document = dict[str, Any]
Access = Literal["plan", "apply"]

# A user's variables that would change what our arguments and folders mean.
_TERRAFORM_NOISE = ("TF_CLI_ARGS", "TF_DATA_DIR", "TF_WORKSPACE", "TF_INPUT", "TF_VAR_access")


class RunningEmulator(Protocol):
    """What delivery needs of an emulator."""

    @property
    def endpoint(self) -> str: ...

    def environment(self) -> dict[str, str]: ...


# Terraform and the AWS provider spend much of a short run on collecting garbage. Measured on `terraform validate`:
# 2.3 s of processor time become 1.6 s, 630 MB become 643 MB. A GOGC of the caller's wins.
LESS_COLLECTION = {"GOGC": "400"}


@dataclass(frozen=True, slots=True)
class Target:
    """One destination of `plan`, `apply` and `destroy`.

    `name` is the folder below the working folder; `session` tells one emulator from the next, which knows nothing
    of what was done to the first;
    `override` gives the content of `mlgov_override.tf.json` for a stack, or is None when there is none.
    """

    name: Literal["aws", "emulated"]
    session: str = ""
    variables: Mapping[str, str] = field(default_factory=dict)
    override: Callable[[Document], Document] | None = None

    @property
    def emulated(self) -> bool:
        return self.name == "emulated"

    @classmethod
    def aws(cls) -> Target:
        """Real AWS, with the credentials of the environment."""
        return cls("aws")

    @classmethod
    def emulator(cls, emulator: RunningEmulator, override: Callable[[Document], Document]) -> Target:
        """A running emulator. `override` is `delivery.emulator.override`."""
        return cls("emulated", emulator.endpoint, emulator.environment(), override)

    def environment(self, *, access: Access) -> dict[str, str]:
        """The whole environment of a Terraform process.

        Guarantees that an emulated run sees none of the caller's AWS settings except the CA bundle, and that
        no variable of the caller changes Terraform's arguments, data folder or workspace.
        """
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(_TERRAFORM_NOISE)}
        if self.emulated:
            inherited = {
                name: value
                for name, value in inherited.items()
                if not name.startswith("AWS_") or name == "AWS_CA_BUNDLE"
            }
            inherited |= {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}
        return {
            **LESS_COLLECTION,
            **inherited,
            **self.variables,
            "TF_IN_AUTOMATION": "1",
            "TF_INPUT": "0",
            "CHECKPOINT_DISABLE": "1",
            "TF_VAR_access": access,
        }
