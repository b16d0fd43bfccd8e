"""Sums in whole cents that add up to the bill: SQL of Athena. No cdktf here."""

from __future__ import annotations

from collections.abc import Sequence

CENTS = "decimal(18,2)"
AMOUNTS = ("billed_cost", "amortized_cost")


def in_cents(rows: str, keys: Sequence[str], *, ctes: str = "", bill: str | None = None) -> str:
    """Both amounts of the relation `rows`, summed by billing period and `keys`, in cents.

    Each sum is rounded down, and the cents that the period then lacks go to the sums with the largest remainders, in
    order of the keys where these are alike: so the cents of a period add up to its bill, rounded as a whole, and the
    same bill always gives the same cents. `bill` is the relation whose sum is the bill, where it is not `rows`; `ctes`
    are the common table expressions in which they are made, ending in a comma.
    """
    named = ", ".join(("billing_period", *keys))
    order = ", ".join(keys)
    exact = ",\n       ".join(f"CAST(SUM({each}) AS decimal(26,12)) * 100 AS {each}" for each in AMOUNTS)
    total = ",\n       ".join(f"round(CAST(SUM({each}) AS decimal(26,12)) * 100) AS {each}" for each in AMOUNTS)
    ranked = ",\n       ".join(
        f"floor({each}) AS {each},\n       "
        f"SUM(floor({each})) OVER (PARTITION BY billing_period) AS {each}_given,\n       "
        f"row_number() OVER (PARTITION BY billing_period ORDER BY {each} - floor({each}) DESC, {order}) AS {each}_nth"
        for each in AMOUNTS
    )
    cents = ",\n       ".join(
        f"CAST((ranked.{each} + CASE WHEN ranked.{each}_nth <= bill.{each} - ranked.{each}_given THEN 1 ELSE 0 END)"
        f" * CAST(0.01 AS decimal(3,2)) AS {CENTS}) AS {each}"
        for each in AMOUNTS
    )
    selected = ",\n       ".join(f"ranked.{each}" for each in ("billing_period", *keys))
    return f"""WITH {ctes}sums AS (
SELECT {named},
       {exact}
FROM {rows}
GROUP BY {named}
), bill AS (
SELECT billing_period,
       {total}
FROM {bill or rows}
GROUP BY billing_period
), ranked AS (
SELECT {named},
       {ranked}
FROM sums
)
SELECT {selected},
       {cents}
FROM ranked
JOIN bill ON bill.billing_period = ranked.billing_period"""
