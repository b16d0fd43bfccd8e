"""The two kinds of policy written in Python, and how they judge.

`PlatformCheck` judges one resource and is a checkov check, so plain checkov runs it as well.
`StackCheck` judges a block in relation to its stack (provider, backend, companions); only the gate
runs it. Both name their control; objective, severity and remediation stand in the control catalogue.
Both fail closed: what cannot be proved at synthesis fails, and an exception is a fault of the gate.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from typing import Any, ClassVar, NamedTuple

from checkov.common.models.enums import CheckCategories, CheckResult
from checkov.terraform.checks.resource.base_resource_check import BaseResourceCheck

from policies.document import Conf, StackDocument, Unprovable


class Judgement(NamedTuple):
    """What a policy says of one subject. `result` is UNKNOWN where the policy does not apply."""

    result: CheckResult
    message: str = ""


PASSED = Judgement(CheckResult.PASSED)
NOT_APPLICABLE = Judgement(CheckResult.UNKNOWN)


def failed(message: str) -> Judgement:
    """The policy is not met; `message` says what is wrong, in the words of the resource."""
    return Judgement(CheckResult.FAILED, message)


def holds(*problems: str | None) -> Judgement:
    """Passed when there is no problem, else failed with all of them."""
    found = [problem for problem in problems if problem]
    return failed("; ".join(found)) if found else PASSED


class PlatformCheck(BaseResourceCheck):  # type: ignore[misc]  # checkov is untyped to mypy here
    """A policy over the attributes of one resource."""

    policy: ClassVar[str]
    title: ClassVar[str]
    control: ClassVar[str]
    resources: ClassVar[tuple[str, ...]]

    def __init__(self) -> None:
        super().__init__(
            name=self.title,
            id=self.policy,
            categories=[CheckCategories.GENERAL_SECURITY],
            supported_resources=self.resources,
        )

    @abstractmethod
    def judge(self, conf: Conf) -> Judgement:
        """Judge one resource. May raise Unprovable, which fails it."""

    def scan_resource_conf(self, conf: dict[str, list[Any]]) -> CheckResult:
        """checkov's entry: the judgement, with its message as the record's details."""
        try:
            judgement = self.judge(Conf(conf))
        except Unprovable as unprovable:
            judgement = failed(str(unprovable))
        self.details = [judgement.message] if judgement.message else []
        return judgement.result


class StackCheck(ABC):
    """A policy over blocks of one stack, each seen beside the rest of the stack."""

    policy: ClassVar[str]
    title: ClassVar[str]
    control: ClassVar[str]

    @abstractmethod
    def subjects(self, stack: StackDocument) -> Iterable[Conf]:
        """The blocks to judge."""

    @abstractmethod
    def judge(self, subject: Conf, stack: StackDocument) -> Judgement:
        """Judge one of them. May raise Unprovable, which fails it."""

    def run(self, stack: StackDocument) -> Iterator[tuple[str, Judgement]]:
        """Address and judgement of every subject."""
        for subject in self.subjects(stack):
            try:
                yield subject.address, self.judge(subject, stack)
            except Unprovable as unprovable:
                yield subject.address, failed(str(unprovable))
