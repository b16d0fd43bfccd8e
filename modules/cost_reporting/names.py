"""What costs and their reports are called: rules that both sides of an edge compute. No cdktf here."""

from __future__ import annotations

import re

from modules.core.naming import Naming

# Where AWS offers Cost Explorer, Budgets and Data Exports, for all regions, in the partition that has them.
BILLING_REGION = "us-east-1"
# In the management account, in the home region: what AWS Data Exports writes, and the key over it.
EXPORTS = "cost-exports"
# There: the role as which S3 copies the exports to the account that reports.
EXPORTS_COPY = f"{EXPORTS}-replication"
# In the account that reports: the bucket of the copies of exports and of reports, and the key over it.
REPORTS = "cost-reports"
# There: the database over both, and the workgroup in which it is queried.
DATABASE = "cost_reports"
QUERIES = "cost-queries"
# Below the bucket of reports: rows of usage, what is wasted, what each line of business is shown, and who owns what.
USAGE, WASTE, SHOWBACK, ALLOCATION = "usage", "waste", "showback", "allocation"
# The function that tells lines of business what they cost; a topic for each is called after it.
SEND_SHOWBACK = "send-showback"
# The column, and the folder, of an export's months.
PERIOD = "billing_period"
# In every account: the role as which the inventory of usage reads it.
USAGE_READER = "usage-reader"
# In the account that reports: the role of the function that takes the inventory.
USAGE_INVENTORY = "usage-inventory"
# In accounts for development: the role that stops what nobody uses; and in the account that reports, who becomes it.
WASTE_STOPPER = "waste-stopper"
WASTE_STOP = "waste-stop"
# In the management account: as whom AWS Budgets puts the brake on a team, and the policy that is the brake.
BRAKE = "budget-brake"
# Below the bucket of exports: one folder for each export, as AWS lays it out below.
CUR, FOCUS = "cur2", "focus"


def export_data(naming: Naming, export: str) -> str:
    """Below which prefix the files of the export `CUR` or `FOCUS` lie, in folders `BILLING_PERIOD=<yyyy-mm>`.

    `naming` is that of the management account. AWS lays it out, and a copy lies where its original does:
    https://docs.aws.amazon.com/cur/latest/userguide/dataexports-export-delivery.html
    """
    return f"{export}/{naming.name(export)}/data/"


def external_id(naming: Naming) -> str:
    """What the functions that visit accounts say when they become a role there: not secret, and no other's."""
    return f"{naming.organization}-cost-reporting"


def waste_topic(team: str | None) -> str:
    """Where the owner of a team hears what was stopped; None: who runs the platform, of accounts that teams share."""
    return f"waste-of-{team}" if team else "waste-shared"


def line_slug(line_of_business: str) -> str:
    """How names of resources and files call a line of business: `financial-crime`."""
    return re.sub(r"[^a-z0-9]+", "-", line_of_business.lower()).strip("-")
