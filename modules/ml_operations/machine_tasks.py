"""Tasks of state machines in the Amazon States Language: one call of AWS each, tried again. No cdktf here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]
# What AWS asks to be tried again: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
RETRY: Json = {
    "ErrorEquals": ["States.TaskFailed"],
    "BackoffRate": 2,
    "IntervalSeconds": 2,
    "JitterStrategy": "FULL",
    "MaxAttempts": 5,
}


@dataclass(frozen=True, slots=True)
class Tasks:
    """Tasks of machines in one partition of AWS."""

    partition: str

    def call(self, call: str, parameters: Json, then: str | None, **more: object) -> Json:
        """One call, such as `sns:publish`, then the state `then`, or the end. `more`: further fields of the state."""
        return {
            "Type": "Task",
            "Resource": f"arn:{self.partition}:states:::{call}",
            "Parameters": parameters,
            "Retry": [RETRY],
            **more,
            **({"Next": then} if then else {"End": True}),
        }

    def tell(self, topic_arn: str, subject: str, words: str, paths: tuple[str, ...], then: str | None) -> Json:
        """A message of `words`, whose `{}` are filled by what the paths name; the input goes on unchanged."""
        message = f"States.Format('{words}', {', '.join(paths)})"
        parameters = {"TopicArn": topic_arn, "Subject": subject, "Message.$": message}
        return self.call("sns:publish", parameters, then, ResultPath=None)
