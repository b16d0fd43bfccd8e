"""The report's page: escaped, self-contained, deterministic, and honest about what did not run."""

from __future__ import annotations

import copy
import re
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from policies.report import html
from policies.report.plans import Plans
from tests.policies.report.sample import collected

Json = dict[str, Any]
EVIL = "\"><script>alert(1)</script>&'${x}"


class Page(HTMLParser):
    """The tags with their attributes, and the text outside of style and script."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self._raw = False
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._raw = tag in ("style", "script")
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        self._raw = False

    def handle_data(self, data: str) -> None:
        if not self._raw:
            self.words.append(data)

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", " ".join(self.words))


@pytest.fixture(name="page", scope="module")
def _page(source: str) -> Page:
    return Page(source)


def poisoned(value: Any) -> Any:
    """The same structure with every text that is free (no id, date, outcome or number) made hostile."""
    kept = {"outcome", "status", "sha256", "expires", "valid_until", "started", "key", "parent", "unit"}
    if isinstance(value, dict):
        return {name: part if name in kept else poisoned(part) for name, part in value.items()}
    if isinstance(value, list):
        return [poisoned(part) for part in value]
    return value + EVIL if isinstance(value, str) else value


def test_hostile_text_stays_text(manifest: Json, verdict: Json, applied: Json, planned: Json, today: date) -> None:
    """With a script tag in every name, title, message and reason, the page has one script: its own."""
    verdict["stacks"] = {name + EVIL: judged for name, judged in verdict["stacks"].items()}
    hostile = [poisoned(part) for part in (manifest, verdict, applied, planned)]
    clean = Page(html.render(collected(manifest, None, None, None, today)))
    page = Page(html.render(collected(*hostile, today, added=EVIL)))
    assert [tag for tag, _ in page.tags].count("script") == 1
    assert {name for _, attributes in page.tags for name in attributes if name.startswith("on")} == set()
    assert EVIL in page.text
    assert page.tags[-1][0] == clean.tags[-1][0] == "script"


def test_equal_data_gives_equal_bytes(
    manifest: Json, verdict: Json, applied: Json, planned: Json, today: date, tmp_path: Path
) -> None:
    """Two reports of equal inputs are the same bytes, whatever the order of the verdict's parts."""
    shuffled = copy.deepcopy(verdict)
    shuffled["findings"].reverse()
    shuffled["stacks"] = dict(reversed(shuffled["stacks"].items()))
    for name, judged in (("one", verdict), ("two", shuffled)):
        html.write(collected(manifest, judged, applied, planned, today), tmp_path / "new" / name)
    assert (tmp_path / "new" / "one").read_bytes() == (tmp_path / "new" / "two").read_bytes()
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == ["one", "two"]


def test_nothing_is_loaded_from_outside(source: str, page: Page) -> None:
    """No element refers to anything but a place in the page itself, and the style imports nothing."""
    references = [
        attributes[name]
        for _, attributes in page.tags
        for name in ("href", "src", "srcset", "data", "action")
        if name in attributes
    ]
    assert references
    assert all(reference and reference.startswith("#") for reference in references)
    assert not {"link", "img", "iframe", "object", "embed", "base"} & {tag for tag, _ in page.tags}
    assert not re.search(r"@import|url\(|https?://", source)


def test_the_content_security_policy_allows_only_the_inline_style_and_script(page: Page) -> None:
    """The policy starts from nothing, names two hashes and no host, and `unsafe-inline` is not in it."""
    policy = next(
        attributes["content"]
        for tag, attributes in page.tags
        if tag == "meta" and attributes.get("http-equiv") == "Content-Security-Policy"
    )
    assert policy
    assert re.fullmatch(
        r"default-src 'none'; style-src 'sha256-\S+'; script-src 'sha256-\S+'; "
        r"base-uri 'none'; form-action 'none'",
        policy,
    )


def test_links_to_stacks_have_a_target(page: Page) -> None:
    """Every link inside the page leads to an id of the page, and no id stands twice."""
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    links = {attributes["href"] or "" for tag, attributes in page.tags if tag == "a"}
    assert len(ids) == len(set(ids))
    assert {link.removeprefix("#") for link in links} <= set(ids)


def test_findings_of_a_stack_that_is_not_synthesised_are_kept(manifest: Json, verdict: Json, today: date) -> None:
    """After a narrowed synthesis the verdict's other findings are still listed, without a link that leads nowhere."""
    manifest["stacks"] = [entry for entry in manifest["stacks"] if entry["id"] == "management-bootstrap"]
    page = Page(html.render(collected(manifest, verdict, None, None, today)))
    assert "payments-baseline (not in this synthesis)" in page.text
    assert "6 failed findings." in page.text
    assert {
        attributes["href"] for tag, attributes in page.tags if tag == "a" and attributes.get("class") == "code"
    } == {"#stack-management-bootstrap"}


def test_what_did_not_run_is_said(manifest: Json, today: date) -> None:
    """Without verdict, apply and plan the page says `not run` of each and calls nothing passed or applied."""
    text = Page(html.render(collected(manifest, None, None, None, today))).text
    assert "Policy gate Not run" in text
    for heading in ("Policy results", "Last apply", "Last plan"):
        assert re.search(rf"{heading} not run", text), heading
    assert not re.search(r"\b(passed|applied)\b", text.partition("Stack graph")[0])


def test_an_empty_organisation_renders(manifest: Json, verdict: Json, today: date) -> None:
    """No stack, no account and an empty verdict still make a page, with zeroes in it."""
    manifest["stacks"] = []
    manifest["organization"].update(units=[], accounts=[])
    verdict.update(passed=False, stacks={}, findings=[], valid_until=None)
    text = Page(html.render(collected(manifest, verdict, None, None, today))).text
    assert "Accounts 0" in text
    assert "Policy gate Failed" in text
    assert "No finding is waived." in text


def test_a_failed_verdict_shows_its_findings(page: Page) -> None:
    """A failed finding is shown with address, construct path, line, message and remediation."""
    details = page.text.rpartition("Details by stack")[2]
    assert "Policy gate Failed" in page.text
    for part in (
        "aws_kms_key.state payments-baseline/key stacks/payments-baseline/cdk.tf.json:57",
        "deletion_window_in_days is 7",
        "Set the deletion window to 14 days or more.",
        "KMS-02",
    ):
        assert part in details


def test_waivers_show_owner_reason_and_days_left(page: Page) -> None:
    """A waiver is listed with the days left, its date, owner, approver, ticket and reason."""
    text = page.text
    assert re.search(r"17 days left 2026-12-09 CKV2_AWS_62 .{,80} 20 findings", text)
    assert "platform-team security-board PLAT-7 State buckets have no consumer of events." in text


@pytest.mark.parametrize(
    ("days", "words"), [(2, "2 days left"), (1, "1 day left"), (0, "last day"), (-3, "ended 3 days ago")]
)
def test_days_left_are_words(manifest: Json, verdict: Json, days: int, words: str) -> None:
    """Days left read as words, also on the last day and after it."""
    expires = date.fromisoformat(verdict["valid_until"])
    report = collected(manifest, verdict, None, None, date.fromordinal(expires.toordinal() - days))
    assert words in Page(html.render(report)).text


def test_faults_of_the_gate_stand_on_top(manifest: Json, verdict: Json, today: date) -> None:
    """A fault of the scan is shown in words under what needs attention."""
    verdict["faults"] = [
        {
            "kind": "policy-crashed",
            "message": "KeyError: 'Statement'",
            "stack": "network-baseline",
            "policy": "CKV_MLGOV_1",
            "resource": None,
        }
    ]
    text = Page(html.render(collected(manifest, verdict, None, None, today))).text
    attention = text.partition("What needs attention")[2].partition("Stack graph")[0]
    assert "policy-crashed" in attention
    assert "network-baseline" in attention
    assert "KeyError: 'Statement'" in attention


def test_a_failed_apply_shows_error_and_log(page: Page) -> None:
    """A stack that failed to apply shows Terraform's error with the address, and the path of its log."""
    details = page.text.rpartition("Details by stack")[2]
    assert "aws_cloudwatch_log_group.platform: creating CloudWatch Logs Log Group" in details
    assert "AccessDeniedException: the role may not use the key" in details
    assert ".mlgov/acme/emulated/logs/observability-prod-observability.log" in details


def test_headings_of_tables_say_what_they_head(page: Page) -> None:
    """Every heading cell has a scope, and every form field a label or a name of its own."""
    scopes = {attributes.get("scope") for tag, attributes in page.tags if tag == "th"}
    assert scopes == {"col", "colgroup", "row", "rowgroup"}
    labels = [tag for tag, _ in page.tags].count("label")
    assert labels == sum(tag in ("input", "select") for tag, _ in page.tags)


def test_a_control_is_told_in_full(page: Page) -> None:
    """A control's part holds why, what to do, what it serves, its points, and where in the YAML a breach comes from."""
    text = page.text
    for part in (
        "Why KMS-02.",
        "Mend KMS-02.",
        "ISO/IEC 27001:2022: A.8.24",
        "EU AI Act (Regulation 2024/1689) (proposed): Art. 15",
        "no attached document holds it",
        "the gate sees every key",
        "reaches 18 of 19 accounts, not management",
        "from organization.yaml:9 payments",
        "from teams/lending.yaml:11 accounts.dev",
    ):
        assert part in text, part


def test_waivers_that_end_soon_show_where_they_stand(manifest: Json, verdict: Json, today: date) -> None:
    """A waiver that soon ends is told with its file, line and glob, also one that excepts nothing."""
    verdict["due"] = [
        {
            "where": "waivers.yaml:7",
            "policies": ["CKV_AWS_1", "CKV_AWS_2"],
            "resource": "*-logs/aws_s3_bucket.*",
            "reason": "r",
            "ticket": "SEC-9",
            "owner": "log-team",
            "approver": "ciso",
            "expires": "2026-11-30",
            "days_left": 9,
        }
    ]
    text = Page(html.render(collected(manifest, verdict, None, None, today))).text
    assert "8 days left waivers.yaml:7 CKV_AWS_1, CKV_AWS_2 on *-logs/aws_s3_bucket.* (log-team, SEC-9)" in text


def test_findings_of_a_plan_are_shown(manifest: Json, verdict: Json, today: date) -> None:
    """What the policies say of a saved plan stands in its stack and in what needs attention."""
    plans = Plans(verdict, {"payments-baseline": verdict["stacks"]["payments-baseline"]["sha256"]})
    text = Page(html.render(collected(manifest, None, None, None, today, plans=plans))).text
    assert "plan gate failed payments-baseline" in text.partition("What needs attention")[2].partition("Coverage")[0]
    assert "In the saved plan" in text


def test_a_control_that_nothing_carries_needs_attention(page: Page) -> None:
    """A control with a point that is asked for, and none that is carried, is named on top."""
    attention = page.text.partition("What needs attention")[2].partition("Coverage")[0]
    assert "coverage no point carries NET-07" in attention
    assert "KMS-02" not in attention
