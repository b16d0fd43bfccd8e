"""What the dashboard of costs shows, as Terraform's provider writes a definition of QuickSight. No cdktf here."""

from __future__ import annotations

from typing import Any

_DATA = "costs"
_BORNE = "billed_cost"


def definition(data_set_arn: str) -> dict[str, Any]:
    """One sheet: what each line of business bears by month, and a table of whose and which costs these are."""
    visuals = [
        {
            "bar_chart_visual": {
                "visual_id": "by-month",
                "title": _title("By month and line of business"),
                "chart_configuration": {
                    "field_wells": {
                        "bar_chart_aggregated_field_wells": {
                            "category": [_by("month", "billing_period")],
                            "colors": [_by("line", "line_of_business")],
                            "values": [_sum("bars", _BORNE)],
                        }
                    }
                },
            }
        },
        {
            "table_visual": {
                "visual_id": "by-owner",
                "title": _title("By team and product; origin says whose cost it was before it was split"),
                "chart_configuration": {
                    "field_wells": {
                        "table_aggregated_field_wells": {
                            "group_by": [
                                _by(name, name)
                                for name in ("billing_period", "line_of_business", "team", "product", "origin")
                            ],
                            "values": [_sum("billed", _BORNE), _sum("amortized", "amortized_cost")],
                        }
                    }
                },
            }
        },
    ]
    return {
        "data_set_identifiers_declarations": [{"data_set_arn": data_set_arn, "identifier": _DATA}],
        "sheets": [{"sheet_id": "costs", "title": "Costs", "visuals": visuals}],
    }


def _title(text: str) -> dict[str, Any]:
    return {"visibility": "VISIBLE", "format_text": {"plain_text": text}}


def _by(field: str, column: str) -> dict[str, Any]:
    return {"categorical_dimension_field": {"field_id": field, "column": _column(column)}}


def _sum(field: str, column: str) -> dict[str, Any]:
    return {
        "numerical_measure_field": {
            "field_id": field,
            "column": _column(column),
            "aggregation_function": {"simple_numerical_aggregation": "SUM"},
        }
    }


def _column(name: str) -> dict[str, Any]:
    return {"column_name": name, "data_set_identifier": _DATA}
