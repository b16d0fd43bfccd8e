"""The files of Atlantis in a repository: what is written, and what is wrong with one of anybody's."""

from __future__ import annotations

from pathlib import Path

from delivery.atlantis import projects, server
from delivery.atlantis.model import RepoConfig, ServerConfig
from delivery.atlantis.rules import faults, refused, server_faults
from delivery.atlantis.text import read
from environments.graph import StackGraph
from environments.layout import LIVE
from environments.live import retired
from modules.core.errors import ConfigError, Problem


def texts(graph: StackGraph, root: Path) -> dict[str, str]:
    """Path in the repository at `root` -> bytes, of every file that Atlantis needs.

    Stacks that have left the YAML, and wait below live/ to be taken down, are projects, too. Raises ConfigError for a
    fault of ours, ManifestError when live/ is there and cannot be read.
    """
    found = {
        projects.FILE_NAME: projects.repository_text(graph, retired(root / LIVE, graph)),
        server.REPOS: server.server_text(graph),
        server.ENVIRONMENT: server.environment_text(graph),
        server.PROFILES: server.profiles_text(graph),
    }
    config = read(RepoConfig, found[projects.FILE_NAME], projects.FILE_NAME)
    there = read(ServerConfig, found[server.REPOS], server.REPOS)
    own = [*faults(config), *server_faults(there), *refused(config, there, graph.organization.delivery.repository)]
    if own:
        raise ConfigError([Problem(projects.FILE_NAME, 0, "", fault) for fault in own])
    return found


def verified(path: Path, *, root: Path | None, server_file: Path | None, repository: str | None) -> list[Problem]:
    """What is wrong with a file of anybody's: a `repos.yaml` by that name, else an `atlantis.yaml`.

    Raises ConfigError for what Atlantis would not read; the rest is returned. With `root`, the repository, folders are
    looked at; with `server_file` and `repository`, whether that server takes the file of that repository.
    """
    text = path.read_text(encoding="utf-8")
    if path.name == Path(server.REPOS).name:
        return [Problem(str(path), 0, "", fault) for fault in server_faults(read(ServerConfig, text, str(path)))]
    config = read(RepoConfig, text, str(path))
    found = list(faults(config, root=root))
    if server_file and repository:
        there = read(ServerConfig, server_file.read_text(encoding="utf-8"), str(server_file))
        found += refused(config, there, repository)
    return [Problem(str(path), 0, "", fault) for fault in found]
