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
        governs = "data-governance" in account.roles
        Catalogue(
            self,
            "catalogue",
            naming=self.naming,
            access=self.consume(AccessContract),
            key_arn=self.consume(BaselineContract).key_arns["catalogue"],
            administrators=self.settings.data_lake.administrators if governs else (),
            stewards=holds(organization, account, "data-lake-administrator"),
            vocabulary=vocabulary_of(organization, account),
        )
        CataloguePolicy(
            self,
            "policy",
            naming=self.naming,
            organization_id=organization_id,
            shares=governs or "feature-store" in account.roles,
        )
        if governs:
            LakeEvents(self, "events", naming=self.naming, organization_id=organization_id, reporters=self._reporters())

    def _reporters(self) -> Sequence[Reporter]:
        return [
            Reporter(
                self.edge(REPORTS, f"domain {domain.name}", "data-governance"),
                domain.name,
                self.naming_of(self.organization.account(domain.account)),
            )
            for domain in working(self.organization)
            if domain.lake.products
        ]


def vocabulary_of(organization: Organization, account: Account) -> Mapping[str, tuple[str, ...]]:
    """The LF-tags of the account's catalogue: of domains where they are catalogued, of teams where their features are.

    AWS drops no value that a table carries. So a domain that is leaving stays, retired feature groups do, as their
    tables are there still, and so does a team that hands a central group over.
    """
    governs = "data-governance" in account.roles
    owners = [domain.name for domain in organization.domains] if governs else []
    owners += [AUDIT] if governs and audited(organization) else []
    groups: dict[str, str] = {}
    if "feature-store" in account.roles:
        central = {group.feature_group: group.team for group in organization.features if group.central}
        groups = central | organization.retired_features
        owners += [*groups.values(), *(team.name for team in organization.teams if groups)]
    here = (desk for desk in desks(organization) if desk.account == account)
    owners += [desk.team.name for desk in here if "dev" in desk.stages]
    return vocabulary(owners, list(groups)) if owners else {}
