"""`<security tooling account>-config`: what AWS Config looks for in every account of the organisation."""

from __future__ import annotations

from collections.abc import Sequence

from environments.stacks.base import PlatformStack
from modules.core.errors import ConfigError
from modules.foundations.config.aggregator import OrganizationAggregator
from modules.foundations.config.conformance_packs import ConformancePacks
from modules.foundations.config.organization_rules import OrganizationRules
from modules.foundations.config.pack import Pack
from modules.foundations.config.rules import Rule
from modules.foundations.contract import AccessContract
from policies import detective
from policies.catalogue import SHIPPED, Catalogue, Control


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
        OrganizationRules(self, "rules", rules=[self._rule(rule) for rule in found], excluded_account_ids=excluded)
        packs = [
            Pack(key, [self._rule(rule) for rule in found if key in rule.frameworks], {}) for key in settings.packs
        ]
        ConformancePacks(
            self,
            "packs",
            naming=self.naming,
            packs=[pack for pack in packs if pack.rules],
            excluded_account_ids=excluded,
        )

    def _found(self) -> list[detective.Rule]:
        settings = self.settings.foundations.config
        controls = list(Catalogue.read(SHIPPED).controls.values())
        _refuse_unknown(controls, "areas", settings.areas or ())
        _refuse_unknown(controls, "without", settings.without)
        _refuse_unknown(controls, "parameters", tuple(settings.parameters))
        judged = [
            control for control in controls if settings.areas is None or control.id.partition("-")[0] in settings.areas
        ]
        return [
            rule
            for rule in detective.rules(
                judged, region=self.place.region, partition=self.organization.partition, at_home=self.at_home
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


def _refuse_unknown(controls: Sequence[Control], key: str, given: Sequence[str]) -> None:
    known = (
        {control.id.partition("-")[0] for control in controls if control.detective}
        if key == "areas"
        else {rule.name for control in controls for rule in control.detective}
    )
    if unknown := sorted(set(given) - known):
        raise ConfigError(
            f"organization.yaml foundations.config.{key} names {', '.join(unknown)}, which the control catalogue does "
            f"not have: policies/controls/ lists {'areas' if key == 'areas' else 'rules'} under `detective`"
        )
