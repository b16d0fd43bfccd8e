"""The columns of the two exports of costs, with their types in Parquet as Hive calls them. No cdktf here.

They are listed, not starred: a column that AWS adds does not change the tables over the exports unasked.
https://docs.aws.amazon.com/cur/latest/userguide/table-dictionary-cur2.html
https://docs.aws.amazon.com/cur/latest/userguide/table-dictionary-focus-1-0-aws-columns.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

TEXTS, AMOUNTS = "map<string,string>", "map<string,double>"


@dataclass(frozen=True, slots=True)
class ExportTable:
    """A table of AWS Data Exports: what it is called there, how it is made, and what is selected of it, in order."""

    name: str
    columns: Mapping[str, str]
    configuration: Mapping[str, str]

    @property
    def query(self) -> str:
        """The statement that AWS Data Exports runs."""
        return f"SELECT {', '.join(self.columns)} FROM {self.name}"


def _group(prefix: str, **kinds: str) -> dict[str, str]:
    """Columns that begin with `prefix`: type -> the rests of their names, parted by spaces."""
    names = {"text": "string", "amount": "double", "time": "timestamp", "texts": TEXTS, "amounts": AMOUNTS}
    found = {f"{prefix}{rest}": names[kind] for kind, rests in kinds.items() for rest in rests.split()}
    return dict(sorted(found.items()))


_BILL = _group(
    "bill_",
    text="bill_type billing_entity invoice_id invoicing_entity payer_account_id payer_account_name",
    time="billing_period_end_date billing_period_start_date",
)
_GENERAL = _group("", texts="cost_category", amounts="discount") | _group(
    "discount_", amount="bundled_discount total_discount"
)
_IDENTITY = _group("identity_", text="line_item_id time_interval")
_LINE_ITEM = _group(
    "line_item_",
    text="availability_zone blended_rate currency_code legal_entity line_item_description line_item_type "
    "net_unblended_rate operation product_code resource_id tax_type unblended_rate usage_account_id "
    "usage_account_name usage_type",
    amount="blended_cost net_unblended_cost normalization_factor normalized_usage_amount unblended_cost usage_amount",
    time="usage_end_date usage_start_date",
)
_PRICING = _group(
    "pricing_",
    text="currency lease_contract_length offering_class public_on_demand_rate purchase_option rate_code rate_id term "
    "unit",
    amount="public_on_demand_cost",
)
_PRODUCT = _group("", texts="product") | _group(
    "product_",
    text="comment fee_code fee_description from_location from_location_type from_region_code instance_family "
    "instance_type instancesku location location_type operation pricing_unit product_family region_code servicecode "
    "sku to_location to_location_type to_region_code usagetype",
)
_RESERVATION = _group(
    "reservation_",
    text="availability_zone end_time modification_status normalized_units_per_reservation number_of_reservations "
    "reservation_a_r_n start_time subscription_id total_reserved_normalized_units total_reserved_units "
    "units_per_reservation",
    amount="amortized_upfront_cost_for_usage amortized_upfront_fee_for_billing_period effective_cost "
    "net_amortized_upfront_cost_for_usage net_amortized_upfront_fee_for_billing_period net_effective_cost "
    "net_recurring_fee_for_usage net_unused_amortized_upfront_fee_for_billing_period net_unused_recurring_fee "
    "net_upfront_value recurring_fee_for_usage unused_amortized_upfront_fee_for_billing_period "
    "unused_normalized_unit_quantity unused_quantity unused_recurring_fee upfront_value",
)
_SAVINGS_PLAN = _group(
    "savings_plan_",
    text="end_time instance_type_family offering_type payment_option purchase_term region savings_plan_a_r_n "
    "start_time",
    amount="amortized_upfront_commitment_for_billing_period net_amortized_upfront_commitment_for_billing_period "
    "net_recurring_commitment_for_billing_period net_savings_plan_effective_cost "
    "recurring_commitment_for_billing_period savings_plan_effective_cost savings_plan_rate total_commitment_to_date "
    "used_commitment",
)
_SPLIT = _group(
    "split_line_item_",
    text="parent_resource_id",
    amount="actual_usage net_split_cost net_unused_cost public_on_demand_split_cost public_on_demand_unused_cost "
    "reserved_usage split_cost split_usage split_usage_ratio unused_cost",
)

# Hourly, by resource, with what containers and jobs share split among them.
CUR_2_0 = ExportTable(
    "COST_AND_USAGE_REPORT",
    _BILL
    | _GENERAL
    | _IDENTITY
    | _LINE_ITEM
    | _PRICING
    | _PRODUCT
    | _RESERVATION
    | _group("", texts="resource_tags")
    | _SAVINGS_PLAN
    | _SPLIT,
    {
        "INCLUDE_MANUAL_DISCOUNT_COMPATIBILITY": "FALSE",
        "INCLUDE_RESOURCES": "TRUE",
        "INCLUDE_SPLIT_COST_ALLOCATION_DATA": "TRUE",
        "TIME_GRANULARITY": "HOURLY",
    },
)
FOCUS_1_0 = ExportTable(
    "FOCUS_1_0_AWS",
    _group(
        "",
        text="AvailabilityZone BillingAccountId BillingAccountName BillingCurrency ChargeCategory ChargeClass "
        "ChargeDescription ChargeFrequency CommitmentDiscountCategory CommitmentDiscountId CommitmentDiscountName "
        "CommitmentDiscountStatus CommitmentDiscountType ConsumedUnit InvoiceIssuerName PricingCategory PricingUnit "
        "ProviderName PublisherName RegionId RegionName ResourceId ResourceName ResourceType ServiceCategory "
        "ServiceName SkuId SkuPriceId SubAccountId SubAccountName x_Operation x_ServiceCode x_UsageType",
        amount="BilledCost ConsumedQuantity ContractedCost ContractedUnitPrice EffectiveCost ListCost ListUnitPrice "
        "PricingQuantity",
        time="BillingPeriodEnd BillingPeriodStart ChargePeriodEnd ChargePeriodStart",
        texts="Tags x_CostCategories",
        amounts="x_Discounts",
    ),
    {},
)
