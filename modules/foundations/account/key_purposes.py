"""What keys an account has, by its roles: a purpose each, with who may use it beside the account's IAM. No cdktf.

Two roles in one account that need a key for the same purpose share it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from modules.core.iam import Statement
from modules.core.naming import Naming
from modules.foundations.account.key_statements import (
    Access,
    callers,
    callers_of_organization,
    key_statements,
    services,
)
from modules.foundations.account.settings import AccountRole, KeysSettings


@dataclass(frozen=True, slots=True)
class Opening:
    """To whom a key is opened: AWS services for this account, or callers through services (`via`).

    Callers are those of the account, or of the organisation where it says so; `grants` as in `key_statements`.
    """

    sid: str
    access: Access
    services: tuple[str, ...] = ()
    via: tuple[str, ...] = ()
    organization: bool = False
    grants: bool = False


@dataclass(frozen=True, slots=True)
class Purpose:
    """One key: its name, and to whom it is opened. `abroad`: the baseline needs it in every governed region.

    `log_groups`: CloudWatch Logs encrypts with it.
    """

    name: str
    openings: tuple[Opening, ...] = ()
    abroad: bool = False
    log_groups: bool = False


# Those that write into encrypted topics and queues.
_SENDERS = ("cloudwatch.amazonaws.com", "events.amazonaws.com", "s3.amazonaws.com", "sns.amazonaws.com")
EVERY_ACCOUNT = (
    Purpose("account-logs", abroad=True, log_groups=True),  # `logs` is the log archive's own
    Purpose("backup", abroad=True),
    Purpose(
        "messages",
        (Opening("MessagesOfThisAccount", "both", services=_SENDERS),),
        abroad=True,  # alarms go off in every region
    ),
    Purpose("volumes", (Opening("VolumesOfThisAccount", "both", via=("ec2",), grants=True),), abroad=True),
)
# SageMaker uses the online store's key as the caller, also of another account. The offline store is read through Lake
# Formation, as a role of its own account: its key is opened to nobody.
_ONLINE = Opening("UsedByTheOrganisation", "both", via=("sagemaker",), organization=True)
# The data of a domain has a key of the domain, in its stack `storage`: one account may serve several domains. What ML
# teams share has keys beside it, in the stacks `artifacts` and `models`, opened to those who use it and to no others.
BY_ROLE: Mapping[AccountRole, tuple[Purpose, ...]] = {
    "data-domain": (Purpose("catalogue"),),
    "data-governance": (Purpose("catalogue"),),
    "feature-store": (Purpose("catalogue"), Purpose("feature-online", (_ONLINE,)), Purpose("feature-offline")),
    "ml-shared-services": (Purpose("releases"),),
    "ml-team": (Purpose("data"), Purpose("artifacts"), Purpose("catalogue"), Purpose("domain"), Purpose("endpoint")),
}


def purposes(roles: Sequence[AccountRole], settings: KeysSettings, *, at_home: bool) -> tuple[Purpose, ...]:
    """The keys of an account with these roles, by name; abroad only those that are needed there."""
    wanted = list(EVERY_ACCOUNT)
    for role in roles:
        wanted += BY_ROLE.get(role, ())
        wanted += (Purpose(name) for name in settings.added.get(role, ()))
    found: dict[str, Purpose] = {}
    for purpose in wanted:
        found[purpose.name] = _together(found.get(purpose.name, purpose), purpose)
    everywhere = at_home or bool(set(roles) & set(settings.abroad))
    return tuple(found[name] for name in sorted(found) if everywhere or found[name].abroad)


def _together(one: Purpose, other: Purpose) -> Purpose:
    openings = tuple(dict.fromkeys((*one.openings, *other.openings)))
    return Purpose(one.name, openings, one.abroad or other.abroad, one.log_groups or other.log_groups)


def opened_to_organization(found: Sequence[Purpose]) -> bool:
    """Whether one of the keys is opened to the organisation, so that the organisation's id must be known."""
    return any(opening.organization for purpose in found for opening in purpose.openings)


def statements(purpose: Purpose, naming: Naming, organization_id: str | None) -> list[Statement]:
    """What the key's policy says beside that its account decides by IAM.

    Raises ValueError when the key is opened to the organisation and `organization_id` is None.
    """
    return [statement for opening in purpose.openings for statement in _statements(opening, naming, organization_id)]


def _statements(opening: Opening, naming: Naming, organization_id: str | None) -> list[Statement]:
    found = []
    if opening.services:
        found += key_statements(
            services(opening.sid, opening.services, account_id=naming.account_id), opening.access, grants=opening.grants
        )
    if opening.via and not opening.organization:
        users = callers(opening.sid, opening.via, account_id=naming.account_id, region=naming.region)
        found += key_statements(users, opening.access, grants=opening.grants)
    if opening.via and opening.organization:
        if organization_id is None:
            raise ValueError(f"{opening.sid}: the id of the organisation is needed")
        users = callers_of_organization(opening.sid, opening.via, organization_id=organization_id, region=naming.region)
        found += key_statements(users, opening.access, grants=opening.grants)
    return found
