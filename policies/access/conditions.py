"""Conditions of statements against what is known of a request: met, not met, or a matter of the request.

Facts are keys in lower case with their values; `()` says that the request does not have the key. A key that the facts
do not hold may have any value, unless they are `complete`. A value is a pattern: the role of a permission set ends in
digits that AWS makes up.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from ipaddress import ip_address, ip_network

from policies.access.glob import HOLE, NOTHING, literally, some
from policies.access.rules import Test

_VARIABLE = re.compile(r"\$\{([\w-]+:[^}]*)\}")


class Truth(Enum):
    """What can be said of a condition before the request is made."""

    TRUE = "true"
    FALSE = "false"
    MAYBE = "maybe"

    def __invert__(self) -> Truth:
        return {Truth.TRUE: Truth.FALSE, Truth.FALSE: Truth.TRUE}.get(self, Truth.MAYBE)


def both(found: Iterable[Truth]) -> Truth:
    """True when all are, false when one is false."""
    seen = set(found)
    return Truth.FALSE if Truth.FALSE in seen else Truth.MAYBE if Truth.MAYBE in seen else Truth.TRUE


def either(found: Iterable[Truth]) -> Truth:
    """True when one is, false when all are false."""
    return ~both(~one for one in found)


@dataclass(frozen=True)
class Facts:
    """What is known of requests; `complete` when they have no key but these."""

    values: Mapping[str, tuple[str, ...]]
    complete: bool = False

    def of(self, key: str) -> tuple[str, ...] | None:
        """The values of a key, whatever its case; None where they are not known."""
        found = self.values.get(key.lower())
        return () if found is None and self.complete else found

    def plus(self, more: Mapping[str, tuple[str, ...]]) -> Facts:
        """These facts and more, which outweigh."""
        return Facts({**self.values, **{key.lower(): value for key, value in more.items()}}, self.complete)

    def fill(self, text: str) -> str:
        """The text with IAM's variables filled in where one value is known; `${key, 'default'}` as IAM reads it."""

        def value(match: re.Match[str]) -> str:
            key, _, default = match[1].partition(",")
            known = self.of(key.strip())
            if known == ():
                # Without the key and a default IAM takes the statement as not matching.
                return literally(default.strip().strip("'")) if default else NOTHING
            return known[0] if known is not None and len(known) == 1 else match[0]

        return _VARIABLE.sub(value, text) if "${" in text else text


def holds(test: Test, facts: Facts) -> Truth:
    """Whether the test is met. An operator that is not known here may hold or not."""
    operator = test.operator.lower()
    quantifier, _, operator = operator.rpartition(":")
    optional = operator.endswith("ifexists")
    operator = operator.removesuffix("ifexists")
    given = facts.of(test.key)
    wanted = [facts.fill(value) for value in test.values]
    if operator == "null":
        return Truth.MAYBE if given is None else _truth((given == ()) == (wanted == ["true"]))
    compare = _OPERATORS.get(operator)
    if given is None or compare is None:
        return Truth.MAYBE
    negated = "not" in operator
    if given == ():
        return _truth(optional or quantifier == "forallvalues" or (negated and quantifier != "foranyvalue"))
    each = [compare(value, wanted) for value in given]
    each = [~one for one in each] if negated else each
    all_of_them = quantifier == "forallvalues" or (negated and not quantifier)
    return both(each) if all_of_them else either(each)


def implies(given: Test, wanted: Test) -> bool:
    """Whether a request that meets `given` surely meets `wanted`: the same test, a narrower one, or mere presence."""
    if given.key.lower() != wanted.key.lower():
        return False
    operator, other = given.operator.lower(), wanted.operator.lower()
    if (operator, given.values) == (other, wanted.values):
        return True
    positive = operator in {"stringequals", "stringlike", "arnlike", "arnequals", "bool"}
    if positive and other == "null" and wanted.values == ("false",):
        return True
    return positive and other in _ACCEPTING.get(operator, ()) and all(value in wanted.values for value in given.values)


_ACCEPTING = {
    "stringequals": ("stringequals", "stringlike", "stringequalsifexists", "stringlikeifexists"),
    "stringlike": ("stringlike", "stringlikeifexists"),
    "arnlike": ("arnlike", "arnequals", "arnlikeifexists", "arnequalsifexists"),
    "arnequals": ("arnlike", "arnequals", "arnlikeifexists", "arnequalsifexists"),
    "bool": ("bool", "boolifexists"),
}

_Compare = Callable[[str, list[str]], Truth]


def _truth(value: bool) -> Truth:
    return Truth.TRUE if value else Truth.FALSE


def _patterns(value: str, wanted: list[str]) -> Truth:
    """Whether the value, a pattern itself, lies within the wanted patterns."""
    if not some(frozenset((value,)), frozenset(wanted)):
        return Truth.TRUE
    return Truth.MAYBE if any(some(frozenset((value, one))) for one in wanted) else Truth.FALSE


def _exactly(value: str, wanted: list[str]) -> Truth:
    return _patterns(value, [literally(one) for one in wanted])


def _any_case(value: str, wanted: list[str]) -> Truth:
    return _exactly(_lower(value), [_lower(one) for one in wanted])


def _lower(text: str) -> str:
    return "".join(part if HOLE.fullmatch(part) else part.lower() for part in re.split(r"(\$\{[^}]*\})", text))


def _number(compare: Callable[[float, float], bool]) -> _Compare:
    def judge(value: str, wanted: list[str]) -> Truth:
        try:
            return _truth(any(compare(float(value), float(one)) for one in wanted))
        except ValueError:
            return Truth.MAYBE

    return judge


def _moment(compare: Callable[[str, str], bool]) -> _Compare:
    """ISO 8601 in UTC sorts as text. Other notations may hold or not."""

    def judge(value: str, wanted: list[str]) -> Truth:
        if any(not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", one) for one in (value, *wanted)):
            return Truth.MAYBE
        return _truth(any(compare(value, one) for one in wanted))

    return judge


def _address(value: str, wanted: list[str]) -> Truth:
    try:
        return _truth(any(ip_address(value) in ip_network(one, strict=False) for one in wanted))
    except ValueError:
        return Truth.MAYBE


_POSITIVE: Mapping[str, _Compare] = {
    "stringequals": _exactly,
    "stringequalsignorecase": _any_case,
    "stringlike": _patterns,
    "arnequals": _patterns,
    "arnlike": _patterns,
    "bool": _any_case,
    "binaryequals": _exactly,
    "ipaddress": _address,
    "numericequals": _number(lambda value, one: value == one),
    "numericlessthan": _number(lambda value, one: value < one),
    "numericlessthanequals": _number(lambda value, one: value <= one),
    "numericgreaterthan": _number(lambda value, one: value > one),
    "numericgreaterthanequals": _number(lambda value, one: value >= one),
    "dateequals": _moment(lambda value, one: value == one),
    "datelessthan": _moment(lambda value, one: value < one),
    "datelessthanequals": _moment(lambda value, one: value <= one),
    "dategreaterthan": _moment(lambda value, one: value > one),
    "dategreaterthanequals": _moment(lambda value, one: value >= one),
}
# A negated operator compares as its positive one, and is turned round where the values are counted.
_OPERATORS: Mapping[str, _Compare] = {
    **_POSITIVE,
    "stringnotequals": _exactly,
    "stringnotequalsignorecase": _any_case,
    "stringnotlike": _patterns,
    "arnnotequals": _patterns,
    "arnnotlike": _patterns,
    "notipaddress": _address,
    "numericnotequals": _POSITIVE["numericequals"],
    "datenotequals": _POSITIVE["dateequals"],
}
