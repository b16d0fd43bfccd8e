"""The actions that GitHub's workflows use, pinned to commits: a tag can be moved by whoever takes over its owner."""

from __future__ import annotations

import re
from pathlib import Path

FILE = Path(__file__).with_name("action.yaml")
_PIN = re.compile(r"^ +- uses: (?P<action>[^@\s]+)@(?P<commit>[0-9a-f]{40}) # (?P<version>v[\d.]+)$", re.MULTILINE)


def pins() -> dict[str, str]:
    """`uses:` by the last word of the action's name, as `owner/name@commit # version`.

    Raises ValueError when a line of action.yaml is no pin to a commit with its version: a mistake of ours.
    """
    text = FILE.read_text(encoding="utf-8")
    found = {
        pin["action"].rpartition("/")[2].replace("-", "_"): f"{pin['action']}@{pin['commit']} # {pin['version']}"
        for pin in _PIN.finditer(text)
    }
    if len(found) != text.count("uses:"):
        raise ValueError(f"{FILE.name} holds an action that is not pinned as owner/name@<40 digits> # v<version>")
    return found
