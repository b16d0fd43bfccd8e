"""The summary for a pull request, as GitHub's own renderer of Markdown shows it."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import cmarkgfm
import pytest
from cmarkgfm.cmark import Options

from main import main
from policies.record import Outcome
from policies.report import markdown, markdown_text
from policies.verdict import Verdict
from tests.policies.outputs.verdicts import HOSTILE, everything, finding, hostile, many, verdict

OURS = {
    *[
        "a",
        "code",
        "details",
        "h2",
        "h3",
        "li",
        "p",
        "strong",
        "summary",
        "table",
        "tbody",
        "td",
        "th",
        "thead",
        "tr",
        "ul",
    ]
}
LINKS = "https://code.example/team/repo/blob/0a1b2c"


class Page(HTMLParser):
    """What a reader of the comment gets: elements, targets, texts in and outside of code; tags must be balanced."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.targets: list[str] = []
        self.outside_code = ""
        self.code: list[str] = []
        self._open: list[str] = []
        # Raw HTML is let through, as only so does a test see it; GitHub takes dangerous tags out besides.
        self.feed(cmarkgfm.github_flavored_markdown_to_html(text, options=Options.CMARK_OPT_UNSAFE))
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self._open.append(tag)
        self.targets += [value or "" for name, value in attrs if name in ("href", "src")]
        assert {name for name, _ in attrs} <= {"href", "align"}
        if tag == "code":
            self.code.append("")

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "code" in self._open:
            self.code[-1] += data
        else:
            self.outside_code += data


def test_a_good_gate_is_three_lines() -> None:
    """Nothing but the word, the counts and how long it holds."""
    given = verdict([finding(Outcome.PASSED), finding(Outcome.WAIVED, "aws_x.z")])
    assert markdown.render(given) == (
        "## mlgov gate: policies hold in 1 stack; waivers hold until 2027-01-31\n\n"
        "| not met | waived | met | faults |\n| ---: | ---: | ---: | ---: |\n| 0 | 1 | 1 | 0 |\n"
    )


def test_the_worst_policy_comes_first_folded_with_its_places() -> None:
    """The fold names severity, control, policy and number; in it are what to do, address, file, line and construct."""
    text = markdown.render(everything())
    order = [text.index(policy) for policy in ("CKV_MLGOV_10<", "CKV_MLGOV_11<", "CKV_MLGOV_7<", "CKV_MLGOV_12<")]
    assert order == sorted(order)
    assert (
        "<details><summary>CRITICAL LOG-03 <code>CKV_MLGOV_10</code> Log groups are encrypted and keep for a time: "
        "1 not met</summary>\nTo do: Set retention_in_days.\n\n- `a-trail/aws_x.y`: `retention is not set` at "
        "`cdktf.out/stacks/a-trail/cdk.tf.json:12`, construct `a-trail/trail/aws_x.y`\n\n</details>\n"
    ) in text


def test_it_tells_faults_stacks_and_waivers_that_end_soon() -> None:
    """Each fault, each stack that did not pass, and of a due waiver where it stands, when it ends and whose it is."""
    text = markdown.render(everything())
    assert "## mlgov gate: FAILED, 2 stacks" in text
    assert "- `policy-not-loaded: CKV_MLGOV_9: SyntaxError`" in text
    assert "- `a-trail`: 5 not met, 1 waived, with faults" in text
    assert "- `b-data lake`" not in text
    assert (
        "- `waivers.yaml:9` ends 2026-12-04, 11 days left: `CKV_AWS_18, CKV_AWS_145` on `a-trail/*` "
        "(`OPS-7`, `ops@example.com`)"
    ) in text


def test_what_the_baseline_does_not_have_is_new() -> None:
    """A failed finding is new unless it failed in the baseline, too; a line that moved makes none."""
    known, waived = finding(Outcome.FAILED, "aws_x.known", line=1), finding(Outcome.WAIVED, "aws_x.waived")
    now = [finding(Outcome.FAILED, name) for name in ("aws_x.known", "aws_x.new", "aws_x.waived")]
    text = markdown.render(verdict(now), verdict([known, waived]))
    assert "| not met | new | waived | met | faults |" in text
    assert "| 3 | 2 | 0 | 0 | 0 |" in text
    assert "3 not met (2 new)</summary>" in text
    marked = re.findall(r"^- (\*\*new\*\* )?`a-trail/aws_x\.(\w+)`", text, re.MULTILINE)
    assert marked == [("", "known"), ("**new** ", "new"), ("**new** ", "waived")]
    assert "new" not in markdown.render(verdict(now[:1]))


def test_files_are_links_when_it_is_known_where_they_are() -> None:
    """The link is of file and line below the given URL, and nothing else on the page is one."""
    page = Page(markdown.render(hostile(), links=LINKS))
    assert set(page.targets) == {f"{LINKS}/cdktf.out/stacks/a-trail/cdk.tf.json#L12"}
    assert Page(markdown.render(everything())).targets == []


def test_no_text_of_a_stack_takes_effect() -> None:
    """Markup, HTML, links and mentions of a name, a message or a waiver are shown as they are written."""
    page = Page(markdown.render(hostile()))
    assert page.tags <= OURS - {"a"}
    assert "@someone" not in page.outside_code
    for text in HOSTILE:
        shown = " ".join(re.split(r"[\s\x00-\x1f\x7f]+", text)).strip()[:70]
        assert any(shown in code for code in page.code), text


@pytest.mark.parametrize(("seed", "size"), [(1, 10), (2, 100), (3, 1_500)])
def test_it_always_fits_into_a_comment(seed: int, size: int) -> None:
    """Less than 60,000 bytes of whole markup, however many findings and however long their texts."""
    given = many(seed, size)
    text = markdown.render(given, verdict([]), LINKS)
    assert len(text.encode()) < markdown_text.LIMIT
    assert Page(text).tags <= OURS
    if size > 10:
        assert "more, see `results.csv`" in text
    if size == 1_500:
        assert len(text.encode()) > markdown_text.LIMIT / 2


def test_equal_verdicts_make_equal_bytes() -> None:
    """The order of findings in the verdict does not matter."""
    given = many(1, 50)
    turned = Verdict.model_validate(given.model_dump() | {"findings": given.findings[::-1]})
    assert markdown.render(turned) == markdown.render(given)


@pytest.mark.parametrize("url", ["javascript:alert(1)", "https://a b", "https://a)[x](https://b", ""])
def test_links_are_only_below_a_web_address(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Anything else is told with exit code 2 before anything is judged."""
    with pytest.raises(SystemExit) as stopped:
        main(["gate", "--links", url])
    assert stopped.value.code == 2
    assert "is no http or https URL" in capsys.readouterr().err
