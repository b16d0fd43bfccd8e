"""Validate the YAML and show every fault at once."""

from __future__ import annotations

import argparse

from delivery.verbs import shared


def options(child: argparse.ArgumentParser) -> None:
    shared.config(child)


def run(options: argparse.Namespace) -> int:
    from environments.adoption import lines
    from environments.adoption_checks import check_stacks
    from environments.graph import StackGraph
    from environments.guardrails import documents
    from environments.load import load

    organization = load(options.config)
    graph = StackGraph(organization)
    check_stacks(graph)
    guardrails = documents(organization)
    shared.say(f"{organization.name}: {len(organization.accounts)} accounts, {len(graph.nodes)} stacks, no fault")
    for line in lines(organization.adopt):
        shared.say(line)
    for document in guardrails:
        shared.say(f"guardrails {document.key}: {len(document.content):,} characters, {document.free:,} free")
    return 0
