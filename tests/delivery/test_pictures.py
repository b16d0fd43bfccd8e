"""Pictures of organisation and stacks: complete, the same each time, small enough for what draws them, and valid."""

from __future__ import annotations

import json
import re
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree

import pytest

import main
from delivery.pictures import figure, flow, layers
from delivery.pictures.flow import Arrow, Box, Flow
from delivery.pictures.formats import FORMATS, drawable
from delivery.pictures.metrics import width
from delivery.pictures.organisation import Picture
from environments.graph import StackGraph
from environments.load import load
from environments.model import Unit
from modules.core.errors import ConfigError
from policies.report.implied import implied

ROOT = Path(__file__).parents[2]
KINDS = (("organization", "account"), ("stacks", "account"), ("stacks", "stack"))
# What mermaid's lexer of flow charts takes as text between quotes, and the words of ours around it.
NODE = r'  n\d+\["[^"`\\]*"\]'
ARROW = r'  n\d+ -->(\|"[^"`\\]*"\|)? n\d+'


@pytest.fixture(name="graph", scope="module")
def _graph() -> StackGraph:
    return StackGraph(load(ROOT / "environments"))


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_every_format_shows_everything_that_was_chosen(graph: StackGraph, name: str) -> None:
    """Each account of the organisation and of the overview, each stack where stacks are drawn."""
    accounts = {account.name for account in graph.organization.accounts}
    for of, level in KINDS:
        written = FORMATS[name](drawable(graph, of=of, level=level))
        assert all(each in written for each in (accounts if level == "account" else graph.nodes)), (of, level)
        assert written == FORMATS[name](drawable(graph, of=of, level=level))


def test_text_and_json_have_every_edge_and_pictures_those_that_do_not_follow(graph: StackGraph) -> None:
    """What a picture leaves out can be told from what it shows."""
    edges = {(one, node.id) for node in graph.nodes.values() for one in graph.depends_on(node)}
    picture = drawable(graph, of="stacks", level="stack")
    stacks = json.loads(picture.json())["stacks"]
    assert {(one, stack["id"]) for stack in stacks for one in stack["depends_on"]} == edges
    assert sum(line.count(",") + 1 for line in picture.text().splitlines() if "<-" in line) == len(edges)
    drawn = {(arrow.source, arrow.target) for arrow in picture.flow().arrows}
    assert drawn < edges
    assert _reachable(drawn) == _reachable(edges)


def _reachable(edges: set[tuple[str, str]]) -> dict[str, frozenset[str]]:
    needs: dict[str, set[str]] = {}
    for one, other in edges:
        needs.setdefault(other, set()).add(one)
    found: dict[str, frozenset[str]] = {}

    def up(key: str) -> frozenset[str]:
        if key not in found:
            above = needs.get(key, set())
            found[key] = frozenset(above).union(*map(up, above))
        return found[key]

    return {key: up(key) for key in needs}


def test_the_overview_counts_every_stack_and_every_edge_between_accounts(graph: StackGraph) -> None:
    """By account and wave, and by account and account; waves are those of the text."""
    accounts = json.loads(drawable(graph, of="stacks", level="account").json())["accounts"]
    listed = [stack for account in accounts for wave in account["waves"].values() for stack in wave]
    assert sorted(listed) == sorted(graph.nodes)
    nodes = graph.nodes
    between = [
        (nodes[one].account.name, node.account.name) for node in nodes.values() for one in graph.depends_on(node)
    ]
    wanted = sum(one != other for one, other in between)
    assert sum(count for account in accounts for count in account["waits_for"].values()) == wanted > 0
    last = max(int(wave) for account in accounts for wave in account["waves"])
    assert f"wave {last}\n" in drawable(graph, of="stacks", level="stack").text()


def test_stacks_of_an_account_stand_among_the_accounts_around_them(graph: StackGraph) -> None:
    """Those waited for and those that wait are boxes of their own: what is between them cannot be a cycle."""
    picture = drawable(graph, of="stacks", level="stack", select="network-*")
    boxes = {box.key for box in picture.flow().boxes}
    assert {node.id for node in graph.select("network-*")} == {key for key in boxes if key in graph.nodes}
    assert {"before:management", "after:management", "after:fraud-dev"} <= boxes
    assert {stack["account"] for stack in json.loads(picture.json())["stacks"]} == {"network"}


@pytest.mark.parametrize("select", [None, "fraud-dev-*", "network-*"])
def test_nothing_overlaps_and_no_line_runs_behind_a_box(graph: StackGraph, select: str | None) -> None:
    """Boxes keep their distance, and each line's way through a column is between boxes."""
    root = ElementTree.fromstring(drawable(graph, of="stacks", level="stack", select=select).svg())
    named = [each for each in root.iter() if each.get("data-key")]
    boxes = [[int(each.attrib[side]) for side in ("x", "y", "width", "height")] for each in named]
    for (x, y, wide, high), (x2, y2, wide2, high2) in combinations(boxes, 2):
        assert x + wide <= x2 or x2 + wide2 <= x or y + high <= y2 or y2 + high2 <= y
    lines = [each for each in root.iter() if each.get("data-edge")]
    assert lines
    for line in lines:
        dx, dy = map(int, re.findall(r"-?\d+", line.attrib["transform"]))
        for start, y, end in _level_parts(line.attrib["d"]):
            behind = [box for box in boxes if box[0] < end + dx and start + dx < box[0] + box[2]]
            assert all(not box[1] < y + dy < box[1] + box[3] for box in behind), line.attrib


def _level_parts(path: str) -> list[tuple[int, int, int]]:
    """From x at height y to x, of the parts of a path that run level; curves stand between columns."""
    x, y = (int(number) for number in re.match(r"M(\S+) (\d+)", path).groups())  # type: ignore[union-attr]
    parts = []
    for end, curve in re.findall(r"H(-?\d+)C([^H]+)", path):
        parts.append((x, y, int(end)))
        x, y = (int(number) for number in curve.split()[-2:])
    return parts


@pytest.mark.parametrize("of", ["organization", "stacks"])
def test_every_text_ends_within_its_box(graph: StackGraph, of: str) -> None:
    """Each text has the width that was reckoned, and its box is wider."""
    root = ElementTree.fromstring(drawable(graph, of=of, level="account").svg())
    boxes: list[dict[str, int]] = []
    checked = 0
    for each in root.iter():
        if each.get("data-key"):
            boxes.append({side: int(each.attrib[side]) for side in ("x", "y", "width", "height")})
        if each.tag.endswith("}text"):
            x, y, end = int(each.attrib["x"]), int(each.attrib["y"]), int(each.attrib["textLength"])
            around = [box for box in boxes if box["x"] <= x <= box["x"] + box["width"] and _within(y, box)]
            checked += bool(around)
            assert all(x + end <= box["x"] + box["width"] for box in around), each.text
    assert checked > 40


def _within(y: int, box: dict[str, int]) -> bool:
    return box["y"] <= y <= box["y"] + box["height"]


def test_a_picture_has_a_title_and_a_description_and_asks_for_nothing(graph: StackGraph) -> None:
    """What reads it aloud hears what it shows; no script, style, font or image comes from elsewhere."""
    for of, level in KINDS:
        written = drawable(graph, of=of, level=level).svg()
        root = ElementTree.fromstring(written)
        assert root.attrib["role"] == "img"
        assert [each.text for each in root if each.get("id") == "title"] == [
            drawable(graph, of=of, level=level).flow().title
        ]
        assert [len(each.text or "") > 40 for each in root if each.get("id") == "description"] == [True]
        assert not re.search(r"<script|href|url\((?!#)|@import|<image", written)


def test_what_is_written_can_be_read_light_and_dark() -> None:
    """Every colour of a text has a contrast of 4.5:1 on every ground that it stands on (WCAG 2.2, 1.4.3)."""
    assert set(figure.LIGHT) == set(figure.DARK)
    for colours in (figure.LIGHT, figure.DARK):
        for text in ("text", "quiet"):
            for ground in ("page", "box", "soft"):
                assert _contrast(colours[text], colours[ground]) >= 4.5, (text, ground)
        for tier in ("foundation", "production", "non-production"):
            assert _contrast(colours[tier], colours["page"]) >= 4.5, tier
        assert _contrast(colours["line"], colours["page"]) >= 3  # what is no text (1.4.11)


def _contrast(one: str, other: str) -> float:
    def light(colour: str) -> float:
        parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    darker, lighter = sorted((light(one), light(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_names_of_any_kind_stay_text(graph: StackGraph) -> None:
    """What would be markup in one of the formats is escaped there; a word of Mermaid's is no id."""
    name = 'end <b>"R&D"</b> #1 `x` \\ \x07'
    unit = Unit(key="odd", name=name, parent=None, kind=None, guardrails="standard")
    organization = graph.organization.model_copy(update={"units": (*graph.organization.units, unit)})
    picture = Picture(organization)
    root = ElementTree.fromstring(picture.svg())
    assert name.replace("\x07", "\N{REPLACEMENT CHARACTER}") in [each.text for each in root.iter()]
    written = FORMATS["mermaid"](picture)
    assert "end #lt;b#gt;#quot;R#amp;D#quot;#lt;/b#gt; #35;1 #96;x#96; #92;" in written
    assert r'label="end <b>\"R&D\"</b> #1 `x` \\' in FORMATS["dot"](picture)
    assert json.loads(picture.json())["units"][-1]["name"] == name


def test_mermaid_is_what_its_grammar_says(graph: StackGraph) -> None:
    """A comment, the head, then nodes and arrows between them, each id declared once."""
    for of, level in KINDS:
        comment, head, *lines = FORMATS["mermaid"](drawable(graph, of=of, level=level)).splitlines()
        assert (comment[:3], head) == ("%% ", "flowchart LR")
        assert [line for line in lines if not re.fullmatch(f"{NODE}|{ARROW}", line)] == []
        declared = re.findall(r"^  (n\d+)\[", "\n".join(lines), re.MULTILINE)
        used = set(re.findall(r"\bn\d+(?= -->)|(?<= )n\d+$", "\n".join(lines), re.MULTILINE))
        assert len(declared) == len(set(declared))
        assert used <= set(declared)


def test_a_picture_that_mermaid_would_not_draw_is_refused(graph: StackGraph) -> None:
    """The whole reference organisation stays below Mermaid's limits; beyond them the error says what to do."""
    written = FORMATS["mermaid"](drawable(graph, of="stacks", level="stack"))
    assert written.count(" -->") <= flow.MAX_ARROWS
    assert len(written) <= flow.MAX_CHARACTERS
    boxes = [Box("a", ("a",)), Box("b", ("b",))]
    with pytest.raises(ConfigError, match=r"501 arrows .* --level account"):
        flow.mermaid(Flow("t", boxes, [Arrow("a", "b")] * 501))
    with pytest.raises(ConfigError, match="more than Mermaid draws"):
        flow.mermaid(Flow("t", [Box("a", ("x" * 50_001,))], []))


def test_lines_cross_no_more_than_they_must() -> None:
    """Two producers whose consumers are listed the other way round are drawn without a crossing."""
    needs = {"a": [], "b": [], "of-b": ["b"], "of-a": ["a"], "late": ["of-a", "b"]}
    placed = layers.place(needs, dict.fromkeys(needs, (100, 40)))
    first, second = placed.at["a"][1] < placed.at["b"][1], placed.at["of-a"][1] < placed.at["of-b"][1]
    assert first == second
    assert ("a", "late") not in placed.lines
    assert ("b", "late") in placed.lines


def test_edges_that_follow_from_others_are_known() -> None:
    """Over any number of steps; what is no node of the graph is left out."""
    needs = {"a": [], "b": ["a", "gone"], "c": ["b"], "d": ["a", "c"]}
    assert implied(needs) == {("a", "d")}


def test_a_width_is_that_of_helvetica() -> None:
    """By the font's metrics, rounded up; what the font lacks counts as wide."""
    assert width("fraud", 1000) == 278 + 333 + 556 + 556 + 556
    assert width("i", 13) == 3
    assert width("漢", 10) == 10
    assert width("e\u0301", 1000) == 556


def test_the_pictures_of_the_readme_are_what_the_command_draws(capsys: pytest.CaptureFixture[str]) -> None:
    """docs/organisation.svg and docs/stacks.svg are current: `make pictures` writes them anew."""
    for name, options in (("organisation", ["--of", "organization"]), ("stacks", [])):
        assert main.main(["graph", "--config", str(ROOT / "environments"), "--format", "svg", *options]) == 0
        assert capsys.readouterr().out == (ROOT / "docs" / f"{name}.svg").read_text(encoding="utf-8"), name


def test_options_that_say_nothing_of_the_organisation_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """`--stack` beside `--of organization` would be left out silently."""
    config = str(ROOT / "environments")
    assert main.main(["graph", "--config", config, "--of", "organization", "--stack", "network-*"]) == 2
    assert "leave them out" in capsys.readouterr().err


def test_the_text_of_an_account_and_of_the_organisation(graph: StackGraph) -> None:
    """Lines for people: roles and whose an account is; waves and what it waits for."""
    tree = drawable(graph, of="organization", level="account").text()
    assert "      fraud-dev: ml-team; team fraud (dev)\n" in tree
    assert "data-customers: data-domain; data domain customers\n" in tree
    rows = drawable(graph, of="stacks", level="account").text()
    assert re.search(
        r"^log-archive: 7 stacks, waves 3 to 8  <- management \(8\), observability-prod \(4\)$", rows, re.M
    )
