"""`delivery.ci`: pipelines of the code host that do without Atlantis. No cdktf here."""

from __future__ import annotations

from typing import Literal

from modules.core.settings import Strict


class CiSettings(Strict):
    """`host`: for whose runners the pipelines are written."""

    host: Literal["github", "gitlab"] = "github"
