"""Write the file of a new team or project after asking; the pull request with it is the order."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from delivery.verbs import shared

if TYPE_CHECKING:
    from environments.model import Organization

_NOTHING = "-"
_MOST_DIGITS = 12  # of a budget
TEAM = {
    "line-of-business": "line of business, a value for tags",
    "owner": "mail address of who answers for the team",
    "cost-center": "what its costs are booked on, a value for tags",
    "emails": "pattern of its accounts' mail addresses, with {account} in it",
    "consumes": f"data domains that it reads, with commas ({_NOTHING} for none)",
    "users": f"who works in Studio: user=persona, with commas ({_NOTHING} for none)",
    "budgets": f"US dollars a month: dev=5000,test=2000,prod=10000 ({_NOTHING} for none)",
}
PROJECT = {
    "description": "what the model does, in a sentence",
    "data": "what it learns from: <domain>.<product>.<table>, or <prefix>:<format> for files of the team's own",
    "target": "the column to be told",
    "gate": "what it must reach before it is registered, such as `roc_auc >= 0.8`",
    "text": "the column that a language model reads",
}
TEMPLATES = ("build-tabular", "build-language-model")
_DEFAULT_GATES = {"build-tabular": "roc_auc >= 0.8", "build-language-model": "accuracy >= 0.8"}


def options(child: argparse.ArgumentParser) -> None:
    kinds = child.add_subparsers(dest="kind", metavar="KIND", required=True)
    team = kinds.add_parser("team", help="a team: its accounts, what it reads, who works there")
    team.add_argument("name", metavar="NAME", help="what it is called, as its file will be")
    _questions(team, TEAM)
    team.add_argument("--use", metavar="ACCOUNT", help="an account that serves it in all stages; none is made for it")
    project = kinds.add_parser("project", help="a project: one model that a team builds")
    project.add_argument("team", metavar="TEAM", help="who builds it")
    project.add_argument("name", metavar="NAME", help="what it is called, as its file will be")
    project.add_argument("--template", choices=TEMPLATES, default=TEMPLATES[0], help="by which seed repository")
    _questions(project, PROJECT)
    project.add_argument("--seed", type=Path, metavar="DIR", help="a new folder for the seed repository")
    for each in (team, project):
        shared.config(each)
        each.add_argument("--yes", action="store_true", help="write without asking")


def run(options: argparse.Namespace) -> int:
    from environments.load import load

    organization = load(options.config)
    try:
        written = _team(options, organization) if options.kind == "team" else _project(options, organization)
    except (EOFError, KeyboardInterrupt):
        written = False
    if not written:
        shared.say("nothing was written")
        return 0
    stacks = f"*{options.name}*" if options.kind == "team" else f"*-build-{options.name}"
    shared.say(f"next: mlgov check; a pull request; mlgov synth, gate and plan --stack '{stacks}' show what it makes")
    return 0


def _team(options: argparse.Namespace, organization: Organization) -> bool:
    from environments.reading import TEAMS
    from environments.scaffold.place import target
    from environments.scaffold.team import NewTeam, email_pattern, team_file

    path = target(options.config, TEAMS, options.name)
    proposed = {"emails": email_pattern(organization), "consumes": _NOTHING, "users": _NOTHING, "budgets": _NOTHING}
    if options.use:
        options.emails = _NOTHING  # no account is made, so none needs an address
    answers = _answers(options, TEAM, proposed)
    new = NewTeam(
        team=options.name,
        line_of_business=answers["line-of-business"],
        owner=answers["owner"],
        cost_center=answers["cost-center"],
        emails=answers["emails"],
        uses=options.use,
        consumes=[each.strip() for each in _items(answers["consumes"])],
        users=_pairs("users", answers["users"]),
        budgets={stage: _dollars(amount) for stage, amount in _pairs("budgets", answers["budgets"]).items()},
    )
    return _written(options, path, team_file(options.config, organization, new))


def _project(options: argparse.Namespace, organization: Organization) -> bool:
    from environments.messages import suggestion
    from environments.reading import PROJECTS
    from environments.scaffold.place import target
    from environments.scaffold.project import NewProject, project_file
    from modules.core.errors import ConfigError

    teams = [team.name for team in organization.teams]
    if options.team not in teams:
        raise ConfigError(f"there is no team {options.team}{suggestion(options.team, teams)}")
    path = target(options.config, PROJECTS, options.name)
    if options.seed and options.seed.exists():
        raise ConfigError(f"{options.seed} is there already: name a new folder for the seed repository")
    questions = dict(PROJECT)
    if options.template != "build-language-model" and not options.text:
        del questions["text"]
    answers = _answers(options, questions, {"gate": _DEFAULT_GATES[options.template]})
    new = NewProject(
        project=options.name,
        team=options.team,
        template=options.template,
        description=answers["description"],
        data=answers["data"],
        target=answers["target"],
        gate=answers["gate"],
        text=answers.get("text"),
    )
    return _written(options, path, project_file(options.config, new))


def _written(options: argparse.Namespace, path: Path, text: str) -> bool:
    """Whether the file, and with it the seed repository, was written: neither without the other."""
    from environments.scaffold.place import check, put

    check(options.config, path, text)
    if not options.yes:
        shared.say(f"\n{text}")
        if input(f"Write it to {path.as_posix()}? (yes) ").strip().lower() != "yes":
            return False
    seed: Path | None = getattr(options, "seed", None)
    if seed is None:
        put(path, text)
    else:
        _put_with_seed(options, path, text, seed)
        shared.say(f"{seed.as_posix()}: written; make it a repository, and push it to the project's once that is made")
    shared.say(f"{path.as_posix()}: written")
    return True


def _put_with_seed(options: argparse.Namespace, path: Path, text: str, seed: Path) -> None:
    """The seed repository is made beside its place and moved there when the file is written."""
    from environments.scaffold.place import put
    from modules.ml_use_case.seed import write_seed

    seed.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(dir=seed.parent, prefix=f".{seed.name}."))
    try:
        write_seed(options.template, options.name, beside / "seed")
        put(path, text)
        (beside / "seed").rename(seed)
    finally:
        shutil.rmtree(beside)


def _questions(child: argparse.ArgumentParser, questions: Mapping[str, str]) -> None:
    for name, question in questions.items():
        child.add_argument(f"--{name}", metavar=name.upper(), help=question)


def _answers(
    options: argparse.Namespace, questions: Mapping[str, str], proposed: Mapping[str, str]
) -> Mapping[str, str]:
    """What options give, else what is answered at the terminal, else what is proposed."""
    from modules.core.errors import ConfigError

    given = {name: getattr(options, name.replace("-", "_")) for name in questions}
    asks = sys.stdin.isatty()
    missing = [f"--{name}" for name, value in given.items() if value is None and not (options.yes and name in proposed)]
    missing += [] if options.yes else ["--yes"]
    if missing and not asks:
        raise ConfigError(f"there is no terminal to ask at: give {', '.join(missing)}")
    answers: dict[str, str] = {}
    for name, question in questions.items():
        default = proposed.get(name, "")
        value = given[name]
        while value is None:
            if options.yes and default:
                value = default
                break
            shown = f" [{default}]" if default else ""
            value = input(f"{name} ({question}){shown}: ").strip() or default or None
        answers[name] = value
    return answers


def _dollars(text: str) -> int:
    from modules.core.errors import ConfigError

    if not (text.isascii() and text.isdecimal() and len(text) < _MOST_DIGITS):
        raise ConfigError(f"--budgets must be whole US dollars (got {text!r})")
    return int(text)


def _items(text: str) -> list[str]:
    return [] if text.strip() == _NOTHING else [each for each in text.split(",") if each.strip()]


def _pairs(name: str, text: str) -> dict[str, str]:
    from modules.core.errors import ConfigError

    found: dict[str, str] = {}
    for item in _items(text):
        key, separator, value = (part.strip() for part in item.partition("="))
        if not (key and separator and value) or key in found:
            raise ConfigError(f"--{name} must be key=value, with commas, each key once (got {item.strip()!r})")
        found[key] = value
    return found
