"""The report in a real browser: it runs clean, asks for nothing, fits a phone and answers to the keyboard."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pytest

from policies.report import html
from policies.report.model import ReportData

pytestmark = pytest.mark.e2e  # it starts a browser

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP, PHONE = 1280, 390


@dataclass
class Visit:
    """A page open in the browser, with what it complained of and what it asked for."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)


Open = Callable[..., Visit]


def _missing(what: str) -> NoReturn:
    """Skip; but in CI a missing browser would hide every fact of this file, so there it is a failure."""
    if os.environ.get("CI") == "true":
        pytest.fail(what)
    pytest.skip(what)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests of this file."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        _missing("playwright is not installed: `pip install playwright` (its browser download is not needed)")
    executable = next(filter(None, map(shutil.which, BROWSERS)), None)
    if executable is None:
        _missing(f"none of {', '.join(BROWSERS)} is on PATH: install one, on Debian `apt-get install chromium`")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, headless=True, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def report(data: ReportData, tmp_path: Path) -> Path:
    """The report as a file."""
    target = tmp_path / "report.html"
    html.write(data, target)
    return target


@pytest.fixture
def visit(browser: Browser, report: Path) -> Iterator[Open]:
    """Opens the report at a width in pixels; `scripts` and `scheme` as the browser's settings."""
    contexts = []

    def open_report(width: int = DESKTOP, *, scripts: bool = True, scheme: str = "light", place: str = "") -> Visit:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            java_script_enabled=scripts,
            color_scheme="dark" if scheme == "dark" else "light",
        )
        contexts.append(context)
        seen = Visit(context.new_page())
        seen.page.on("console", lambda message: seen.complaints.append(message.text))
        seen.page.on("pageerror", lambda error: seen.complaints.append(str(error)))
        seen.page.on("request", lambda request: seen.requests.append(request.url))
        seen.page.goto(report.as_uri() + place)
        return seen

    yield open_report
    for context in contexts:
        context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_it_renders_clean_and_fits(visit: Open, report: Path, width: int, scheme: str) -> None:
    """At both widths, light and dark: no console message, no further request, no sideways page scroll."""
    seen = visit(width, scheme=scheme)
    seen.page.locator("a.node").nth(20).click()
    seen.page.evaluate("document.querySelectorAll('details').forEach(item => { item.open = true; })")
    assert seen.complaints == []
    assert seen.requests == [report.as_uri()]
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= width
    background = seen.page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert background == {"light": "rgb(245, 246, 248)", "dark": "rgb(18, 21, 26)"}[scheme]


def test_the_content_security_policy_stops_foreign_script_and_requests(visit: Open) -> None:
    """A script and an image added to the page are refused by the browser."""
    page = visit().page
    page.evaluate("""() => {
        document.addEventListener('securitypolicyviolation',
            event => document.body.setAttribute('data-refused',
                (document.body.getAttribute('data-refused') || '') + event.effectiveDirective + ' '));
        const script = document.createElement('script');
        script.textContent = 'document.body.id = "owned"';
        const image = document.createElement('img');
        image.src = 'https://example.invalid/x.png';
        document.body.append(script, image);
    }""")
    page.wait_for_function("(document.body.getAttribute('data-refused') || '').includes('img-src')")
    assert "script-src" in (page.locator("body").get_attribute("data-refused") or "")
    assert page.locator("body").get_attribute("id") is None


def test_selecting_a_node_shows_its_stack(visit: Open) -> None:
    """A click on a node shows that stack's details beside the graph and marks its dependencies."""
    page = visit().page
    page.locator("a.node[data-stack='payments-baseline']").click()
    panel = page.locator("#panel")
    assert panel.locator("h3").inner_text() == "payments-baseline"
    assert "deletion_window_in_days is 7" in panel.inner_text()
    near = page.locator("a.node.near").evaluate_all("nodes => nodes.map(node => node.dataset.stack)")
    assert sorted(near) == ["management-organization", "payments-access", "payments-baseline"]
    shown = page.locator(".edges .on").evaluate_all("all => all.map(line => getComputedStyle(line).display)")
    assert shown == ["inline", "inline"]


def test_the_keyboard_is_enough(visit: Open) -> None:
    """Tab reaches a node, Enter opens its details and moves there, Escape closes them and leads back."""
    page = visit().page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to what needs attention"
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.classList.contains('node')"):
            break
    node = page.evaluate("document.activeElement.dataset.stack")
    assert node == "management-bootstrap"
    outline = page.evaluate("getComputedStyle(document.activeElement.querySelector('.box')).strokeWidth")
    assert outline == "2.5px"
    page.keyboard.press("Enter")
    assert page.locator("#panel h3").inner_text() == node
    assert page.evaluate("document.activeElement.id") == "panel"
    page.keyboard.press("Escape")
    assert page.locator("#panel").is_hidden()
    assert page.evaluate("document.activeElement.dataset.stack") == node


def test_the_filter_narrows_the_table(visit: Open) -> None:
    """Text, environment and status narrow the table together, and the number shown is said."""
    page = visit().page
    rows = page.locator("#stack-table tbody tr:visible")
    assert rows.count() == 45
    page.get_by_label("Text").fill("LENDING")
    assert rows.count() == 6
    page.get_by_label("Environment").select_option("dev")
    assert rows.count() == 2
    page.get_by_label("Status").select_option("gate failed")
    assert rows.locator("th").all_inner_texts() == ["lending-dev-access"]
    assert page.locator("#filter output").inner_text() == "1 of 45 shown"


def test_a_link_to_a_stack_opens_its_details(visit: Open) -> None:
    """Following a link to a stack opens the closed details that hold it."""
    page = visit().page
    page.locator("#stack-table").get_by_role("link", name="network-baseline").click()
    assert page.locator("#stack-network-baseline").is_visible()


def test_it_reads_without_javascript(visit: Open) -> None:
    """With scripts off the filter is not offered, and details open by click and by link."""
    page = visit(scripts=False, place="#stack-payments-baseline").page
    assert page.locator("#filter").is_hidden()
    assert page.locator("#stack-table tbody tr").count() == 45
    assert page.locator("#stack-payments-baseline").is_visible()
    page.locator("details.stack summary").first.click()
    assert page.locator("#stack-management-bootstrap").is_visible()


def test_printing_shows_everything(visit: Open) -> None:
    """Printing opens all details and closes them again, fits the paper, is light, and leaves controls out."""
    page = visit(720, scheme="dark").page
    closed = page.locator("details:not([open])").count()
    assert closed > 45
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.locator("details:not([open])").count() == 0
    assert page.locator("nav").is_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") <= 720
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.locator("details:not([open])").count() == closed
