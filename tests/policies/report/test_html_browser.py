"""The report in a real browser: it runs clean, asks for nothing, fits a phone and answers to the keyboard."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.policies.report.browsing import DESKTOP, PHONE, Open

pytestmark = pytest.mark.e2e  # it starts a browser


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_it_renders_clean_and_fits(visit: Open, report: Path, width: int, scheme: str) -> None:
    """At both widths, light and dark: no console message, no further request, no sideways page scroll."""
    seen = visit(width, scheme=scheme)
    seen.page.locator("a.node").nth(20).click()
    seen.page.locator("#matrix td").nth(30).click()
    seen.page.locator("#framework-choice select").select_option("iso_27001")
    seen.page.get_by_label("Search everything").fill("payments")
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
    assert panel.locator("h2").inner_text() == "payments-baseline"
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
    page.locator("a[href='#policies']").focus()
    for _ in range(120):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.classList.contains('node')"):
            break
    node = page.evaluate("document.activeElement.dataset.stack")
    assert node == "management-bootstrap"
    outline = page.evaluate("getComputedStyle(document.activeElement.querySelector('.box')).strokeWidth")
    assert outline == "2.5px"
    page.keyboard.press("Enter")
    assert page.locator("#panel h2").inner_text() == node
    assert page.evaluate("document.activeElement.id") == "panel"
    page.keyboard.press("Escape")
    assert page.locator("#panel").is_hidden()
    assert page.evaluate("document.activeElement.dataset.stack") == node


def test_the_filter_narrows_the_table(visit: Open) -> None:
    """Text, environment and status narrow the table together, and the number shown is said."""
    page = visit().page
    rows = page.locator("#stack-table tbody tr:visible")
    assert rows.count() == 45
    page.locator("#filter").get_by_label("Text").fill("LENDING")
    assert rows.count() == 6
    page.locator("#filter").get_by_label("Environment").select_option("dev")
    assert rows.count() == 2
    page.locator("#filter").get_by_label("Status").select_option("gate failed")
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
