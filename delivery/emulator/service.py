"""What a file in `services/` is written with: a service, what it answers itself, and what it mends in moto."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from moto.core.exceptions import ServiceException
from moto.sts.models import sts_backends

from delivery.emulator.store import EVERYWHERE, Record, Store

Answer = dict[str, Any]


class AwsError(ServiceException):  # type: ignore[misc]  # moto is not type-checked
    """The error an AWS service answers with: its code from the service model, and a sentence."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code, message)


class PassToMoto(Exception):
    """Raised by an operation that concerns only some resources: moto answers for this one."""


@dataclass(frozen=True, slots=True)
class Call:
    """One validated request: who asks, where, what, and the store to answer from."""

    service: str
    operation: str
    account: str
    region: str
    params: dict[str, Any]
    store: Store
    access_key: str
    endpoint: str

    def table(self, noun: str) -> dict[str, Record]:
        """The caller's records of this kind in this region."""
        return self.store.table(self.account, self.region, self.service, noun)

    @property
    def caller(self) -> tuple[str, str]:
        """The id and the ARN of who asks: a session of the role that was assumed, or a user."""
        sts = sts_backends[self.account]["aws"]
        session = sts.get_assumed_role_from_access_key(self.access_key)
        if session is None:
            principal, arn, _ = sts.get_caller_identity(self.access_key, self.region)
            return principal, arn
        # All sessions of a role have its id; moto makes one up for each.
        role = hashlib.sha256(session.role_arn.encode()).hexdigest()[:17].upper()
        return f"AROA{role}:{session.session_name}", session.arn

    def global_table(self, noun: str) -> dict[str, Record]:
        """The caller's records of this kind, for services without regions."""
        return self.store.table(self.account, EVERYWHERE, self.service, noun)


Operation = Callable[[Call], Answer]
Mend = Callable[[], None]


@dataclass(frozen=True)
class Service:
    """Where one AWS service goes beyond moto; `name` is its name in botocore.

    An operation answers in moto's place. A mend changes one of moto's own classes where moto answers otherwise
    than AWS, so that all that moto builds on the class stays right; one whose place is gone in another version of
    moto fails when the server starts. Prefer a mend where it is as short.
    """

    name: str
    operations: dict[str, Operation] = field(default_factory=dict)
    mends: list[Mend] = field(default_factory=list)

    def mend(self, function: Mend) -> Mend:
        """Register a function that is run once, before the first request."""
        self.mends.append(function)
        return function

    def operation(self, *names: str) -> Callable[[Operation], Operation]:
        """Register a function as the answer to the operations `names`."""

        def register(function: Operation) -> Operation:
            for name in names:
                if name in self.operations:
                    raise ValueError(f"{self.name}:{name} is emulated twice")
                self.operations[name] = function
            return function

        return register
