"""One of our functions as Lambda runs it: its archive, its environment, its role, in a process that stays warm."""

from __future__ import annotations

import base64
import hashlib
import json
import selectors
import subprocess
import sys
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

_HOST = Path(__file__).with_name("function_host.py")


@dataclass(frozen=True)
class Fault:
    """What happens to calls that a function makes.

    `call` is a pattern over `<service>.<Operation>` as botocore writes them, such as `s3.*`; of the calls that match,
    those from the `first` on are met, `times` of them. The service answers with the code `error` and does nothing, as
    it does when the SDK has given up its own retries; or, with no `error`, the function is killed: before the call is
    sent, or `afterwards`, when the service has done it.
    """

    call: str
    error: str | None = None
    status: int = 400
    first: int = 1
    times: int = 1_000_000
    when: Literal["instead", "afterwards"] = "instead"


def killed(call: str = "*", *, first: int = 1, afterwards: bool = False) -> Fault:
    """The function is killed at the call, which is done `afterwards` or not at all."""
    return Fault(call, first=first, times=1, when="afterwards" if afterwards else "instead")


@dataclass(frozen=True)
class Run:
    """What came of one invocation: `error` is what the handler raised, or how the function ended otherwise."""

    function: str
    event: Any
    result: Any
    error: str | None
    calls: tuple[str, ...]
    log: str


def archives(*folders: Path) -> dict[str, Path]:
    """The archives below the folders, by the digest that Lambda knows their bytes by."""
    found = (path for folder in folders for path in folder.rglob("*.zip"))
    return {base64.b64encode(hashlib.sha256(path.read_bytes()).digest()).decode(): path for path in found}


class FunctionProcess:
    """A function, by its configuration as Lambda gives it. Credentials are those of its role."""

    def __init__(
        self, configuration: Mapping[str, Any], archive: Path, credentials: Mapping[str, str], endpoint: str
    ) -> None:
        self.name = str(configuration["FunctionName"])
        self.role = str(configuration["Role"])
        self._seconds = float(configuration["Timeout"])
        self._archive, self._handler = archive, str(configuration["Handler"])
        self._folder: TemporaryDirectory[str] | None = None
        region = str(configuration["FunctionArn"]).split(":")[3]
        self._environment = {
            **configuration.get("Environment", {}).get("Variables", {}),
            "AWS_ENDPOINT_URL": endpoint,
            "AWS_ACCESS_KEY_ID": credentials["AccessKeyId"],
            "AWS_SECRET_ACCESS_KEY": credentials["SecretAccessKey"],
            "AWS_SESSION_TOKEN": credentials["SessionToken"],
            "AWS_REGION": region,
            "AWS_DEFAULT_REGION": region,
            "AWS_LAMBDA_FUNCTION_NAME": self.name,
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(configuration.get("MemorySize", 128)),
            "FUNCTION_ARN": str(configuration["FunctionArn"]),
            "NO_PROXY": "*",
        }
        self._process: subprocess.Popen[str] | None = None

    def invoke(self, event: Any, faults: Sequence[Fault] = ()) -> Run:
        """Run the handler; one that exceeds its timeout is killed, and the next invocation starts anew."""
        asked = {"event": event, "faults": [asdict(each) for each in faults], "seconds": self._seconds}
        process = self._process = self._process or self._start()
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(asked) + "\n")
        process.stdin.flush()
        with selectors.DefaultSelector() as selector:
            selector.register(process.stdout, selectors.EVENT_READ)
            line = process.stdout.readline() if selector.select(self._seconds + 5) else None
        if not line:
            self.close()
            ended = "timed out" if line is None else f"ended with exit code {process.returncode}"
            return Run(self.name, event, None, f"{self.name} {ended}", (), "")
        said = json.loads(line)
        return Run(self.name, event, said["result"], said["error"], tuple(said["calls"]), said["log"])

    def close(self) -> None:
        """End the process, if there is one."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def _start(self) -> subprocess.Popen[str]:
        """Lambda unpacks the archive, so that code finds what lies beside it."""
        self._folder = TemporaryDirectory(prefix="function-")
        with zipfile.ZipFile(self._archive) as archive:
            archive.extractall(self._folder.name)
        command = [sys.executable, "-I", str(_HOST), self._folder.name, self._handler]
        pipe = subprocess.PIPE
        return subprocess.Popen(command, env=self._environment, stdin=pipe, stdout=pipe, text=True)
