"""Show what waits in dead-letter queues; with a queue's name, bring what waits there back to where it failed."""

from __future__ import annotations

import argparse
from collections import defaultdict

from delivery.verbs import running, shared

HERE = "this account"
PER_SECOND = 10  # slow enough for what failed under load to be worked on


def options(child: argparse.ArgumentParser) -> None:
    child.add_argument("queue", nargs="?", metavar="QUEUE", help="the queue to bring back; without it all are listed")
    child.add_argument("--account", metavar="NAME", help="only queues of this account, by its name in the YAML")
    child.add_argument(
        "--role", metavar="NAME", help="the role to assume in each account; without it, the caller's own credentials"
    )
    child.add_argument(
        "--per-second", type=shared.positive, default=PER_SECOND, metavar="N", help="how many messages a second"
    )
    shared.out(child)
    shared.emulated(child)


def run(options: argparse.Namespace) -> int:
    from botocore.exceptions import BotoCoreError, ClientError

    from delivery.accounts import ROLE
    from delivery.dead_letters import RedriveError, clients, declared, found, redrive
    from environments.manifest import Manifest

    manifest = Manifest.read(options.out)
    documents = manifest.documents(options.out)
    if options.account not in (None, *(account.name for account in manifest.organization.accounts)):
        known = ", ".join(account.name for account in manifest.organization.accounts)
        raise RedriveError(f"there is no account {options.account}; there are: {known}")
    names: dict[str, set[str]] = defaultdict(set)
    for stack in manifest.stacks:
        if options.account in (None, stack.account) and stack.region == manifest.organization.home_region:
            names[stack.account] |= declared([documents[stack.id]])
    names = {account: queues for account, queues in names.items() if queues}
    if not names:
        raise RedriveError(f"no stack of {options.account or 'this synthesis'} has a dead-letter queue")
    ours = sorted(set().union(*names.values()))
    if options.queue not in (None, *ours):
        raise RedriveError(f"there is no dead-letter queue {options.queue}; there are: {', '.join(ours)}")
    role = options.role or (ROLE if options.emulated else None)
    if role is None:  # then there is one account, and which of them it is the caller knows
        names = {HERE: set(ours)}
    environment = running.target(options).variables if options.emulated else None
    home = manifest.organization.home_region
    try:
        there = clients(home, names, role, environment)
        queues = list(found(there, names))
    except (BotoCoreError, ClientError) as error:
        advice = (
            "is `mlgov emulator` running, and all applied there?"
            if options.emulated
            else "sign in, or name a --role that may"
        )
        raise RedriveError(f"AWS does not tell what waits: {error}; {advice}") from error
    if options.queue is None:
        for queue in queues:
            back = f"from {', '.join(queue.sources)}" if queue.sources else "from no queue"
            shared.say(f"{queue.account:32} {queue.waiting:6} {queue.name} ({back})")
        waiting = sum(queue.waiting for queue in queues)
        shared.say(f"{waiting} messages wait in {sum(1 for queue in queues if queue.waiting)} of {len(queues)} queues")
        return 0
    wanted = [queue for queue in queues if queue.name == options.queue]
    if len(wanted) != 1:
        applied = ", ".join(sorted(queue.name for queue in queues)) or "none"
        raise RedriveError(f"{options.queue} is not applied here, or in several accounts; there are: {applied}")
    redrive(there, wanted[0], options.per_second)
    shared.say(f"{wanted[0].waiting} messages go back to {', '.join(wanted[0].sources)}, {options.per_second} a second")
    return 0
