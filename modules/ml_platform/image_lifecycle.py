"""The lifecycle policies of ECR repositories. No cdktf here."""

from __future__ import annotations

import json
from typing import Literal


def expire(which: Literal["any", "untagged"], days: int) -> str:
    """The policy that removes images, all or those without a tag, `days` days after they were pushed."""
    rule = {
        "rulePriority": 1,
        "description": f"{which} images go {days} days after they were pushed",
        "selection": {"tagStatus": which, "countType": "sinceImagePushed", "countUnit": "days", "countNumber": days},
        "action": {"type": "expire"},
    }
    return json.dumps({"rules": [rule]}, separators=(",", ":"))
