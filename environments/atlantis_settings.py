"""`delivery.atlantis`: how Atlantis runs what lies in the repository. No cdktf here."""

from __future__ import annotations

from typing import Literal

from modules.core.settings import Strict


class AtlantisSettings(Strict):
    """`committed`: Atlantis plans the Terraform that is committed below `live/`; `hook`: a hook synthesises it."""

    mode: Literal["committed", "hook"] = "committed"
