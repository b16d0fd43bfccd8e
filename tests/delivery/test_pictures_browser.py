"""The pictures in a real browser: texts stay in their boxes whatever the font, and both schemes are drawn."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from delivery.pictures.formats import drawable
from environments.graph import StackGraph
from environments.load import load
from tests.policies.report.browsing import browser  # noqa: F401 - a fixture

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.e2e  # it starts a browser

ROOT = Path(__file__).parents[2]
# The innermost box around where each text begins, and how far the text reaches beyond it, in pixels.
OUTSIDE = """() => {
    const boxes = [...document.querySelectorAll('rect[data-key]')].map(box => box.getBoundingClientRect());
    return [...document.querySelectorAll('text')].map(text => {
        const own = text.getBoundingClientRect(), x = own.left + 1, y = (own.top + own.bottom) / 2;
        const around = boxes.filter(box => box.left <= x && x <= box.right && box.top <= y && y <= box.bottom);
        const inner = around.sort((one, other) => one.width - other.width)[0];
        return {text: text.textContent, inside: Boolean(inner),
                over: inner ? Math.max(own.right - inner.right, own.bottom - inner.bottom, inner.top - own.top) : 0};
    });
}"""
BOXES = """() => [...document.querySelectorAll('rect[data-key]')].map(each => {
    const box = each.getBoundingClientRect();
    return {key: each.dataset.key, left: box.left, right: box.right, top: box.top, bottom: box.bottom};
})"""


@pytest.fixture(name="page", params=["light", "dark"])
def _page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:  # noqa: F811 - the fixture
    context = browser.new_context(color_scheme=request.param)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize(
    ("of", "level", "select"),
    [("organization", "account", None), ("stacks", "account", None), ("stacks", "stack", "fraud-dev-*")],
)
@pytest.mark.parametrize("font", ["Helvetica", "monospace"])
def test_texts_stay_in_their_boxes_and_boxes_apart(
    page: Page, tmp_path: Path, of: str, level: str, select: str | None, font: str
) -> None:
    """In a font that is much wider than the one that was reckoned with, too; the page is as dark as its scheme."""
    written = drawable(StackGraph(load(ROOT / "environments")), of=of, level=level, select=select).svg()
    file = tmp_path / "picture.svg"
    file.write_text(written.replace('font-family="Helvetica', f'font-family="{font}'), encoding="utf-8")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(file.as_uri())
    texts: list[dict[str, Any]] = page.evaluate(OUTSIDE)
    assert sum(text["inside"] for text in texts) > 30
    assert [text for text in texts if text["over"] > 1] == []
    boxes: list[dict[str, Any]] = page.evaluate(BOXES)
    assert [pair for pair in _pairs(boxes) if not _apart(*pair) and not _one_in_the_other(*pair)] == []
    dark = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    ground = page.evaluate("getComputedStyle(document.querySelector('rect.page')).fill")
    assert ground == ("rgb(18, 21, 26)" if dark else "rgb(255, 255, 255)")
    assert asked == [file.as_uri()]


def _pairs(boxes: list[dict[str, Any]]) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    return [(one, other) for number, one in enumerate(boxes) for other in boxes[number + 1 :]]


def _apart(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return bool(
        one["right"] <= other["left"]
        or other["right"] <= one["left"]
        or one["bottom"] <= other["top"]
        or other["bottom"] <= one["top"]
    )


def _one_in_the_other(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """As an account in its unit: the later box is drawn within the one before."""
    return bool(
        one["left"] < other["left"]
        and other["right"] < one["right"]
        and one["top"] < other["top"]
        and other["bottom"] < one["bottom"]
    )
