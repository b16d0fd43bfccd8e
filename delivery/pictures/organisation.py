"""The organisation: its units, each with the accounts in it, what these are for, and whose they are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from delivery.pictures.figure import MARGIN, SIZE, SMALL, Figure, headed
from delivery.pictures.flow import Arrow, Box, Flow, as_json
from delivery.pictures.metrics import width
from environments.model import Account, Organization, Unit
from environments.tiers import tier
from environments.vocabulary import STAGES

ROOT = "root"
PADDING, GAP, HEADER, ACCOUNT = 12, 12, 40, 54
TALL, WIDE = 4, 1180  # accounts below each other in a unit; pixels of a row of units


@dataclass(frozen=True, slots=True)
class Block:
    """A unit, or with None the root, with what stands in it."""

    unit: Unit | None
    accounts: list[Account] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)

    @property
    def lines(self) -> tuple[str, ...]:
        if self.unit is None:
            return ("Root", "management account")
        kind = f", {self.unit.kind}" if self.unit.kind else ""
        return (self.unit.name, f"guardrails {self.unit.guardrails}{kind}")


class Picture:
    """The tree of one organisation."""

    def __init__(self, organization: Organization) -> None:
        self.organization = organization
        blocks = {unit.key: Block(unit) for unit in organization.units}
        self.root = Block(None)
        for unit in organization.units:
            (blocks[unit.parent] if unit.parent else self.root).blocks.append(blocks[unit.key])
        for account in organization.accounts:
            (blocks[account.unit] if account.unit else self.root).accounts.append(account)

    def text(self) -> str:
        """A line for each unit and account, indented by what it stands in."""
        lines = []
        for block, depth in _walk(self.root, 0):
            lines.append(f"{'  ' * depth}{block.lines[0]} ({block.lines[1]})")
            for account in block.accounts:
                name, *said = self._account(account)
                lines.append(f"{'  ' * (depth + 1)}{name}: {'; '.join(filter(None, said))}")
        return "\n".join(lines) + "\n"

    def json(self) -> str:
        """Units and accounts with their parents, and teams and data domains with their accounts."""
        organization = self.organization
        return as_json(
            {
                "organization": organization.name,
                "units": [
                    {"key": each.key, "name": each.name, "parent": each.parent, "guardrails": each.guardrails}
                    for each in organization.units
                ],
                "accounts": [
                    {
                        "name": each.name,
                        "unit": each.unit,
                        "environment": each.environment,
                        "roles": list(each.roles),
                    }
                    for each in organization.accounts
                ],
                "teams": {team.name: {stage: team.account(stage) for stage in STAGES} for team in organization.teams},
                "domains": {domain.name: domain.account for domain in organization.domains},
            }
        )

    def flow(self) -> Flow:
        """A tree: arrows lead from a unit to what stands in it."""
        boxes, arrows = [], []
        for block, _ in _walk(self.root, 0):
            boxes.append(Box(_key(block), block.lines))
            arrows += [Arrow(_key(block), _key(each)) for each in block.blocks]
            for account in block.accounts:
                lines = tuple(filter(None, self._account(account)))
                boxes.append(Box(f"account {account.name}", lines, tier(account.environment)))
                arrows.append(Arrow(_key(block), f"account {account.name}"))
        return Flow(self._title(), boxes, arrows)

    def svg(self) -> str:
        """Units are boxes around what stands in them."""
        figure = headed(
            self._title(),
            ["Units with their guardrails, the accounts in them with their roles, and whose they are."],
        )
        top = figure.height + MARGIN
        x = MARGIN
        for account in self.root.accounts:
            self._draw_account(figure, account, x, top)
            x += self._width_of(account) + GAP
        y, x, high = top + (ACCOUNT + GAP if self.root.accounts else 0), MARGIN, 0
        for block in self.root.blocks:
            wide, tall = self._size(block)
            if x > MARGIN and x + wide > WIDE:
                x, y, high = MARGIN, y + high + GAP, 0
            self._draw(figure, block, x, y, (wide, tall), "soft")
            x, high = x + wide + GAP, max(high, tall)
        return figure.render()

    def _title(self) -> str:
        each = self.organization
        counts = [(each.units, "unit"), (each.accounts, "account"), (each.teams, "team"), (each.domains, "data domain")]
        said = [f"{len(things)} {what}{'s' * (len(things) != 1)}" for things, what in counts]
        return f"{each.name}: {', '.join(said[:-1])} and {said[-1]}"

    def _account(self, account: Account) -> tuple[str, str, str]:
        """Name, roles, and whose it is: the teams whose stage it serves and the data domains that it holds."""
        teams = [
            f"team {team.name} ({', '.join(stage for stage in STAGES if team.account(stage) == account.name)})"
            for team in self.organization.teams
            if account.name in {team.account(stage) for stage in STAGES}
        ]
        domains = [f"data domain {each.name}" for each in self.organization.domains if each.account == account.name]
        return account.name, ", ".join(account.roles) or "no role", ", ".join([*teams, *domains])

    def _width_of(self, account: Account) -> int:
        name, *said = self._account(account)
        return max(width(name, SIZE, bold=True), *(width(line, SMALL) for line in said)) + 2 * PADDING

    def _columns(self, block: Block) -> list[list[Account]]:
        return [block.accounts[start : start + TALL] for start in range(0, len(block.accounts), TALL)]

    def _size(self, block: Block) -> tuple[int, int]:
        """Width and height: header, then accounts in columns, then units side by side."""
        name, said = block.lines
        columns = [max(map(self._width_of, column)) for column in self._columns(block)]
        inner = [self._size(each) for each in block.blocks]
        wides = [
            max(width(name, SIZE, bold=True), width(said, SMALL)),
            sum(columns) + GAP * (len(columns) - 1),
            sum(wide for wide, _ in inner) + GAP * (len(inner) - 1),
        ]
        rows = min(len(block.accounts), TALL)
        high = HEADER + rows * (ACCOUNT + GAP) + (max((tall for _, tall in inner), default=-GAP) + GAP)
        return max(wides) + 2 * PADDING, high + (0 if rows or inner else GAP)

    def _draw(self, figure: Figure, block: Block, x: int, y: int, size: tuple[int, int], style: str) -> None:
        figure.box(x, y, *size, style=style, key=_key(block))
        name, said = block.lines
        figure.text(x + PADDING, y + 17, name, bold=True)
        figure.text(x + PADDING, y + 32, said, tone="quiet", size=SMALL)
        left = x + PADDING
        for column in self._columns(block):
            for row, account in enumerate(column):
                self._draw_account(figure, account, left, y + HEADER + row * (ACCOUNT + GAP))
            left += max(map(self._width_of, column)) + GAP
        below, left = y + HEADER + min(len(block.accounts), TALL) * (ACCOUNT + GAP), x + PADDING
        sizes = [self._size(each) for each in block.blocks]
        tallest = max((tall for _, tall in sizes), default=0)
        for each, (wide, _) in zip(block.blocks, sizes, strict=True):
            self._draw(figure, each, left, below, (wide, tallest), "page" if style == "soft" else "soft")
            left += wide + GAP

    def _draw_account(self, figure: Figure, account: Account, x: int, y: int) -> None:
        name, roles, whose = self._account(account)
        key = f"account {account.name}"
        figure.box(x, y, self._width_of(account), ACCOUNT, tone=tier(account.environment), key=key)
        figure.text(x + PADDING, y + 17, name, bold=True)
        figure.text(x + PADDING, y + 32, roles, tone="quiet", size=SMALL)
        figure.text(x + PADDING, y + 46, whose, tone="quiet", size=SMALL)


def _walk(block: Block, depth: int) -> Iterator[tuple[Block, int]]:
    yield block, depth
    for each in block.blocks:
        yield from _walk(each, depth + 1)


def _key(block: Block) -> str:
    return f"unit {block.unit.key}" if block.unit else ROOT
