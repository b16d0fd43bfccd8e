"""Steps, stages, workflows and hooks: what Atlantis runs. Our reading of server/core/config/raw of Atlantis 0.47."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, RootModel, StringConstraints


class Keys(BaseModel):
    """A mapping of Atlantis's YAML: an unknown key rejects the whole file, and so does a wrong type."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


BUILT_IN = frozenset({"init", "plan", "show", "policy_check", "apply", "import", "state_rm"})
_RUN_KEYS = frozenset({"command", "output", "regex_filter", "shell", "shellArgs"})
_OUTPUTS = frozenset(
    {"show", "hide", "strip_refreshing", "filter_regex", "custom_regex", "strip_refreshing_with_custom_regex"}
)
NonEmpty = Annotated[str, StringConstraints(min_length=1)]


def _step(step: str | dict[str, Any]) -> str | dict[str, Any]:
    """`step` itself; raises ValueError when Atlantis would not run it, or not as it reads."""
    if isinstance(step, str):
        if step not in BUILT_IN:
            raise ValueError(f"{step!r} is no built-in step ({', '.join(sorted(BUILT_IN))}); is `run:` missing?")
        return step
    if len(step) != 1:
        raise ValueError(f"a step has one key, and this one has {', '.join(sorted(step)) or 'none'}")
    [(name, value)] = step.items()
    if name == "run":
        _run(value)
    elif name in ("env", "multienv"):
        _env(name, value)
    elif name in BUILT_IN:
        arguments = value.get("extra_args") if isinstance(value, dict) else None
        if not isinstance(value, dict) or set(value) != {"extra_args"} or not _texts(arguments):
            raise ValueError(f"the built-in step {name} takes `extra_args`, a list of texts, and nothing else")
    else:
        raise ValueError(f"{name!r} is no step")
    return step


def _run(value: object) -> None:
    if isinstance(value, str) and value.strip():
        return
    if not isinstance(value, dict) or not isinstance(value.get("command"), str):
        raise ValueError("a run step is a command, or has the key `command`")
    if extra := sorted(value.keys() - _RUN_KEYS):
        raise ValueError(f"a run step has no key {', '.join(extra)}")
    if (output := value.get("output", "show")) not in _OUTPUTS:
        raise ValueError(f"`output` of a run step is one of {', '.join(sorted(_OUTPUTS))}, not {output!r}")


def _env(name: str, value: object) -> None:
    if name == "multienv" and isinstance(value, str):
        return
    if not isinstance(value, dict) or not isinstance(value.get("name"), str):
        raise ValueError("an env step has a `name`")
    if len(given := value.keys() - {"name"}) != 1 or not given <= {"command", "value"}:
        raise ValueError("an env step has either `value` or `command` beside its `name`")


def _texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


class Step(RootModel[Annotated[str | dict[str, Any], AfterValidator(_step)]]):
    """One step: the name of a built-in one, or one key with its arguments."""

    model_config = ConfigDict(frozen=True, strict=True)

    @property
    def name(self) -> str:
        return self.root if isinstance(self.root, str) else next(iter(self.root))

    @property
    def command(self) -> str:
        """What a run step runs; empty for other steps."""
        if isinstance(self.root, str) or self.name != "run":
            return ""
        value = self.root["run"]
        return str(value["command"] if isinstance(value, dict) else value)

    @property
    def variable(self) -> tuple[str, str]:
        """Name and value of an env step; empty for other steps."""
        if isinstance(self.root, str) or self.name != "env":
            return ("", "")
        return (str(self.root["env"]["name"]), str(self.root["env"].get("value", "")))


class Stage(Keys):
    """What runs for one command."""

    steps: list[Step] | None = None


class Workflow(Keys):
    """What runs for each command; what is not said is Atlantis's own."""

    plan: Stage | None = None
    policy_check: Stage | None = None
    apply: Stage | None = None
    import_: Stage | None = None
    state_rm: Stage | None = None

    model_config = ConfigDict(alias_generator=lambda name: name.rstrip("_"))  # import is a word of Python's


class Hook(Keys):
    """A command before or after the workflows; its failure counts with --fail-on-pre-workflow-hook-error alone."""

    run: NonEmpty
    description: str | None = None
    shell: str | None = None
    shellArgs: str | None = None
    commands: str | None = None


def regex(text: str) -> str:
    """`text`, a regular expression between slashes; raises ValueError when it is none."""
    if len(text) < 2 or not (text.startswith("/") and text.endswith("/")):
        raise ValueError("must be a regular expression between slashes, such as /^main$/")
    try:
        re.compile(text[1:-1])  # Go's RE2 knows less than Python; what we write stays within both
    except re.error as error:
        raise ValueError(f"is no regular expression: {error}") from error
    return text


Regex = Annotated[str, AfterValidator(regex)]
