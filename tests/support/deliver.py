"""`python -m tests.support.deliver VERB OUT WORK`: a run in a process of its own, for tests that send it signals."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import cast

from delivery.run_result import Verb
from delivery.target import Target
from delivery.terraform import run
from environments.manifest import Manifest
from tests.support.stacks import Silent

verb, out, work = sys.argv[1:]
result = run(
    cast(Verb, verb),
    Manifest.read(Path(out)),
    Path(out),
    target=Target.aws(),
    work=Path(work),
    reporter=Silent(),
    allowed=lambda stack_id, sha256: True,
    jobs=2,
)
sys.exit(result.exit_code())
