"""The bounds of the types that settings are made of."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from modules.core.settings import Cidr, Region

GOOD = [
    *((Cidr, "10.0.0.0/16"), (Cidr, "192.168.1.240/28"), (Cidr, "172.31.0.0/16")),
    *((Region, "us-gov-east-1"), (Region, "ap-southeast-7"), (Region, "me-central-1"), (Region, "cn-northwest-1")),
]
BAD = [
    *((Cidr, "10.0.0.0"), (Cidr, "172.32.0.0/16"), (Cidr, "100.64.0.0/16"), (Cidr, "10.0.0.0/29"), (Cidr, "fd00::/16")),
    *(
        (Region, "eu-west"),
        (Region, "eu-west-0"),
        (Region, "eu-west-1a"),
        (Region, "moon-west-1"),
        (Region, "eu-west-1\n"),
    ),
]


@pytest.mark.parametrize(("kind", "value"), GOOD)
def test_values_within_the_bounds_are_taken_as_they_are(kind: Any, value: object) -> None:
    """The bounds themselves belong to what is allowed."""
    assert TypeAdapter(kind).validate_python(value, strict=True) == value


@pytest.mark.parametrize(("kind", "value"), BAD)
def test_values_outside_the_bounds_are_refused(kind: Any, value: object) -> None:
    """The first value beyond each bound is an error, and so is one of another type."""
    with pytest.raises(ValidationError):
        TypeAdapter(kind).validate_python(value, strict=True)
