"""Saved queries of CloudWatch Logs Insights: the language has no other interpreter than AWS's, so it is checked here.

Each command, function and field is one that the documentation has; expressions are tried on lines as they are logged.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from modules.observability.insights_queries import SAVED, InsightsQuery
from modules.observability.log_catalogue import CATALOGUE
from modules.observability.saved_queries import SavedQueries
from tests.support.rendering import NAMING, render

QUERIES = {f"{asker}-{query.name}": query for asker, queries in SAVED.items() for query in queries}
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax.html
COMMANDS = ("dedup", "display", "fields", "filter", "limit", "parse", "sort", "stats")
FUNCTIONS = ("avg", "bin", "count", "count_distinct", "earliest", "ispresent", "latest", "max", "min", "pct", "sum")
SYSTEM_FIELDS = ("@log", "@logStream", "@message", "@timestamp")
WORDS = ("and", "as", "asc", "by", "desc", "in", "like", "not", "or")
# What JSON that is logged there brings as fields.
LOGGED = {
    "functions": ("level", "message", "record.metrics", "type"),
    "state-machines": ("details.cause", "details.error", "execution_arn", "type"),
    "sensitive-data-findings": ("dataIdentifiers.0.name", "resourceArn"),
    "network-firewall": ("event.dest_ip", "event.dest_port", "event.http.hostname", "event.src_ip", "event.tls.sni"),
    "bedrock-invocations": ("identity.arn", "input.inputTokenCount", "modelId", "output.outputTokenCount"),
}


def _bare(step: str) -> str:
    """The command without its texts and regular expressions."""
    return re.sub(r"/(?:\\.|[^/\\])+/|\"[^\"]*\"", " ", step)


def _given(step: str) -> Iterator[str]:
    """The names that a command gives: aliases, and what parse takes out."""
    yield from re.findall(r"\(\?<(\w+)>", step)
    if step.startswith("parse"):
        yield from re.findall(r"\w+", _bare(step).partition(" as ")[2])
    elif step.startswith("stats"):
        yield from re.findall(r" as (\w+)", _bare(step))


def _expressions(text: str) -> list[str]:
    """The regular expressions as Python has them, which names groups otherwise."""
    found = re.findall(r"(?:like|@message|@logStream) /((?:\\.|[^/\\])+)/", text)
    return [each.replace("(?<", "(?P<") for each in found]


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)
def test_a_query_is_made_of_commands_functions_and_fields_that_there_are(query: InsightsQuery) -> None:
    """What stats leaves is what it is grouped by and what it counts; a limit is within what Insights takes."""
    known = {*SYSTEM_FIELDS, *(field for purpose in query.purposes for field in LOGGED.get(purpose, ()))}
    for step in query.text.partition("\n")[2].split("\n| "):
        command, _, rest = _bare(step).partition(" ")
        assert command in COMMANDS, step
        assert rest.count("(") == rest.count(")"), step
        called = set(re.findall(r"(\w+)\(", rest))
        assert called <= set(FUNCTIONS), step
        given = set(_given(step))
        used = set(re.findall(r"(?<![\w.])@?[A-Za-z][\w.]*", rest)) - called - set(WORDS) - given
        assert all(any(each == name or each.startswith(f"{name}.") for name in known) for each in used), (step, used)
        if command == "stats":
            grouped = {each.strip() for each in rest.rpartition(" by ")[2].split(",")}
            known = given | {each for each in grouped if "(" not in each}
        known |= given
        if command == "limit":
            assert 1 <= int(rest) <= 10_000


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)
def test_a_query_reads_the_log_groups_of_its_purposes_alone(query: InsightsQuery) -> None:
    """Of whatever account: of each group of the catalogue the expression says whether it is one of these."""
    within = re.compile(_expressions(query.text)[0])
    for purpose in CATALOGUE:
        log = f"222222222222:{purpose.pattern.replace('*', 'acme-dev-x')}"
        assert bool(within.search(log)) == (purpose.name in query.purposes)


LINES = {
    "cloud-administrator-denied-calls": (
        "An error occurred (AccessDenied): User: x is not authorized to perform: sagemaker:CreateModel on resource: y",
        {"action": "sagemaker:CreateModel"},
    ),
    "cloud-administrator-failed-builds": (
        "[Container] 2026/11/23 05:00:00 Phase complete: BUILD State: FAILED",
        {"phase": "BUILD", "state": "FAILED"},
    ),
    "ml-engineer-endpoint-answers": (
        '10.32.0.2 - - [23/Nov/2026:05:00:00 +0000] "POST /invocations HTTP/1.1" 200 12 "-" "Apache-HttpClient"',
        {"status": "200"},
    ),
}


@pytest.mark.parametrize("name", LINES)
def test_what_is_parsed_stands_in_the_lines(name: str) -> None:
    """As builds, servers of models and AWS's libraries print them."""
    line, expected = LINES[name]
    (expression,) = (each for each in _expressions(QUERIES[name].text) if "(?P<" in each)
    match = re.search(expression, line)
    assert match
    assert match.groupdict() == expected


def test_failures_are_told_from_counts_of_none() -> None:
    """Exceptions of any name are failures; a line that says there are no errors is none."""
    expression = re.compile(_expressions(QUERIES["data-scientist-training-errors"].text)[1])
    for line in ("ValueError: no such column", "Traceback (most recent call last):", "step 3 FAILED"):
        assert expression.search(line)
    assert not expression.search("finished with 0 errors")


def test_every_query_is_saved_in_the_folder_of_its_persona() -> None:
    """By a name that no other has, and with no list of log groups, which would be those of one account."""
    saved = render(lambda scope: SavedQueries(scope, "saved", naming=NAMING)).all("aws_cloudwatch_query_definition")
    names = sorted(body["name"] for body in saved.values())
    expected = [f"acme-dev/{asker}/{query.name}" for asker, queries in SAVED.items() for query in queries]
    assert names == sorted(expected)
    assert not any("log_group_names" in body for body in saved.values())
