"""Patterns are compared exactly: what they match together, and what one leaves over of another."""

from __future__ import annotations

import random
import re
from itertools import product

import pytest

from policies.access.glob import DIGIT, NOTHING, inside, literally, meet, some, unknown


@pytest.mark.parametrize(
    ("within", "without", "expected"),
    [
        (["s3:getobject"], [], True),
        (["s3:get*", "s3:*object"], [], True),
        (["s3:get*", "s3:put*"], [], False),
        (["s3:get*"], ["s3:*"], False),
        (["s3:*"], ["s3:get*", "s3:put*"], True),
        (["*"], ["a*", "b*"], True),
        (["a?"], ["a*"], False),
        (["a*"], ["a?", "a"], True),
        (["arn:aws:s3:::log/*"], ["arn:aws:s3:::log", "arn:aws:s3:::log/*"], False),
    ],
)
def test_what_patterns_leave_over(within: list[str], without: list[str], expected: bool) -> None:
    """Some text matches all of the first and none of the second, or none does."""
    assert some(frozenset(within), frozenset(without)) is expected


def test_patterns_are_compared_as_if_every_text_were_tried() -> None:
    """On short patterns over two letters the answer is that of trying all texts up to the length that decides."""
    texts = ["".join(letters) for size in range(6) for letters in product("abx", repeat=size)]
    draw = random.Random(4)  # equal in every run
    for _ in range(60):
        one, other, less = ("".join(draw.choice("ab*?") for _ in range(draw.randint(1, 3))) for _ in range(3))
        tried = any(_matches(one, text) and _matches(other, text) and not _matches(less, text) for text in texts)
        assert some(frozenset({one, other}), frozenset({less})) is tried, (one, other, less)


def _matches(pattern: str, text: str) -> bool:
    expression = "".join({"*": ".*", "?": "."}.get(character, character) for character in pattern)
    return re.fullmatch(expression, text) is not None


def test_what_is_filled_in_later_lets_in_and_never_keeps_out() -> None:
    """An expression may be any text where a pattern allows, and proves nothing where one denies."""
    assert meet("arn:${aws_s3_bucket.x.arn}/*", "arn:some/thing")
    assert not inside("arn:some/thing", ["arn:${aws_s3_bucket.x.arn}/*"])
    assert unknown("${data.x}")
    assert not unknown("${*}")


def test_escaped_wildcards_are_characters() -> None:
    """`${*}` and `${?}` stand for the character itself, as IAM has it; so does a text that is taken literally."""
    assert meet("a${*}", "a*")
    assert not meet("a${*}", "ab")
    assert not meet(literally("a?"), "ab")
    assert meet(literally("a?"), "a?")


def test_digits_that_aws_makes_up_are_no_other_characters() -> None:
    """The end of a permission set's role matches digits and nothing else; NOTHING matches no name."""
    assert meet(f"role_{DIGIT * 2}", "role_a0")
    assert not meet(f"role_{DIGIT * 2}", "role_:r")
    assert inside(f"role_{DIGIT * 2}", ["role_*"])
    assert not meet(f"a{NOTHING}", "a?b")
