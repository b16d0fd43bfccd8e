"""Whose key something is encrypted under."""

from __future__ import annotations

import re

from policies.document import Conf, Unprovable
from policies.expectation import Problem

_OF_AWS = re.compile(r"\balias/aws/")


def customer_key(conf: Conf, path: str) -> Problem:
    """The attribute names a key, and none of the keys that AWS makes for a service (`alias/aws/...`).

    An expression names a key: what the stack learns from another is a key of the organisation. Raises Unprovable for
    what is no text, such as the parameter of a pipeline, which whoever starts it may set.
    """
    outer, _, name = path.rpartition(".")
    for block in conf.at(outer) or [Conf({})]:
        found = block.value(name)
        if found in (None, "", {}):
            return f"{path} is not set, so the key is not the organisation's"
        if not isinstance(found, str):
            raise Unprovable(path, found)
        if _OF_AWS.search(found):
            return f"{path} is {found}, a key of AWS"
    return None
