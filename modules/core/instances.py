"""Instance types of SageMaker. No cdktf here."""

from __future__ import annotations

from fnmatch import fnmatchcase

# Their local disks are encrypted by the hardware, and AWS refuses a key for them: the same as in control SM-22.
LOCAL_DISKS = ("ml.*d.*", "ml.*dn.*", "ml.p4de.*", "ml.g5.*", "ml.g6*.*", "ml.p5*.*", "ml.trn*.*")


def on_local_disks(instance_type: str) -> bool:
    """Whether instances of the type keep data on such disks."""
    return any(fnmatchcase(instance_type, pattern) for pattern in LOCAL_DISKS)
