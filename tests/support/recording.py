"""What code asks of AWS through boto3: its calls are recorded, checked by botocore's models, and answered by the test.

botocore itself makes each request, so that a parameter which AWS does not know fails here, and hands it to no network.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any
from urllib.parse import unquote

import boto3
import botocore.session

from tests.support.rendering import Rendered, statements

# Statements that `Function` adds to every role, mostly for what Lambda itself does with it.
OF_LAMBDA = frozenset({"WriteOwnLogs", "SendDeadLetters", "UseKey", "Trace"})
# For `Recording.implied`: what a queue needs that Lambda reads with the role of its function.
QUEUE = dict.fromkeys(
    ("sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"),
    "Lambda takes messages as the function's role",
)
_PREFIXES = {
    "monitoring": "cloudwatch",
    "tagging": "tag",
}  # where IAM's name of a service is not the one that requests are signed for
# Operations whose permission is not called as they are: AWS's service authorization reference, "Actions".
_ACTIONS: Mapping[str, tuple[str, ...]] = {
    "lambda:Invoke": ("lambda:InvokeFunction",),
    "s3:CompleteMultipartUpload": ("s3:PutObject",),
    "s3:CopyObject": ("s3:GetObject", "s3:PutObject"),
    "s3:CreateMultipartUpload": ("s3:PutObject",),
    "s3:DeleteObjects": ("s3:DeleteObject",),
    "s3:HeadBucket": ("s3:ListBucket",),
    "s3:HeadObject": ("s3:GetObject",),
    "s3:ListMultipartUploads": ("s3:ListBucketMultipartUploads",),
    "s3:ListObjectVersions": ("s3:ListBucketVersions",),
    "s3:ListObjectsV2": ("s3:ListBucket",),
    "s3:ListParts": ("s3:ListMultipartUploadParts",),
    "s3:UploadPart": ("s3:PutObject",),
    "s3:UploadPartCopy": ("s3:GetObject", "s3:PutObject"),
    "sqs:SendMessageBatch": ("sqs:SendMessage",),
}


@dataclass(frozen=True)
class Refusal:
    """An answer: the error `code` of AWS. `more` stands beside the error."""

    code: str
    more: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Call:
    """A call that was made, and what IAM decides on: actions, each with the ARN that the parameters name, or none."""

    operation: str
    needs: tuple[tuple[str, str | None], ...]


Answer = Mapping[str, Any] | Refusal | Callable[..., Any]


@contextmanager
def recording(answers: Mapping[str, Answer] | None) -> Iterator[list[Call]]:
    """Record the calls of every client that `boto3.client` makes meanwhile.

    `answers` are by `<service>:<Operation>`, such as `s3:GetObject`; a callable gets the parameters. A call without an
    answer fails. With None, calls go on to what stands for AWS in the test, such as moto.
    """
    calls: list[Call] = []

    def asked(params: dict[str, Any], model: Any, context: dict[str, Any], **_: Any) -> None:
        name = f"{model.service_model.service_name}:{model.name}"
        prefix = _PREFIXES.get(model.service_model.signing_name, model.service_model.signing_name)
        context["asked"] = (Call(name, tuple(_needs(prefix, model.name, params))), dict(params))

    def answered(context: dict[str, Any], **_: Any) -> tuple[Any, Mapping[str, Any]] | None:
        call, params = context["asked"]
        calls.append(call)
        if answers is None:
            return None
        assert call.operation in answers, f"no answer for {call.operation} {params}"
        answer = answers[call.operation]
        if callable(answer):
            answer = answer(**params) or {}
        if isinstance(answer, Refusal):
            error = {"Error": {"Code": answer.code, "Message": answer.code}, **answer.more}
            return SimpleNamespace(status_code=400), {**error, "ResponseMetadata": {}}
        return SimpleNamespace(status_code=200), answer

    core = botocore.session.Session()
    core.set_config_variable("region", "eu-west-1")
    core.set_credentials("recorded", "recorded")
    core.register("provide-client-params", asked)
    core.register("before-call", answered)
    before = boto3.DEFAULT_SESSION
    boto3.DEFAULT_SESSION = boto3.Session(botocore_session=core)
    try:
        yield calls
    finally:
        boto3.DEFAULT_SESSION = before


@dataclass(frozen=True)
class Recording:
    """How one function is seen to make its calls, and the role that must allow these and no more.

    `rendered` holds its construct; `role` is the name of the inline policy. `run` makes the calls, by `answers`.
    `implied` are actions that AWS needs and no code calls, each with the reason.
    """

    rendered: Callable[[], Rendered]
    role: str
    run: Callable[[], object]
    answers: Mapping[str, Answer] | None
    implied: Mapping[str, str] = field(default_factory=dict)

    def calls(self) -> list[Call]:
        """The calls that the code makes."""
        with recording(self.answers) as calls:
            self.run()
        return calls

    def allowed(self) -> dict[str, list[re.Pattern[str]]]:
        """What the rendered role allows: patterns of resources by action."""
        return _by_action(self._allowing())

    def chosen(self) -> set[str]:
        """The actions that the role allows for the sake of the code: all but what `Function` adds to every role."""
        return set(_by_action([each for each in self._allowing() if each["Sid"] not in OF_LAMBDA]))

    def _allowing(self) -> list[dict[str, Any]]:
        policies = {each["name"]: each["policy"] for each in self.rendered().all("aws_iam_role_policy").values()}
        assert self.role in policies, f"no policy {self.role}, but {', '.join(policies)}"
        return [each for each in statements(policies[self.role]).values() if each["Effect"] == "Allow"]


def _by_action(allowing: list[dict[str, Any]]) -> dict[str, list[re.Pattern[str]]]:
    found: dict[str, list[re.Pattern[str]]] = {}
    for statement in allowing:
        for action in _many(statement["Action"]):
            found.setdefault(action, []).extend(_pattern(each) for each in _many(statement["Resource"]))
    return found


def _needs(prefix: str, operation: str, params: Mapping[str, Any]) -> Iterator[tuple[str, str | None]]:
    arns = sorted(set(_arns(prefix, params))) or [None]
    for action in _ACTIONS.get(f"{prefix}:{operation}", (f"{prefix}:{operation}",)):
        if prefix != "s3":
            yield from ((action, arn) for arn in arns)
        elif action == "s3:GetObject" and "CopySource" in params:
            bucket, key, version = _source(params["CopySource"])
            yield action + ("Version" if version else ""), f"arn:aws:s3:::{bucket}/{key}"
        else:
            versioned = action == "s3:GetObject" and "VersionId" in params
            yield action + ("Version" if versioned else ""), _object(params)
    if prefix == "s3" and params.get("Tagging") and operation != "PutObjectTagging":
        yield "s3:PutObjectTagging", _object(params)


def _object(params: Mapping[str, Any]) -> str:
    return f"arn:aws:s3:::{params['Bucket']}" + (f"/{params['Key']}" if "Key" in params else "")


def _source(source: str | Mapping[str, str]) -> tuple[str, str, str]:
    if not isinstance(source, str):
        return source["Bucket"], source["Key"], source.get("VersionId", "")
    place, _, version = source.partition("?versionId=")
    bucket, _, key = place.lstrip("/").partition("/")
    return bucket, unquote(key), version


def _arns(prefix: str, params: Mapping[str, Any]) -> Iterator[str]:
    for name, value in params.items():
        if isinstance(value, str) and value.startswith(f"arn:aws:{prefix}:"):
            yield value
        elif name == "QueueUrl":
            host, account, queue = str(value).removeprefix("https://").split("/")
            yield f"arn:aws:sqs:{host.split('.')[1]}:{account}:{queue}"


def _pattern(resource: str) -> re.Pattern[str]:
    """A resource of a policy as a pattern; what only Terraform knows may be anything."""
    parts = re.split(r"(\$\{[^}]*\}|\*)", resource)
    return re.compile("".join(".*" if part == "*" or part.startswith("${") else re.escape(part) for part in parts))


def _many(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value
