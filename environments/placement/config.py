"""AWS Config: what its recorders need of the log archive."""

from __future__ import annotations

from environments.model import Account
from environments.placement.site import Edges, Site
from modules.observability.contract import ConfigHistoryContract


def recorder_edges(site: Site, account: Account) -> Edges:
    """The edge from the account's recorder to the bucket of its history; none where Control Tower records."""
    if site.organization.settings(account.environment).foundations.config.recorder.source != "mlgov":
        return {}
    archive = site.organization.account_for("log-archive", "org")
    return {ConfigHistoryContract: site.id(archive, "logs"), **site.ids(archive)}
