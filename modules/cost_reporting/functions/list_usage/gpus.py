"""How many GPUs an instance type of SageMaker has. Pure.

As of 2026-11-23: https://aws.amazon.com/ec2/instance-types/ (accelerated computing). Inferentia and Trainium are no
GPUs; sizes of one family that are not named have one.
"""

from __future__ import annotations

import re

_ONE = 1
# Family -> size -> GPUs; None as the size stands for every other one.
_GPUS: dict[str, dict[str | None, int]] = {
    "g4dn": {"12xlarge": 4, "metal": 8, None: _ONE},
    "g5": {"12xlarge": 4, "24xlarge": 4, "48xlarge": 8, None: _ONE},
    "g6": {"12xlarge": 4, "24xlarge": 4, "48xlarge": 8, None: _ONE},
    "g6e": {"12xlarge": 4, "24xlarge": 4, "48xlarge": 8, None: _ONE},
    "gr6": {None: _ONE},
    "p2": {"xlarge": 1, "8xlarge": 8, "16xlarge": 16},
    "p3": {"2xlarge": 1, "8xlarge": 4, "16xlarge": 8},
    "p3dn": {"24xlarge": 8},
    "p4d": {"24xlarge": 8},
    "p4de": {"24xlarge": 8},
    "p5": {"4xlarge": 1, "48xlarge": 8},
    "p5e": {"48xlarge": 8},
    "p5en": {"48xlarge": 8},
}


def gpus(instance_type: str | None) -> int | None:
    """The GPUs of one instance; None where the type is of a family with GPUs and stands not in this table."""
    found = re.fullmatch(r"ml\.([a-z0-9-]+)\.([a-z0-9-]+)", instance_type or "")
    if found is None:  # `system`, serverless, or nothing that runs
        return 0
    family, size = found[1], found[2]
    sizes = _GPUS.get(family)
    if sizes is None:
        return None if re.match(r"(?:g|p)[a-z]*\d", family) else 0
    return sizes.get(size, sizes.get(None))
