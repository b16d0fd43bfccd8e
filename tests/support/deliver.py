"""`python -m tests.support.deliver VERB OUT WORK [URL]`: a run in a process of its own, for tests of two at once.

URL is that of a running emulator.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import cast

from delivery.emulator import override
from delivery.emulator.client import ExistingEmulator
from delivery.run_result import Verb
from delivery.target import Target
from delivery.terraform import run
from environments.manifest import Manifest
from tests.support.stacks import Silent

verb, out, work, *url = sys.argv[1:]
result = run(
    cast(Verb, verb),
    Manifest.read(Path(out)),
    Path(out),
    target=Target.emulator(ExistingEmulator(url[0]), override) if url else Target.aws(),
    work=Path(work),
    reporter=Silent(),
    allowed=lambda stack_id, sha256: True,
    jobs=2,
)
sys.exit(result.exit_code())
