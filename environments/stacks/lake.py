"""`<account>-lake`: the account's Glue catalogue, with Lake Formation in charge of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from environments.identity import holds
from environments.lake import audited, desks, working
from environments.model import Account, Organization
from environments.stacks.base import PlatformStack
from modules.core.lf_tags import vocabulary
from modules.data_lake.catalogue import Catalogue
from modules.data_lake.catalogue_policy import CataloguePolicy
from modules.data_lake.edges import REPORTS
from modules.data_lake.lake_events import LakeEvents, Reporter
from modules.data_lake.names import AUDIT
from modules.foundations.contract import AccessContract, BaselineContract, OrganizationContract


class LakeStack(PlatformStack):
    """The catalogue; where data is owned also its LF-tags and shares; in the governance account the bus of reports."""

    def compose(self) -> None:
        """Place the catalogue, and what the account's roles add to it."""
        account, organization = self.place.account, self.organization
        organization_id = self.consume(OrganizationContract).organization_id
