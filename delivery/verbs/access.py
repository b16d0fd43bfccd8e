"""Who can do what: `who-can ACTION`; whether duties are separated: `duties`; what a change opens: `diff OLD NEW`."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from delivery.verbs import shared

if TYPE_CHECKING:
    from policies.access.model import Access

# The options that only one question takes, with what they are when nobody gives them.
OF_WHO_CAN: dict[str, object] = {"who_can": None, "on": "*", "account": None, "principal": None, "when": []}
OF_DIFF: dict[str, object] = {"fail_on_open": False}
OWN = {"who-can": OF_WHO_CAN, "duties": {}, "diff": OF_DIFF}


def options(child: argparse.ArgumentParser) -> None:
    child.add_argument("what", nargs="?", choices=("who-can", "duties", "diff"), default="who-can", help="the question")
    child.add_argument(
        "names", nargs="*", metavar="NAME", help="who-can: the action; diff: the folders of two syntheses, old and new"
    )
    child.add_argument("--who-can", metavar="ACTION", help="the action, such as s3:GetObject or s3:Get*")
    child.add_argument(
        "--on", default="*", metavar="RESOURCE", help="an ARN, accounts by name or id, with * and ?; or STACK/ADDRESS"
    )
    child.add_argument("--account", metavar="NAME", help="only resources of this account")
    child.add_argument(
        "--principal", metavar="GLOB", help="only these: ACCOUNT/ROLE, a group or an ARN; tells of the denied ones why"
    )
    child.add_argument(
        "--when", action="append", default=[], type=_pair, metavar="KEY=VALUE", help="a condition key of the request"
    )
    child.add_argument("--fail-on-open", action="store_true", help="diff: exit 3 when the change opens something")
    shared.out(child)
    shared.page_format(child)


def run(options: argparse.Namespace) -> int:
    from policies.errors import AccessError

    strange = [
        f"--{name.replace('_', '-')}"
        for what, own in OWN.items()
        for name, default in own.items()
        if what != options.what and getattr(options, name) != default
    ]
    if strange:
        raise AccessError(f"`mlgov access {options.what}` does not know {', '.join(strange)}: leave it out")
    return {"who-can": _who_can, "duties": _duties, "diff": _diff}[options.what](options)


def _who_can(options: argparse.Namespace) -> int:
    from policies.access.pages import answered
    from policies.access.who import Question, who_can
    from policies.errors import AccessError

    actions = [*([options.who_can] if options.who_can else []), *options.names]
    if len(actions) != 1:
        raise AccessError("name one action: mlgov access who-can ACTION --on RESOURCE")
    question = Question(actions[0], options.on, options.account, options.principal, dict(options.when))
    answer = who_can(_read(options.out), question)
    sys.stdout.write(answer.model_dump_json(indent=2) + "\n" if options.format == "json" else answered(answer))
    return 0


def _duties(options: argparse.Namespace) -> int:
    from policies.access.breaches import states
    from policies.access.duties import read
    from policies.access.pages import separated
    from policies.errors import AccessError

    if options.names:
        raise AccessError("`mlgov access duties` takes no names: it tells of every duty")
    found = states(_read(options.out), read())
    as_json = json.dumps([state.model_dump() for state in found], indent=2)
    sys.stdout.write(as_json + "\n" if options.format == "json" else separated(found))
    return shared.EXIT_GATE if any(state.breaches for state in found) else 0


def _diff(options: argparse.Namespace) -> int:
    from policies.access.diff import difference
    from policies.access.pages import compared
    from policies.errors import AccessError

    if len(options.names) != 2:
        raise AccessError("name two folders of a synthesis: mlgov access diff OLD NEW")
    old, new = (_read(Path(name)) for name in options.names)
    found = difference(old, new)
    sys.stdout.write(found.model_dump_json(indent=2) + "\n" if options.format == "json" else compared(found))
    return shared.EXIT_GATE if options.fail_on_open and found.of("opened") else 0


def _read(out: Path) -> Access:
    from environments.manifest import Manifest
    from policies.access.read import access

    manifest = Manifest.read(out)
    return access(manifest.model_dump(mode="json"), manifest.documents(out))


def _pair(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if ":" not in key or not equals:
        raise argparse.ArgumentTypeError(f"{text!r} is not KEY=VALUE, such as aws:SourceVpc=vpc-1")
    return key, value
