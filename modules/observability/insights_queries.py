"""What each persona asks of log groups in CloudWatch Logs Insights: its set of queries, in one place. No cdktf here.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from modules.observability.log_catalogue import CATALOGUE, LogPurposeName

InsightsAsker = Literal["cloud-administrator", "data-scientist", "ml-engineer", "security-auditor"]
_PATTERNS: Mapping[LogPurposeName, str] = {purpose.name: purpose.pattern for purpose in CATALOGUE}
_FAILED = r"/(?i)(error|exception)\b|\b(failed|traceback)\b/"  # ValueError is one, and no errors are none


@dataclass(frozen=True, slots=True)
class InsightsQuery:
    """A query on the log groups of these purposes, of every account that is seen; `steps` are its commands, in order.

    Log groups are told by `@log`, account and name, not by a list of names: the console takes a list of groups of its
    own account alone, and new endpoints, functions and accounts are found without a change.
    """

    name: str
    says: str
    purposes: Sequence[LogPurposeName]
    steps: Sequence[str]

    @property
    def text(self) -> str:
        """The query, with what it says as a comment: Insights keeps no description."""
        groups = "|".join(_regex(_PATTERNS[purpose]) for purpose in self.purposes)
        return "\n| ".join((f"# {self.says}\nfilter @log like /:({groups})$/", *self.steps))


def _regex(pattern: str) -> str:
    """A pattern of log groups as a regular expression between slashes."""
    return ".*".join(re.escape(part).replace("/", "\\/") for part in pattern.split("*"))


SAVED: Mapping[InsightsAsker, Sequence[InsightsQuery]] = {
    "cloud-administrator": (
        InsightsQuery(
            "function-errors",
            "Errors of functions, most frequent first",
            ("functions",),
            (
                'filter level = "ERROR" or @message like /Task timed out|Runtime exited/',
                "stats count(*) as errors, latest(@timestamp) as last, latest(message) as example by @log",
                "sort errors desc",
            ),
        ),
        InsightsQuery(
            "function-durations",
            "How long functions run, and how much of their memory they need",
            ("functions",),
            (
                'filter type = "platform.report"',
                "stats count(*) as runs, pct(record.metrics.durationMs, 95) as p95_ms, "
                "max(record.metrics.maxMemoryUsedMB) as used_mb, max(record.metrics.memorySizeMB) as has_mb by @log",
                "sort p95_ms desc",
            ),
        ),
        InsightsQuery(
            "denied-calls",
            "Who was denied a call, as functions, builds and jobs tell it",
            ("functions", "builds", "feature-and-data-jobs", "processing", "training"),
            (
                "filter @message like /AccessDenied|is not authorized to perform/",
                r"parse @message /is not authorized to perform: (?<action>[\w:]+)/",
                "stats count(*) as denials, latest(@timestamp) as last by @log, action",
                "sort denials desc",
            ),
        ),
        InsightsQuery(
            "failed-builds",
            "Builds that failed, with the phase",
            ("builds",),
            (
                r"parse @message /Phase complete: (?<phase>\w+) State: (?<state>\w+)/",
                'filter state = "FAILED"',
                "fields @timestamp, @log, @logStream, phase",
                "sort @timestamp desc",
                "limit 200",
            ),
        ),
    ),
    "data-scientist": (
        InsightsQuery(
            "training-errors",
            "What failing training and processing jobs printed last",
            ("training", "processing"),
            (
                f"filter @message like {_FAILED}",
                'parse @logStream "*/*" as job, instance',
                "fields @timestamp, job, @message",
                "sort @timestamp desc",
                "limit 200",
            ),
        ),
        InsightsQuery(
            "errors-by-job",
            "Jobs with errors, most errors first",
            ("training", "processing", "transform"),
            (
                f"filter @message like {_FAILED}",
                'parse @logStream "*/*" as job, instance',
                "stats count(*) as errors, latest(@timestamp) as last by job",
                "sort errors desc",
            ),
        ),
        InsightsQuery(
            "studio-errors",
            "Apps and lifecycle scripts of Studio that did not start",
            ("studio",),
            (
                f"filter @message like {_FAILED}",
                "fields @timestamp, @logStream, @message",
                "sort @timestamp desc",
                "limit 200",
            ),
        ),
    ),
    "ml-engineer": (
        InsightsQuery(
            "endpoint-errors",
            "Errors that containers of endpoints printed, in spans of five minutes",
            ("endpoints",),
            (
                f"filter @message like {_FAILED}",
                "stats count(*) as errors, latest(@message) as example by @log, bin(5m)",
                "sort errors desc",
            ),
        ),
        InsightsQuery(
            "endpoint-answers",
            "What containers answered, by status of HTTP",
            ("endpoints",),
            (
                r'parse @message /"POST \/invocations HTTP\/[\d.]+" (?<status>\d{3})/',
                "filter ispresent(status)",
                "stats count(*) as answers by @log, status",
                "sort status desc, answers desc",
            ),
        ),
        InsightsQuery(
            "pipeline-failures",
            "Steps of pipelines and monitors that failed, with the last line of each",
            ("processing", "training", "transform"),
            (
                'parse @logStream "*/*" as job, instance',
                "filter job like /^(pipelines-|.*--(data-quality|model-quality|model-bias|model-explainability))/",
                f"filter @message like {_FAILED}",
                "stats count(*) as errors, latest(@message) as last_line by job",
                "sort errors desc",
            ),
        ),
        InsightsQuery(
            "workflow-failures",
            "Workflows that failed, with the reason",
            ("state-machines",),
            (
                "filter type like /(ExecutionFailed|ExecutionTimedOut|TaskFailed)/",
                "fields @timestamp, execution_arn, type, details.error, details.cause",
                "sort @timestamp desc",
                "limit 200",
            ),
        ),
    ),
    "security-auditor": (
        InsightsQuery(
            "masked-data",
            "Where sensitive data was masked, and of which kind",
            ("sensitive-data-findings",),
            (
                "stats count(*) as findings, latest(@timestamp) as last by resourceArn, dataIdentifiers.0.name",
                "sort findings desc",
            ),
        ),
        InsightsQuery(
            "refused-connections",
            "Connections that the network firewall refused, by who asked for what",
            ("network-firewall",),
            (
                "stats count(*) as refused, latest(@timestamp) as last "
                "by event.src_ip, event.dest_ip, event.dest_port, event.tls.sni, event.http.hostname",
                "sort refused desc",
            ),
        ),
        InsightsQuery(
            "use-of-foundation-models",
            "Who asked which model of Bedrock, and how many tokens that took",
            ("bedrock-invocations",),
            (
                "stats count(*) as requests, sum(input.inputTokenCount) as asked, "
                "sum(output.outputTokenCount) as answered by identity.arn, modelId",
                "sort requests desc",
            ),
        ),
    ),
}
