"""Stacks that have nothing to do any more, because the accounts or projects they were for have ended."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from environments.node import Node
from environments.placement.site import Site


def dismantled(site: Site, placed: Sequence[Node], before: Sequence[Node]) -> Iterator[Node]:
    """Each stack of `before` that is not `placed` any more, to be taken down instead of left behind.

    It needs only its account's access, and is taken down after all that read it: those have let go of it by then.
    """
    staying = {node.id for node in placed}
    for node in before:
        if node.id not in staying:
            readers = (reader.id for reader in before if node.id in reader.producers)
            account = site.organization.account(node.account.name)
            yield replace(
                node,
                account=account,
                consumes=site.access(account),
                gathers={},
                after=tuple(sorted(readers)),
                dismantled=True,
            )
