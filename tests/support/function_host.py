"""Lambda's side of one function, in a process of its own: `python -I function_host.py FOLDER HANDLER`.

Reads an invocation a line from standard input and writes what came of it, a line each, to standard output; a function
that is killed writes nothing. It knows nothing of this repository but what the folder holds.
"""

from __future__ import annotations

import importlib
import io
import json
import os
import sys
import time
import traceback
from fnmatch import fnmatchcase
from typing import Any
from uuid import uuid4

from botocore.handlers import BUILTIN_HANDLERS

Json = dict[str, Any]


class Context:
    """What a handler may ask of its invocation."""

    def __init__(self, seconds: float) -> None:
        self.function_name = os.environ["AWS_LAMBDA_FUNCTION_NAME"]
        self.function_version = "$LATEST"
        self.invoked_function_arn = os.environ["FUNCTION_ARN"]
        self.memory_limit_in_mb = os.environ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"]
        self.aws_request_id = str(uuid4())
        self.log_group_name = f"/aws/lambda/{self.function_name}"
        self.log_stream_name = "stream"
        self._until = time.monotonic() + seconds

    def get_remaining_time_in_millis(self) -> int:
        return max(0, int((self._until - time.monotonic()) * 1000))


class Refused:
    """The HTTP side of an answer that no service gave."""

    def __init__(self, status_code: int) -> None:
        self.status_code = status_code


class Wire:
    """Sees every call of every client, notes it, and lets faults happen instead of it."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.faults: list[Json] = []
        self._met: list[int] = []

    def begin(self, faults: list[Json]) -> None:
        self.calls, self.faults, self._met = [], faults, [0] * len(faults)

    def watch(self) -> None:
        """See the calls of every client, of whatever session, that is made from now on."""
        BUILTIN_HANDLERS.extend([("before-call", self._before), ("after-call", self._after)])

    def _before(self, model: Any, **given: Any) -> tuple[Refused, Json] | None:
        call = f"{model.service_model.service_name}.{model.name}"
        self.calls.append(call)
        for index, fault in enumerate(self.faults):
            if fault["when"] == "instead" and self._strikes(index, call):
                if fault["error"] is None:
                    os._exit(137)
                status = int(fault["status"])
                error = {"Code": fault["error"], "Message": f"{fault['error']} was wanted by the test"}
                about = {"HTTPStatusCode": status, "RequestId": str(uuid4()), "RetryAttempts": 0, "HTTPHeaders": {}}
                return Refused(status), {"Error": error, "ResponseMetadata": about}
        return None

    def _after(self, model: Any, **given: Any) -> None:
        call = f"{model.service_model.service_name}.{model.name}"
        for index, fault in enumerate(self.faults):
            if fault["when"] == "afterwards" and self._strikes(index, call):
                os._exit(137)

    def _strikes(self, index: int, call: str) -> bool:
        fault = self.faults[index]
        if not fnmatchcase(call, fault["call"]):
            return False
        self._met[index] += 1
        return bool(fault["first"] <= self._met[index] < fault["first"] + fault["times"])


class Printed(io.TextIOBase):
    """Standard output of the function: kept for each invocation, whoever holds on to the stream."""

    def __init__(self) -> None:
        self.text = ""

    def write(self, text: str) -> int:
        self.text += text
        return len(text)


def main(folder: str, handler: str) -> None:
    answers, sys.stdout = sys.stdout, (printed := Printed())
    sys.stderr = printed
    sys.path.insert(0, folder)
    wire = Wire()
    wire.watch()
    module, _, name = handler.rpartition(".")
    handle = getattr(importlib.import_module(module.replace("/", ".")), name)
    for line in sys.stdin:
        asked = json.loads(line)
        printed.text = ""
        wire.begin(asked["faults"])
        said: Json = {"result": None, "error": None}
        try:
            said["result"] = handle(asked["event"], Context(asked["seconds"]))
            json.dumps(said)
        except Exception as error:
            printed.write(traceback.format_exc())
            said = {"result": None, "error": f"{type(error).__name__}: {error}"}
        answers.write(json.dumps({**said, "calls": wire.calls, "log": printed.text}) + "\n")
        answers.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
