"""Whose each cost is, as AWS tells it in its console, in budgets and in exports."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import Any

from cdktf_cdktf_provider_aws.ce_cost_category import (
    CeCostCategory,
    CeCostCategoryRule,
    CeCostCategoryRuleRule,
    CeCostCategoryRuleRuleAnd,
    CeCostCategorySplitChargeRule,
    CeCostCategorySplitChargeRuleParameter,
)
from constructs import Construct

from modules.cost_reporting.allocation import LINE_OF_BUSINESS, PROJECT, Allocation, Level, Rule, Split

_EQUALS = ["EQUALS"]


class CostCategories(Construct):
    """A cost category for each level of `allocation` above the project, which its tag tells already.

    AWS shows split charges on the page of the category alone: exports and budgets hold each cost where it arose.

    Guarantees:
    - rules are those of the allocation, in its order, and ask for the levels before them by their categories;
    - what all share is split as the allocation says, and shares in per cent go to whom they are meant for.

    Controls: COST-07 (NIST 800-53 SA-2).
    """

    def __init__(self, scope: Construct, id_: str, *, allocation: Allocation) -> None:
        super().__init__(scope, id_)
        self.levels: dict[str, CeCostCategory] = {}
        for level in allocation.levels:
            if level.name == PROJECT or not level.rules:
                continue
            asked = {rule.within.level for rule in level.rules if rule.within}
            splits = allocation.splits if level.name == LINE_OF_BUSINESS else ()
            self.levels[level.name] = self._category(level, splits, [self.levels[name] for name in sorted(asked)])

    def _category(self, level: Level, splits: Sequence[Split], before: list[CeCostCategory]) -> CeCostCategory:
        return CeCostCategory(
            self,
            level.name,
            name=level.name,
            rule_version="CostCategoryExpression.v1",
            default_value=level.default,
            rule=[CeCostCategoryRule(value=rule.value, type="REGULAR", rule=_expression(rule)) for rule in level.rules],
            split_charge_rule=[_split(split) for split in splits],
            depends_on=before,
        )


def _expression(rule: Rule) -> CeCostCategoryRuleRule:
    parts: dict[str, Any] = {}
    if rule.accounts:
        parts["dimension"] = {"key": "LINKED_ACCOUNT", "values": list(rule.accounts), "match_options": _EQUALS}
    if rule.tag:
        parts["tags"] = {"key": rule.tag.key, "values": list(rule.tag.values), "match_options": _EQUALS}
    if rule.within:
        within = {"key": rule.within.level, "values": list(rule.within.values), "match_options": _EQUALS}
        parts["cost_category"] = within
    if len(parts) == 1:
        return CeCostCategoryRuleRule(**parts)
    return CeCostCategoryRuleRule(and_=[CeCostCategoryRuleRuleAnd(**{kind: part}) for kind, part in parts.items()])


def _split(split: Split) -> CeCostCategorySplitChargeRule:
    targets = sorted(split.targets, key=_as_sent)
    shares = (
        CeCostCategorySplitChargeRuleParameter(
            type="ALLOCATION_PERCENTAGES", values=[str(split.percent[target]) for target in targets]
        )
        if split.method == "FIXED"
        else None
    )
    return CeCostCategorySplitChargeRule(
        source=split.source, targets=targets, method=split.method, parameter=[shares] if shares else None
    )


def _as_sent(target: str) -> str:
    """By what Terraform's provider sorts targets, which are a set to it: the text of the checksum of each.

    AWS matches shares to targets by their places. `tests/delivery/emulator/test_costs.py` sees what arrives.
    """
    return str(zlib.crc32(f"{target};".encode()))
