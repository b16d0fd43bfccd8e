"""Proposes sensitivities for what Amazon Macie found in the zones of a data domain, and tells the owner.

It changes no tag: the proposal is a text that a person reviews and merges into the domain file.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from modules.data_lake.functions.propose_tags import DECLARED
from modules.data_lake.functions.propose_tags.finding import UnreadableFindingError, read
from modules.data_lake.functions.propose_tags.proposal import Proposal, as_json, as_text, propose

RETRYING = Config(retries={"mode": "standard", "total_max_attempts": 8})
# In characters; SNS takes 100, and 256 KiB. The kept proposal is whole.
_SUBJECT_LIMIT, _MESSAGE_LIMIT = 100, 100_000
_log = logging.getLogger(__name__)
_log.setLevel(logging.INFO)


@dataclass(frozen=True, slots=True)
class Propose:
    """The work on findings. `objects`: a client of S3; `topics`: one of SNS."""

    objects: Any
    topics: Any
    declared: Mapping[str, Any]
    account_id: str
    bucket: str
    topic_arn: str

    def finding(self, detail: Mapping[str, Any]) -> None:
        """Keep the proposal for the finding and tell the owner, once for each finding.

        The mark that the owner was told comes last: a run that breaks off is repeated whole, over the same proposal,
        and a message may come twice but is never lost. Raises UnreadableFindingError for what is no finding in a zone
        of the domain, and ClientError when AWS refuses.
        """
        finding = read(detail)
        if finding.account_id != self.account_id or finding.bucket not in self.declared["buckets"]:
            raise UnreadableFindingError(f"{finding.id}: {finding.bucket!r} is no zone of {self.declared['domain']}")
        proposal = propose(finding, self.declared)
        if not proposal.is_needed:
            _log.info("known", extra={"finding": finding.id, "place": proposal.place})
            return
        mark = f"told/{finding.id}"
        if self._is_there(mark):
            _log.info("told already", extra={"finding": finding.id})
            return
        text = as_text(proposal)
        self._keep(f"proposals/{finding.id}.json", as_json(proposal))
        self._keep(f"proposals/{finding.id}.yaml", text)
        self._tell(proposal, text)
        self._keep(mark, "")
        _log.info("proposed", extra={"finding": finding.id, "place": proposal.place})

    def _is_there(self, key: str) -> bool:
        try:
            self.objects.head_object(Bucket=self.bucket, Key=key)
        except ClientError as error:
            if error.response["Error"]["Code"] not in ("404", "NoSuchKey", "NotFound"):
                raise
            return False
        return True

    def _keep(self, key: str, text: str) -> None:
        self.objects.put_object(Bucket=self.bucket, Key=key, Body=text.encode())

    def _tell(self, proposal: Proposal, text: str) -> None:
        self.topics.publish(
            TopicArn=self.topic_arn,
            Subject=f"Sensitive data in {proposal.place}"[:_SUBJECT_LIMIT],
            Message=f"Kept in s3://{self.bucket}/proposals/{proposal.finding.id}.yaml, and as .json.\n\n{text}"[
                :_MESSAGE_LIMIT
            ],
        )


@cache
def _propose() -> Propose:
    return Propose(
        boto3.client("s3", config=RETRYING),
        boto3.client("sns", config=RETRYING),
        json.loads(Path(__file__).with_name(DECLARED).read_text(encoding="utf-8")),
        os.environ["ACCOUNT_ID"],
        os.environ["BUCKET"],
        os.environ["TOPIC_ARN"],
    )


def handle(event: Mapping[str, Any], context: Any) -> None:
    """What Lambda calls with one event of Macie. What is raised is tried again, then left in the dead-letter queue."""
    _propose().finding(event["detail"])
