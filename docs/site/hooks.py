"""The site's pages are the repository's own Markdown files, each at its place: links hold on a code host and here.

MkDocs calls these functions by their names (its page "Hooks"). It takes pages from one folder below its configuration
alone, so the files of that folder are replaced by those of the repository; nothing is copied or linked.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

# What stands below templates and seeds is for repositories of their own.
_PLACES = ("*.md", "docs/**/*.md", "modules/**/*.md", "policies/**/*.md", "delivery/**/*.md")
_ELSEWHERE = frozenset({"templates", "seeds"})
_LINK = re.compile(r"(?P<text>!?\[(?:[^\[\]]|\[[^\]]*\])*\])\((?P<target>[^()#:\s]+)(?P<anchor>#[^()\s]*)?\)")


def pages(root: Path) -> list[str]:
    """Paths of all Markdown files of the documentation below `root`, sorted."""
    found = {path.relative_to(root) for place in _PLACES for path in root.glob(place)}
    return sorted(path.as_posix() for path in found if not _ELSEWHERE & set(path.parts))


def links(root: Path, page: str) -> Iterator[str]:
    """Path below `root` of each file or folder of the repository that the page links to, whether it exists or not."""
    for link in _LINK.finditer((root / page).read_text(encoding="utf-8")):
        yield _resolved(page, link["target"])


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Put pages in the place of `folder/*.md` in the navigation. Raises ValueError for a pattern without pages."""
    config.nav = expanded(config.nav or [], pages(_root(config)))
    return config


def expanded(nav: list[Any], known: Iterable[str]) -> list[Any]:
    """The navigation with pages of `known` in the place of patterns; none that it names elsewhere."""
    named = set(_named(nav))
    return _expanded(nav, [page for page in known if page not in named])


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """The pages of the repository, and the files that they link to, such as pictures and sources."""
    root = _root(config)
    known = pages(root)
    linked = {target for page in known for target in links(root, page) if (root / target).is_file()}
    for file in [file for file in files if file.src_dir == config.docs_dir]:
        files.remove(file)
    for path in sorted(linked.union(known)):
        files.append(File(path, str(root), config.site_dir, config.use_directory_urls))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """A link to a folder leads to its README; where it has none, the site says the folder's name without a link."""
    root = _root(config)

    def link(found: re.Match[str]) -> str:
        folder = _resolved(page.file.src_uri, found["target"])
        if not (root / folder).is_dir():
            return found[0]
        if f"{folder}/README.md" in files.src_uris:
            return f"{found['text']}({found['target'].rstrip('/')}/README.md{found['anchor'] or ''})"
        return found["text"][1:-1]

    return _LINK.sub(link, markdown)


def _root(config: MkDocsConfig) -> Path:
    return Path(config.config_file_path).parent


def _resolved(page: str, target: str) -> str:
    return os.path.normpath(PurePosixPath(page).parent / target)


def _named(nav: Iterable[Any]) -> Iterator[str]:
    for entry in nav:
        below = list(entry.values()) if isinstance(entry, dict) else [entry]
        for value in below:
            if isinstance(value, list):
                yield from _named(value)
            elif "*" not in value:
                yield value


def _expanded(nav: Iterable[Any], unnamed: list[str]) -> list[Any]:
    expanded: list[Any] = []
    for entry in nav:
        if isinstance(entry, dict):
            expanded.append(
                {
                    title: _expanded(value, unnamed) if isinstance(value, list) else value
                    for title, value in entry.items()
                }
            )
        elif "*" in entry:
            expanded += _matching(entry, unnamed)
        else:
            expanded.append(entry)
    return expanded


def _matching(pattern: str, unnamed: list[str]) -> list[str]:
    parts = len(PurePosixPath(pattern).parts)  # `*` is one folder, not many
    found = [page for page in unnamed if PurePosixPath(page).match(pattern) and len(PurePosixPath(page).parts) == parts]
    if not found:
        raise ValueError(f"mkdocs.yml: nav: no page is {pattern}: name another place, or take the line out")
    return found
