"""The report's releases in a real browser: drawn and listed alike, within a phone's width, and linked to stacks."""

from __future__ import annotations

from dataclasses import replace

import pytest

from policies.report.model import ReportData
from policies.report.releases import Message, Party, Release
from tests.policies.report.browsing import DESKTOP, PHONE, Open

pytestmark = pytest.mark.e2e  # it starts a browser

STACK = "payments-baseline"


@pytest.fixture
def data(data: ReportData) -> ReportData:
    """The sample with one release, which goes through three parties and comes back."""
    registry, bus, people = (
        Party(account, service)
        for account, service in (("payments", "SageMaker registry"), ("payments", "EventBridge"), ("network", "people"))
    )
    steps = ((people, registry, "approve a version"), (registry, bus, "Approved"), (bus, people, "asks for approval"))
    messages = tuple(Message(*step, STACK, f"aws_x.step_{number}") for number, step in enumerate(steps))
    return replace(data, releases=(Release("churn", messages),))


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_a_release_is_drawn_and_listed_alike(visit: Open, width: int) -> None:
    """Each step is an arrow and an item of the list; the page stays as wide as the screen and complains of nothing."""
    seen = visit(width)
    section = seen.page.locator("#releases")
    arrows = section.locator("g.message > text").all_text_contents()
    assert arrows == ["1. approve a version", "2. Approved", "3. asks for approval"]
    listed = section.locator("ol.steps li").all_text_contents()
    assert all(f": {arrow[3:]} " in text for text, arrow in zip(listed, arrows, strict=True))
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= width
    assert seen.complaints == []


def test_a_step_leads_to_the_stack_that_makes_it(visit: Open) -> None:
    """Its link opens the details of that stack."""
    page = visit().page
    page.locator("#releases ol.steps").get_by_role("link", name=STACK).first.click()
    assert page.locator(f"#stack-{STACK}").is_visible()
