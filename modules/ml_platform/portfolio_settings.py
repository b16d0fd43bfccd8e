"""What may be set for the products that teams launch by themselves. No cdktf here."""

from __future__ import annotations

from modules.core.settings import Strict


class PortfolioSettings(Strict):
    """The portfolios of Service Catalog, and their products."""
