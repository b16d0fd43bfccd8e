"""Organisations of several sizes, made from the shipped ones, in a partition and regions of choice."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
REFERENCE, SMALL = ROOT / "environments", ROOT / "examples" / "small"
REGIONS = {"aws": ("eu-west-1", "eu-central-1"), "aws-us-gov": ("us-gov-west-1", "us-gov-east-1")}


def organisation(folder: Path, *, accounts: int, partition: str) -> Path:
    """YAML of an organisation of 1, 3 or 25 accounts in two regions of the partition; returns its folder."""
    config = folder / f"config-{accounts}-{partition}"
    config.mkdir(parents=True)
    model = SMALL if accounts <= 3 else REFERENCE
    for source in sorted((*model.rglob("*.yaml"), *model.glob("*.lock.json"))):
        target = config / source.relative_to(model)
        target.parent.mkdir(exist_ok=True)
        shutil.copyfile(source, target)
    document = _read(config / "organization.yaml")
    home, other = REGIONS[partition]
    document |= {"partition": partition, "home_region": home, "governed_regions": [home, other]}
    _move_networks(document, other)
    if "copy_to" in (logs := document.get("observability", {}).get("logs", {})):
        logs["copy_to"] = other
    if accounts == 1:
        _into_one_account(config, document)
    if accounts == 25:
        _two_more_teams(config)
    for path in (*config.glob("teams/*.yaml"), *config.glob("domains/*.yaml")):
        content = _read(path)
        _move_networks(content, other)
        _write(path, content)
    _write(config / "organization.yaml", document)
    return config


def _into_one_account(config: Path, document: dict[str, Any]) -> None:
    """Every role goes to the management account, which has the network of the first account that has one.

    No model is released where it is built, so none is served.
    """
    everyone = document["accounts"]
    management = everyone["management"]
    management["roles"] = sorted({role for account in everyone.values() for role in account["roles"]})
    management["cidr"] = next(account["cidr"] for account in everyone.values() if "cidr" in account)
    document["accounts"] = {"management": management}
    for path in config.glob("projects/*.yaml"):  # what is built and what is released stand in two accounts
        _write(path, {key: value for key, value in _read(path).items() if key != "serving"})
    for path in (*config.glob("teams/*.yaml"), *config.glob("domains/*.yaml")):
        path.write_text(path.read_text(encoding="utf-8").replace("use: workload", "use: management"), encoding="utf-8")


def _two_more_teams(config: Path) -> None:
    """The reference organisation has 19 accounts; two teams bring three each."""
    for number, name in enumerate(("credit", "claims"), start=1):
        team = _read(config / "teams" / "fraud.yaml")
        team["team"] = name
        team["accounts"] = {
            stage: {"email": f"aws-{name}-{stage}@acme.example", "cidr": f"10.{100 + 10 * number + place}.0.0/16"}
            for place, stage in enumerate(("dev", "test", "prod"))
        }
        _write(config / "teams" / f"{name}.yaml", team)


def _move_networks(document: Any, region: str) -> None:
    """What networks stand in another region than home stand in `region`."""
    if isinstance(document, dict):
        if "other_cidrs" in document:
            (cidr,) = document["other_cidrs"].values()
            document["other_cidrs"] = {region: cidr}
        for value in document.values():
            _move_networks(value, region)


def _read(path: Path) -> dict[str, Any]:
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert isinstance(content, dict)
    return content


def _write(path: Path, content: dict[str, Any]) -> None:
    path.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
