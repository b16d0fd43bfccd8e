"""How cdktf names a resource in state: from its construct path. A renamed construct has had another name, told here.

cdktf 0.21 (and cdktn) take the ids below the stack, without `Default`; a single one is the name as it is, several are
joined by `_` with the first 8 characters of the MD5 of the path. A test holds this to what cdktf writes.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

_LONGEST, _LONGEST_READABLE = 255, 240
_REFUSED = re.compile(r"[^A-Za-z0-9_-]")


def logical_id(ids: Sequence[str]) -> str:
    """The name in state of what stands below these construct ids; the id of the stack is not among them.

    Raises ValueError when none is left that counts.
    """
    counted = [each for each in ids if each != "Default"]
    if not counted:
        raise ValueError("a construct path holds an id other than Default")
    if len(counted) == 1 and len(alone := _REFUSED.sub("", counted[0])) <= _LONGEST:
        return alone
    digest = hashlib.md5("/".join(counted).encode(), usedforsecurity=False).hexdigest()[:8].upper()
    shown: list[str] = []
    for each in counted:
        if not (shown and shown[-1].endswith(each)):
            shown.append(each)
    readable = "_".join(_REFUSED.sub("", each) for each in shown if each != "Resource")
    return f"{readable[:_LONGEST_READABLE]}_{digest}"
