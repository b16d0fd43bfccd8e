"""Write one waiver after asking: for which finding, why, where it was agreed, who approved it, how long it holds."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from delivery.verbs import gate, shared

if TYPE_CHECKING:
    from environments.manifest import Manifest
    from policies.verdict import Finding, Verdict

QUESTIONS = {
    "policy": "id of the policy",
    "resource": "glob over <stack id>/<address> or over the construct path",
    "reason": "why the rule does not fit here, and what protects instead",
    "ticket": "where it was agreed: a key such as SEC-104, or an https:// address",
    "owner": "mail address of who answers for the exception",
    "approver": "mail address of who accepted the risk, somebody else",
    "days": "how many days it holds",
}
SHOWN = 20  # findings that are named; of the others there is the number


def options(child: argparse.ArgumentParser) -> None:
    shared.out(child)
    shared.work(child)
    shared.waivers(child)
    for name, question in QUESTIONS.items():
        child.add_argument(f"--{name}", metavar=name.upper(), help=question)
    child.add_argument("--bulk", action="store_true", help="it may except more than 20 findings")
    child.add_argument("--yes", action="store_true", help="write without asking")
    child.add_argument("--results", type=Path, metavar="DIR", help="results to waive from; without it `mlgov gate`'s")


def run(options: argparse.Namespace) -> int:
    from modules.core.errors import ConfigError
    from policies.catalogue import shipped
    from policies.known import known
    from policies.waive import propose

    missing = [f"--{name}" for name in (*QUESTIONS, "yes") if not getattr(options, name)]
    if missing and not sys.stdin.isatty():
        raise ConfigError(f"there is no terminal to ask at: give {', '.join(missing)}")
    today, verdict = shared.today(), _verdict(options)
    if not _failed(verdict):
        raise ConfigError("no finding of the verdict has failed: there is nothing to waive")
    try:
        body = _body(options, verdict, today)
        proposal = propose(options.waivers, body, verdict, known=known(shipped()), today=today)
        shared.say(f"\n{proposal.entry}\nIt excepts {_count(proposal.findings)}:")
        _list(proposal.findings)
        agreed = options.yes or input(f"Write it to {options.waivers}? (yes) ").strip().lower() == "yes"
    except (EOFError, KeyboardInterrupt):
        agreed = False
    if not agreed:
        shared.say("nothing was written")
        return 0
    proposal.write()
    shared.say(f"{options.waivers}: written; run `mlgov gate`")
    return 0


def _verdict(options: argparse.Namespace) -> Verdict:
    """The verdict asked for. The gate's own must be over the stacks as they are now; raises GateError otherwise."""
    from environments.manifest import Manifest
    from policies.errors import GateError
    from policies.verdict import Verdict

    if options.results:
        return Verdict.read(options.results)
    manifest = Manifest.read(options.out)
    verdict = Verdict.read(gate.folder(manifest, options))
    if stale := _stale(manifest, verdict):
        raise GateError(f"the verdict is not over these bytes of: {', '.join(stale)}. Run `mlgov gate`, then again.")
    return verdict


def _stale(manifest: Manifest, verdict: Verdict) -> list[str]:
    judged = {stack_id: stack.sha256 for stack_id, stack in verdict.stacks.items()}
    return [entry.id for entry in manifest.stacks if judged.get(entry.id) != entry.sha256]


def _body(options: argparse.Namespace, verdict: Verdict, today: date) -> dict[str, object]:
    """The entry, in the order in which it is written; what no option gives is asked until the gate would take it."""
    from modules.core.errors import ConfigError
    from policies.waive import failing, problem
    from policies.waiver import BULK, LONGEST, one_person

    def asked(name: str, wrong: Callable[[str], str]) -> str:
        given = getattr(options, name)
        while not given:
            answer = input(f"{name} ({QUESTIONS[name]}): ").strip()
            if told := wrong(answer):
                shared.say(f"{name}: {told}")
            else:
                given = answer
        return str(given)

    def of_field(name: str, unfit: Callable[[str], str] = lambda answer: "") -> str:
        return asked(name, lambda answer: problem(name, answer) or unfit(answer))

    def never_failed(answer: str) -> str:
        return "" if failing(verdict, answer, "*") else f"no finding of {answer} has failed"

    def matches_none(answer: str) -> str:
        return "" if failing(verdict, policy, answer) else f"no failed finding of {policy} matches {answer}"

    def is_owner(answer: str) -> str:
        return "must be somebody else than the owner" if one_person(texts["owner"], answer) else ""

    def days_wrong(answer: str) -> str:
        good = answer.isdecimal() and 1 <= int(answer) <= LONGEST.days
        return "" if good else f"must be a whole number from 1 to {LONGEST.days}"

    if not options.policy:
        _list_policies(verdict)
    policy = of_field("policy", never_failed)
    if not options.resource:
        _list(failing(verdict, policy, "*"))
    resource = of_field("resource", matches_none)
    found = failing(verdict, policy, resource)
    bulk = options.bulk
    if len(found) > BULK and not bulk and sys.stdin.isatty():
        bulk = input(f"It would except {_count(found)}. All of them? (yes) ").strip().lower() == "yes"
    texts = {name: of_field(name) for name in ("reason", "ticket", "owner")}
    texts["approver"] = of_field("approver", is_owner)
    days = asked("days", days_wrong)
    if told := days_wrong(days):
        raise ConfigError(f"--days {told}")
    body = {"policy": policy, "resource": resource, **texts, "expires": today + timedelta(days=int(days))}
    return body | {"bulk": True} if bulk else body


def _failed(verdict: Verdict) -> list[Finding]:
    from policies.record import Outcome

    return [finding for finding in verdict.findings if finding.outcome is Outcome.FAILED]


def _list_policies(verdict: Verdict) -> None:
    failed = _failed(verdict)
    titles = {finding.policy: finding.title for finding in failed}
    for policy, count in sorted(Counter(finding.policy for finding in failed).items()):
        shared.say(f"{policy}  {count} failed  {titles[policy]}")


def _list(findings: Sequence[Finding]) -> None:
    for finding in findings[:SHOWN]:
        shared.say(f"  {finding.stack}/{finding.address}" + (f"  ({finding.path})" if finding.path else ""))
    if len(findings) > SHOWN:
        shared.say(f"  and {len(findings) - SHOWN} more")


def _count(findings: Sequence[Finding]) -> str:
    return f"{len(findings)} finding{'' if len(findings) == 1 else 's'}"
