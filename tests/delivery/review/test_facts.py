"""The facts of resource types name types and attributes that the provider has: a misspelt one would judge nothing."""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path

import pytest
from pydantic import ValidationError

from delivery.review.facts import ANY_TYPE, AttributeFact, facts
from delivery.review.paths import UNKNOWN

PROVIDER = "cdktf_cdktf_provider_aws"


@pytest.fixture(scope="module")
def bindings() -> Path:
    """The folder of the provider's bindings; nothing of it is imported."""
    spec = find_spec(PROVIDER)
    assert spec is not None
    assert spec.submodule_search_locations is not None
    return Path(next(iter(spec.submodule_search_locations)))


def _words(bindings: Path, kind: str) -> set[str]:
    """The attributes of a type and of its blocks, as the bindings name them."""
    folder = bindings / kind.removeprefix("aws_")
    if not folder.is_dir():  # where the name is a word of Python, or begins with a digit
        folder = bindings / f"aws_{kind.removeprefix('aws_')}"
    text = (folder / "__init__.py").read_text(encoding="utf-8")
    return set(re.findall(r"def (\w+)\(\s*self\b", text))


@pytest.mark.e2e  # it reads tens of megabytes of bindings
def test_every_type_and_attribute_is_one_of_the_provider(bindings: Path) -> None:
    """Each step of each path, and each attribute that a fact reads, is an attribute in the bindings of its type."""
    missing = []
    for kind, known in facts().items():
        if kind == ANY_TYPE:
            continue
        words = _words(bindings, kind)
        for one in known:
            paths = [*one.attributes, *one.where, *([one.of] if one.of else [])]
            steps = {step for path in paths for step in path.split(".") if step != "*"}
            missing += [f"{kind}: {step}" for step in sorted(steps - words)]
    assert missing == []


@pytest.mark.parametrize(
    ("fact", "before", "after", "happens"),
    [
        ({"stays": True}, True, False, True),
        ({"stays": True}, False, True, False),
        ({"stays": True}, True, None, True),
        ({"stays": True}, True, UNKNOWN, True),
        ({"into": True}, False, True, True),
        ({"into": True}, None, False, False),
        ({"changes": True}, "a", "b", True),
        ({"changes": True}, None, "b", False),
        ({"differs": True}, None, "b", True),
        ({"appears": True}, None, "b", True),
        ({"appears": True}, "a", None, False),
        ({"lost": True}, "a", None, True),
        ({"lost": True}, "a", UNKNOWN, False),
        ({"gains": True}, ["a"], ["a", "b"], True),
        ({"gains": True}, ["a", "b"], ["a"], False),
        ({"loses": True}, ["a", "b"], None, True),
        ({"falls": "zero"}, 30, None, True),
        ({"falls": "zero"}, 30, 90, False),
        ({"falls": "forever"}, None, 30, True),
        ({"falls": "forever"}, 30, 0, False),
        ({"rises": "zero"}, "2000", "2000.0", False),
        ({"rises": "zero"}, "2000", "2000.5", True),
    ],
)
def test_a_test_of_an_attribute_is_met_by_what_it_names(
    fact: dict[str, object], before: object, after: object, happens: bool
) -> None:
    """Each kind of movement, in the direction that is told and in no other; what is not known counts as met."""
    found = AttributeFact.model_validate({"class": "safe", **fact}).violated(before, after)
    assert bool(found) is happens


def test_a_fact_has_one_test() -> None:
    """None, or two that contradict each other, is refused when the table is read."""
    for tests in ({}, {"lost": True, "changes": True}):
        with pytest.raises(ValidationError, match="exactly one of"):
            AttributeFact.model_validate({"class": "safe", **tests})
