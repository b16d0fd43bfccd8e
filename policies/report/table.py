"""The verdict in the terminal: a line per stack, then what failed, then what kept the gate from judging."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from policies.record import Outcome
from policies.verdict import DueWaiver, Verdict


def show(verdict: Verdict, console: Console) -> None:
    """Print the verdict. The last line says "policies hold", or what FAILED.

    The word "fail" stands in no output of a passed gate: Atlantis takes it for the outcome.
    """
    console.print(_stacks(verdict))
    for waiver in verdict.due:
        console.print(f"[yellow]due[/yellow] {escape(_due(waiver))}", soft_wrap=True)
    failed = [finding for finding in verdict.findings if finding.outcome is Outcome.FAILED]
    for finding in failed:
        label = " ".join(part for part in (finding.severity, finding.policy, finding.control) if part)
        console.print(f"[red]{label}[/red] {escape(finding.stack)}/{escape(finding.address)}", soft_wrap=True)
        console.print(f"  {escape(finding.title)}: {escape(finding.message)}", soft_wrap=True)
        if finding.remediation:
            console.print(f"  {escape(finding.remediation)}", style="dim", soft_wrap=True)
    for fault in verdict.faults:
        console.print(f"[red]fault[/red] {escape(str(fault))}", soft_wrap=True)
    if verdict.passed:
        until = f"; waivers hold until {verdict.valid_until}" if verdict.valid_until else ""
        console.print(f"[green]policies hold[/green] in {len(verdict.stacks)} stacks{until}")
    else:
        console.print(f"[red]FAILED[/red]: {len(failed)} findings, {len(verdict.faults)} faults")


def _due(waiver: DueWaiver) -> str:
    left = {0: "today", 1: "tomorrow"}.get(waiver.days_left, f"in {waiver.days_left} days")
    end = f"ends {waiver.expires}, {left}"
    policies = ", ".join(waiver.policies)
    return f"{waiver.where} {end}: {policies} on {waiver.resource} ({waiver.ticket}, {waiver.owner})"


def _stacks(verdict: Verdict) -> Table:
    table = Table("stack", "policies", box=None, header_style="bold")
    for name in ("met", "not met", "waived"):
        table.add_column(name, justify="right")
    for name, stack in verdict.stacks.items():
        counts = stack.counts
        word = "[green]hold[/green]" if stack.passed else "[red]FAILED[/red]"
        table.add_row(escape(name), word, str(counts.passed), str(counts.failed), str(counts.waived))
    return table
