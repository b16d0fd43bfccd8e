"""What people do at each stage of leaving, and which commands they run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from environments.model import Account
from environments.offboarding.steps import Kind, LeavingPlan, Stage

_MEANING: dict[Stage, str] = {
    "suspended": "its accounts go into quarantine, lose network and workloads, and keep their data",
    "closed": "Terraform forgets its accounts, a person closes them",
    "deleted": "nothing is left to apply",
}
_ACCESS: dict[Kind, str] = {"team": "its people lose their access", "domain": "nobody builds on its data any more"}
_RUN = ("mlgov synth", "mlgov gate", "mlgov plan", "mlgov apply")


@dataclass(frozen=True, slots=True)
class Leaver:
    """Who leaves. `own` are the accounts made for it, `used` the names of others; `unit` is for suspended accounts."""

    kind: Kind
    owner: str
    own: Sequence[Account]
    used: Sequence[str]
    unit: str | None
    external_groups: bool


def meaning(plan: LeavingPlan, stage: Stage) -> str:
    """What a stage is, in half a sentence."""
    if stage == "access-removed":
        return f"{_ACCESS[plan.kind]}, all else goes on"
    if stage != "deleted" and not plan.own:
        return "it has no account of its own, so none is touched"
    return _MEANING[stage]


def by_hand(stage: Stage, leaver: Leaver) -> tuple[str, ...]:
    """What no stack does: a sentence each, with who does it first."""
    said = [*_OF_STAGE[stage](leaver)]
    if leaver.used and stage in ("suspended", "closed"):
        names = ", ".join(leaver.used)
        said.append(f"Nobody: {names} stays, as organization.yaml declares it; only what is the {leaver.kind}'s goes.")
    return tuple(said)


def _access(leaver: Leaver) -> Iterator[str]:
    if leaver.kind == "team":
        yield f"{leaver.owner}: tell the people; jobs and endpoints run on until somebody stops them."
        if leaver.external_groups:
            yield "Identity provider: stop provisioning its groups; Terraform removes their assignments alone."
    else:
        yield f"{leaver.owner}: make sure that nobody reads the data by a grant that Terraform did not make."


def _suspension(leaver: Leaver) -> Iterator[str]:
    if leaver.own:
        yield f"{leaver.owner}: before the apply, stop what Terraform did not make, and copy what others need."
        yield f"{leaver.owner}: decide for good, as the way back needs an import of everything that is kept."
    for account in leaver.own:
        if account.id:
            yield (
                f"Administrator of the management account: move {account.name} ({account.id}) to the unit "
                f"{leaver.unit}; Terraform moves no account with an id in YAML."
            )


def _closing(leaver: Leaver) -> Iterator[str]:
    if leaver.own:
        names = ", ".join(account.name for account in leaver.own)
        yield f"Data owner and security: confirm that nothing in {names} must be kept any longer."
        yield (
            "Administrator of the management account: after the apply, close each account as below; the apply role is "
            "denied it. For 90 days AWS can reopen an account, then its data and keys are gone."
        )


def _deletion(leaver: Leaver) -> Iterator[str]:
    if leaver.own:
        yield "Nobody: the e-mail addresses of closed accounts cannot be used for new ones."


_OF_STAGE: dict[Stage, Callable[[Leaver], Iterator[str]]] = {
    "access-removed": _access,
    "suspended": _suspension,
    "closed": _closing,
    "deleted": _deletion,
}


def commands(stage: Stage, leaver: Leaver) -> tuple[str, ...]:
    """What to run after the edit, in this order."""
    if stage != "closed":
        return _RUN
    return (*_RUN, *(command for account in leaver.own for command in _close(account)))


def _close(account: Account) -> tuple[str, ...]:
    """The id of an account that Terraform made is AWS's alone to tell: its state has just forgotten it."""
    if account.id:
        return (f"aws organizations close-account --account-id {account.id} # {account.name}",)
    query = f"Accounts[?Email=='{account.email}'].Id"
    return (
        f'aws organizations close-account --account-id "$(aws organizations list-accounts --query "{query}" '
        f'--output text)" # {account.name}',
    )
