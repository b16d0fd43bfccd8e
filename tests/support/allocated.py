"""Whose a cost is by an allocation, told rule by rule: what cost categories and views must say, too."""

from __future__ import annotations

from collections.abc import Mapping

from modules.cost_reporting.allocation import Allocation, Rule


def owners(allocation: Allocation, account: str, tags: Mapping[str, str]) -> dict[str, str]:
    """The owner, at each level, of a cost that arises in `account` for a resource with `tags`."""
    found: dict[str, str] = {}
    for level in allocation.levels:
        matching = (rule.value for rule in level.rules if _matches(rule, account, tags, found))
        found[level.name] = next(matching, level.default)
    return found


def _matches(rule: Rule, account: str, tags: Mapping[str, str], found: Mapping[str, str]) -> bool:
    asked = (
        None if not rule.accounts else account in rule.accounts,
        None if rule.tag is None else tags.get(rule.tag.key) in rule.tag.values,
        None if rule.within is None else found[rule.within.level] in rule.within.values,
    )
    given = [answer for answer in asked if answer is not None]
    return bool(given) and all(given)
