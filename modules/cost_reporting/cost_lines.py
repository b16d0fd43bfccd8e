"""Lines of the bill in one form, whichever export they come from: SQL of Athena. No cdktf here.

Two amounts of each line are exact decimals, so that sums do not depend on their order:

- `billed_cost` is what the invoice asks for. What a Savings Plan covers costs nothing here, as its fee is a line of its
  own; CUR 2.0 shows it at its on-demand price and takes that back in lines that belong to nobody.
- `amortized_cost` is what was used: of the fees of Savings Plans and reservations each line bears its part, and what
  nobody used stays with the fee.

https://docs.aws.amazon.com/cur/latest/userguide/table-dictionary-cur2.html
https://docs.aws.amazon.com/cur/latest/userguide/table-dictionary-focus-1-0-aws.html
"""

from __future__ import annotations

from collections.abc import Mapping

from modules.cost_reporting.allocation import DOMAIN_TAG, PRODUCT_TAG, PROJECT_TAG, TEAM_TAG
from modules.cost_reporting.cost_tags import SAGEMAKER_KEYS, SAGEMAKER_USER, exported

MONEY = "decimal(28,12)"
# Column -> the key of the tag of which it holds the value.
TAGS: Mapping[str, str] = {
    "tag_team": TEAM_TAG,
    "tag_data_domain": DOMAIN_TAG,
    "tag_product": PRODUCT_TAG,
    "tag_project": PROJECT_TAG,
    "tag_user": SAGEMAKER_USER,
}
# Column -> its type, of every line.
LINE: Mapping[str, str] = {
    "billing_period": "string",
    "usage_date": "date",
    "account_id": "string",
    "account_name": "string",
    "charge_type": "string",
    "service": "string",
    "region": "string",
    "usage_type": "string",
    "resource_id": "string",
    **dict.fromkeys(TAGS, "string"),
    "billed_cost": MONEY,
    "amortized_cost": MONEY,
}
_OWN = ("billing_period", "usage_date", "billed_cost", "amortized_cost")


def cur_lines(table: str) -> str:
    """Lines of CUR 2.0. The cost of a container is moved to it from the instance on which it ran.

    A row of split cost carries an amount that its instance's rows carry, too: it is taken from the instance in a row of
    its own, so that the sum stays that of the bill.
    https://docs.aws.amazon.com/cur/latest/userguide/split-cost-allocation-data.html
    """
    attributes = [name for name in LINE if name not in _OWN]
    split = _money("COALESCE(split_line_item_split_cost, 0) + COALESCE(split_line_item_unused_cost, 0)")
    # All of the instance, or of the container where the export lacks its instance: never some of each.
    parent = ",\n       ".join(
        f"CASE WHEN parents.resource_id IS NULL THEN split.{name} ELSE parents.{name} END AS {name}"
        for name in attributes
    )
    return f"""WITH export AS (
SELECT billing_period,
       CAST(line_item_usage_start_date AS date) AS usage_date,
       line_item_usage_account_id AS account_id,
       line_item_usage_account_name AS account_name,
       line_item_line_item_type AS charge_type,
       line_item_product_code AS service,
       NULLIF(product_region_code, '') AS region,
       line_item_usage_type AS usage_type,
       NULLIF(line_item_resource_id, '') AS resource_id,
       {_tags("resource_tags")},
       NULLIF(split_line_item_parent_resource_id, '') AS parent_id,
       {split} AS split_cost,
       identity_line_item_id AS line_id,
       {_money(_CUR_BILLED)} AS billed_cost,
       {_money(_CUR_AMORTIZED)} AS amortized_cost
FROM {table}
), split AS (
SELECT * FROM export WHERE parent_id IS NOT NULL
), parents AS (
SELECT *,
       row_number() OVER (PARTITION BY billing_period, resource_id ORDER BY usage_date, line_id) AS nth
FROM export
WHERE parent_id IS NULL AND resource_id IN (SELECT parent_id FROM split)
)
SELECT {", ".join(LINE)}
FROM export
WHERE parent_id IS NULL
UNION ALL
SELECT billing_period, usage_date, {", ".join(attributes)}, split_cost, split_cost
FROM split
UNION ALL
SELECT split.billing_period,
       split.usage_date,
       {parent},
       -split.split_cost,
       -split.split_cost
FROM split
LEFT JOIN parents ON parents.billing_period = split.billing_period AND parents.resource_id = split.parent_id
     AND parents.nth = 1"""


def focus_lines(table: str) -> str:
    """Lines of FOCUS 1.0, which splits no instance among its containers."""
    return f"""SELECT billing_period,
       CAST(chargeperiodstart AS date) AS usage_date,
       subaccountid AS account_id,
       subaccountname AS account_name,
       chargecategory AS charge_type,
       x_servicecode AS service,
       NULLIF(regionid, '') AS region,
       x_usagetype AS usage_type,
       NULLIF(resourceid, '') AS resource_id,
       {_tags("tags")},
       {_money("billedcost")} AS billed_cost,
       {_money("effectivecost")} AS amortized_cost
FROM {table}"""


_CUR_BILLED = """CASE WHEN line_item_line_item_type IN ('SavingsPlanCoveredUsage', 'SavingsPlanNegation') THEN 0
            ELSE line_item_unblended_cost END"""
_CUR_AMORTIZED = """CASE line_item_line_item_type
            WHEN 'SavingsPlanCoveredUsage' THEN savings_plan_savings_plan_effective_cost
            WHEN 'SavingsPlanNegation' THEN 0
            WHEN 'SavingsPlanUpfrontFee' THEN 0
            WHEN 'SavingsPlanRecurringFee'
            THEN savings_plan_total_commitment_to_date - savings_plan_used_commitment
            WHEN 'DiscountedUsage' THEN reservation_effective_cost
            WHEN 'RIFee'
            THEN reservation_unused_amortized_upfront_fee_for_billing_period + reservation_unused_recurring_fee
            WHEN 'Fee' THEN CASE WHEN COALESCE(reservation_reservation_a_r_n, '') <> '' THEN 0
                                 ELSE line_item_unblended_cost END
            ELSE line_item_unblended_cost END"""


def _tags(column: str) -> str:
    return ",\n       ".join(f"{_tag(column, key)} AS {name}" for name, key in TAGS.items())


def _tag(column: str, key: str) -> str:
    """A tag, which exports leave out where it has no value, or tell as empty; SageMaker's may be told as AWS's own."""
    keys = [exported(key)]
    if key in SAGEMAKER_KEYS:
        keys.append(keys[0].replace("user_", "aws_", 1))
    found = [f"NULLIF(element_at({column}, '{each}'), '')" for each in keys]
    return found[0] if len(found) == 1 else f"COALESCE({', '.join(found)})"


def _money(expression: str) -> str:
    return f"CAST(COALESCE({expression}, 0) AS {MONEY})"
