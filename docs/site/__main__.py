"""`python -m docs.site [--check]`: write the generated pages of the documentation, or see that they are so."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from docs.site import commands_page, contracts_page, decisions_page, settings_page, stacks_page, upgrade_page

ROOT = Path(__file__).parents[2]
PAGES: Mapping[str, Callable[[Path], str]] = {
    "docs/adr/README.md": decisions_page.text,
    "docs/reference/commands.md": commands_page.text,
    "docs/reference/contracts.md": contracts_page.text,
    "docs/reference/settings.md": settings_page.text,
    "docs/reference/stacks.md": stacks_page.text,
    "docs/upgrade-notes.md": upgrade_page.text,
}


def stale(root: Path) -> list[str]:
    """Paths of the generated pages that do not stand in the repository `root` as they must."""
    return [
        path
        for path, text in PAGES.items()
        if not (root / path).is_file() or (root / path).read_text(encoding="utf-8") != text(root)
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the pages that are out of date; with `--check` name them instead, by exit code 2."""
    parser = argparse.ArgumentParser(prog="python -m docs.site", description="Write the generated pages.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 2 when a page is out of date")
    check = parser.parse_args(arguments).check
    found = stale(ROOT)
    for path in found:
        if check:
            sys.stderr.write(f"{path} is out of date: run `make docs`\n")
        else:
            (ROOT / path).write_text(PAGES[path](ROOT), encoding="utf-8")
    return 2 if check and found else 0


if __name__ == "__main__":
    sys.exit(main())
