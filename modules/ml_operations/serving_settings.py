"""How a project's model is served, as its file says. No cdktf here."""

from __future__ import annotations

from typing import Literal

from modules.core.settings import Strict

ServingMode = Literal["real-time", "asynchronous", "serverless", "batch"]


class Serving(Strict):
    """`serving:` of a project's file: its approved versions are released to test and production, and served so.

    `ended`: it is served no more; what serves it is taken down, and what it holds stays. A project that has ended goes
    on being served until then.
    """

    mode: ServingMode = "real-time"
    ended: bool = False
