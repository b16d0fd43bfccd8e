"""`<security tooling account>-config`: what AWS Config looks for in every account of the organisation."""

from __future__ import annotations

from environments.stacks.base import PlatformStack
from modules.foundations.config.aggregator import OrganizationAggregator
from modules.foundations.config.conformance_packs import ConformancePacks
from modules.foundations.config.contract import everywhere
from modules.foundations.config.organization_rules import OrganizationRules
from modules.foundations.config.pack import OfferedRepair, Pack
from modules.foundations.config.repair_approvals import RepairApprovals
from modules.foundations.config.repairs import REPAIRS
from modules.foundations.config.rules import Rule
from modules.foundations.contract import AccessContract, OrganizationContract
from policies import detective
from policies.catalogue import shipped


class ConfigStack(PlatformStack):
    """Organisation rules and conformance packs of one region; the aggregator of all, in the home region."""

    def compose(self) -> None:
        """Place the rules that the control catalogue has for this region."""
        settings = self.settings.foundations.config
        if self.at_home:
            OrganizationAggregator(
                self, "aggregator", naming=self.naming, boundary_arn=self.consume(AccessContract).boundary_arn
            )
        found = self._found()
        excluded = [self.account_id(self.organization.account(name)) for name in settings.excluded_accounts]
        alone = [rule for rule in found if settings.areas is None or rule.control.partition("-")[0] in settings.areas]
        OrganizationRules(self, "rules", rules=[self._rule(rule) for rule in alone], excluded_account_ids=excluded)
        packs = [
            Pack(key, [self._rule(rule) for rule in found if key in rule.frameworks], {}) for key in settings.packs
        ]
        if settings.repairs:
            packs.append(Pack("repairs", [self._rule(rule) for rule in found if rule.repair], self._repairs()))
        ConformancePacks(
            self,
            "packs",
            naming=self.naming,
            packs=[pack for pack in packs if pack.rules],
            excluded_account_ids=excluded,
        )

    def _repairs(self) -> dict[str, OfferedRepair]:
        RepairApprovals(
            self,
            "approvals",
            naming=self.naming,
            organization_id=self.consume(OrganizationContract).organization_id,
            email=self.organization.contacts.security.email,
        )
        names = everywhere(self.naming)
        return {key: OfferedRepair(repair.resource_type, names.name(key)) for key, repair in REPAIRS.items()}

    def _found(self) -> list[detective.Rule]:
        settings = self.settings.foundations.config
        controls = list(shipped().controls.values())
        return [
            rule
            for rule in detective.rules(
                controls, region=self.place.region, partition=self.organization.partition, at_home=self.at_home
            )
            if rule.name not in settings.without
        ]

    def _rule(self, rule: detective.Rule) -> Rule:
        own = self.settings.foundations.config.parameters.get(rule.name, {})
        return Rule(
            name=rule.name,
            description=f"{rule.control}: {rule.objective}",
            identifier=rule.identifier,
            policy=rule.policy,
            types=rule.types,
            parameters={**rule.parameters, **own},
            repair=rule.repair,
        )
