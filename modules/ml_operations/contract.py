"""What releases and serving give to other stacks. No cdktf here."""

from __future__ import annotations
