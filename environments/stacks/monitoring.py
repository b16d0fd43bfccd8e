"""`<observability account>-monitoring`: alarms and who hears of them, dashboards and saved queries."""

from __future__ import annotations

from environments.lake import desks
from environments.model import Account
from environments.observers import observing_account, reported_accounts
from environments.stacks.base import PlatformStack
from environments.stacks.boards import Boards
from modules.foundations.contract import AccessContract, OrganizationContract
from modules.observability.alarm_bus import AlarmBus
from modules.observability.alarm_chat import AlarmChat
from modules.observability.alarm_delivery import AlarmDelivery
from modules.observability.alarm_events import OPERATORS, SECURITY
from modules.observability.alarm_routing import AlarmRouting
from modules.observability.dashboards import Dashboards
from modules.observability.saved_queries import SavedQueries


class MonitoringStack(PlatformStack):
    """What is heard and seen of the accounts that report to this one."""

    def compose(self) -> None:
        """Place the way of alarms, and what shows telemetry."""
        reporting = self._reporting()
        self._alarms(reporting)
        there = {each.name: self.naming_of(each) for each in reporting}
        boards = Boards(self.organization, self.naming, there)
        Dashboards(self, "dashboards", naming=self.naming, boards=boards)
        SavedQueries(self, "saved-queries", naming=self.naming)

    def _reporting(self) -> tuple[Account, ...]:
        here = self.place.account
        accounts = reported_accounts(self.organization)
        return tuple(each for each in accounts if observing_account(self.organization, each) == here)

    def _alarms(self, reporting: tuple[Account, ...]) -> None:
        organization, settings = self.organization, self.settings.observability.alarms
        bus = AlarmBus(
            self,
            "bus",
            naming=self.naming,
            settings=settings,
            organization_id=self.consume(OrganizationContract).organization_id,
        )
        teams: dict[str, list[str]] = {}
        for desk in desks(organization):
            if desk.account in reporting:
                teams.setdefault(desk.team.name, []).append(self.account_id(desk.account))
        contacts = organization.contacts
        owners = {team: organization.team(team).owner if settings.mail_owners else None for team in teams}
        routing = AlarmRouting(
            self,
            "routing",
            naming=self.naming,
            settings=settings,
            bus=bus.name,
            listeners={OPERATORS: contacts.operations.email, SECURITY: contacts.security.email, **owners},
            teams=teams,
        )
        AlarmDelivery(
            self,
            "delivery",
            naming=self.naming,
            dead_letters=routing.dead_letters,
            topics=routing.topics,
            reporting={each.name: self.naming_of(each) for each in reporting},
        )
        if settings.chat is not None:
            AlarmChat(
                self,
                "chat",
                naming=self.naming,
                settings=settings.chat,
                topics=routing.topics,
                boundary_arn=self.consume(AccessContract).boundary_arn,
            )
