"""Who breaks a separation of duties, with the path on which they do: chain, statements, stacks, files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from policies.access.chains import Chains, Path, shown
from policies.access.decide import Outcome, Way, account_of
from policies.access.duties import Duty, Exemption, Power
from policies.access.inquiry import Inquiry, facts
from policies.access.model import Access, Principal, Target
from policies.access.rules import Rule, Source
from policies.record import Frozen


@dataclass(frozen=True, slots=True)
class Held:
    """A power that somebody holds: as whom, reached on which chain, by which request and which statements."""

    power: Power
    path: Path
    request: str
    rules: tuple[Rule, ...]

    def __str__(self) -> str:
        told = "; ".join(_told(rule) for rule in self.rules)
        return f"{self.power.does} as {shown(self.path)}" + (
            f" ({self.request} by {told})" if told else f" ({self.request})"
        )


@dataclass(frozen=True, slots=True)
class Breach:
    """A duty that `whom`, a group or role, breaks."""

    duty: Duty
    whom: str
    first: Held
    second: Held | None

    @property
    def source(self) -> Source:
        """Where to look first: the first statement that is the stacks' own, or the principal."""
        own = [rule.source for rule in self.first.rules if rule.source.stack]
        return own[0] if own else self.first.path[-1].principal.source

    def __str__(self) -> str:
        both = f"{self.first}" + (f", and {self.second}" if self.second else "")
        return (
            f"{self.duty.says}: {self.whom} {both}. Take it away, or exempt {self.whom} from {self.duty.id} in "
            "policies/access/duties.yaml with the reason"
        )


class DutyState(Frozen):
    """A duty with those who break it, as text, and those who are exempt."""

    id: str
    says: str
    control: str
    breaches: tuple[str, ...]
    exempt: tuple[Exemption, ...]


def states(access: Access, duties: Iterable[Duty]) -> tuple[DutyState, ...]:
    """What became of each duty, in their order."""
    judgement = Judgement(access)
    return tuple(
        DutyState(
            id=duty.id,
            says=duty.says,
            control=duty.control,
            breaches=tuple(str(breach) for breach in judgement.breaches([duty])),
            exempt=tuple(duty.exempt),
        )
        for duty in duties
    )


class Judgement:
    """The duties of one synthesis."""

    def __init__(self, access: Access) -> None:
        self._access = access
        self._chains = Chains(access)
        self._inquiries: dict[tuple[object, ...], Inquiry] = {}
        self._known: dict[tuple[int, str], tuple[str, tuple[Rule, ...]] | None] = {}
        self._powers: list[Power] = []  # what is known of one counts as long as it is this very one

    def breaches(self, duties: Iterable[Duty]) -> Iterator[Breach]:
        """Every breach, in the order of duties and names."""
        for duty in duties:
            for whom, paths in self._subjects(duty):
                if duty.spares(whom):
                    continue
                first = self._held(duty.first, paths)
                second = self._held(duty.second, paths) if first and duty.second else None
                if first and (second or not duty.second):
                    yield Breach(duty, whom, first, second)

    def _subjects(self, duty: Duty) -> Iterator[tuple[str, Mapping[str, Path]]]:
        yield from self._groups
        if duty.whom == "everyone":
            yield from self._entries

    @cached_property
    def _groups(self) -> list[tuple[str, Mapping[str, Path]]]:
        """Every group with all that its people can be."""
        found: dict[str, dict[str, Path]] = {}
        for principal in self._access.principals:
            for group in principal.groups:
                reached = found.setdefault(group, {})
                for name, path in self._chains.paths(principal).items():
                    if name not in reached or len(path) < len(reached[name]):
                        reached[name] = path
        return sorted(found.items())

    @cached_property
    def _entries(self) -> list[tuple[str, Mapping[str, Path]]]:
        """Every user, and every role that is entered from outside: what only our own can become counts for them."""
        become = {name for one in self._access.principals for name in self._chains.paths(one) if name != one.name}
        entered = [
            one
            for one in self._access.principals
            if one.kind == "user" or (one.kind == "role" and (one.name not in become or self._entered(one)))
        ]
        return [(one.name, self._chains.paths(one)) for one in entered]

    def _entered(self, role: Principal) -> bool:
        """Whether its trust names a service, an identity provider, or somebody of another organisation."""
        accounts = self._access.synthesis.accounts
        given = [rule.principals or {} for rule in (role.trust.rules if role.trust else ()) if rule.allows]
        strangers = [
            one for named in given for one in named.get("AWS", ()) if not {one, account_of(one)} & set(accounts)
        ]
        return bool(strangers) or any(set(named) - {"AWS"} for named in given)

    def _held(self, power: Power, paths: Mapping[str, Path]) -> Held | None:
        """The power as the first of those that can be reached holds it, the shortest path first."""
        for path in sorted(paths.values(), key=lambda path: (len(path), path[-1].principal.name)):
            found = self._holds(power, path[-1].principal)
            if found is not None:
                return Held(power, path, *found)
        return None

    def _holds(self, power: Power, principal: Principal) -> tuple[str, tuple[Rule, ...]] | None:
        key = (id(power), principal.name)
        if key not in self._known:
            self._powers.append(power)
            self._known[key] = self._asked(power, principal)
        return self._known[key]

    def _asked(self, power: Power, principal: Principal) -> tuple[str, tuple[Rule, ...]] | None:
        if power.under:
            bound = next((rule for document in principal.guardrails for rule in document.rules), None)
            return (f"account {principal.account}", (bound,)) if bound else None
        for action, pattern in power.requests():
            resource = self._filled(pattern, principal)
            if resource is not None:
                for on, way in self._ways(power, action, resource, principal):
                    return f"{action} on {on}", way.rules
        return None

    def _ways(self, power: Power, action: str, resource: str, principal: Principal) -> Iterator[tuple[str, Way]]:
        key = (id(power), action, resource)
        if key not in self._inquiries:
            accounts = power.accounts.names(self._access.synthesis.accounts) if power.accounts else None
            self._inquiries[key] = Inquiry(self._access, action.lower(), resource, facts(power.when), accounts)
        for on, decision in self._inquiries[key].decisions(principal):
            if decision.outcome is not Outcome.DENIED:
                yield on.name if isinstance(on, Target) else on, decision.ways[0]

    def _filled(self, pattern: str, principal: Principal) -> str | None:
        """The pattern with what it names of organisation and principal; None where the principal has no such thing."""
        own = {
            "{organization}": self._access.synthesis.organization["name"],
            "{partition}": self._access.synthesis.organization["partition"],
            "{boundary}": principal.boundary_arn,
            "{role}": principal.arn if principal.boundary_arn else "",
        }
        for name, value in own.items():
            if name in pattern and not value:
                return None
            pattern = pattern.replace(name, value)
        return pattern


def _told(rule: Rule) -> str:
    name = f"{rule.document} {rule.sid}".strip()
    return f"{name}, {rule.source.path or rule.source.address} in {rule.source.file}" if rule.source.stack else name
