"""What may be set for costs: exports, categories, budgets, reports, usage and waste. No cdktf here."""

from __future__ import annotations

from modules.core.settings import Strict
from modules.cost_reporting.billing_settings import BillingSettings, ExportSettings, SplitSettings
from modules.cost_reporting.envelope_settings import IdleUsdPerMonth
from modules.cost_reporting.reports_settings import ReportsSettings
from modules.cost_reporting.usage_settings import UsageSettings


class CostReportingSettings(Strict):
    """Settings of the module `cost_reporting`."""

    billing: BillingSettings = BillingSettings()
    exports: ExportSettings = ExportSettings()
    reports: ReportsSettings = ReportsSettings()
    usage: UsageSettings = UsageSettings()
    split: SplitSettings = SplitSettings()
    idle_usd_per_month: IdleUsdPerMonth = None
