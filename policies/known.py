"""The policies that exist: checkov's own for AWS, and those that the control catalogue claims.

checkov's are a list in `builtin_policies.json`, so that the gate can tell a misspelt id without starting checkov; a
test holds the list to the registries of the pinned release, and `make golden` rewrites it.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from policies.catalogue import Catalogue

BUILT_IN = Path(__file__).with_name("builtin_policies.json")


@cache
def built_in() -> frozenset[str]:
    """The ids of the policies for AWS that checkov brings."""
    return frozenset(json.loads(BUILT_IN.read_bytes()))


def known(catalogue: Catalogue) -> frozenset[str]:
    """The ids of all policies that exist."""
    return built_in() | catalogue.policies
