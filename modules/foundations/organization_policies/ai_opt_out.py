"""The AI services opt-out policy: content of the organisation trains no model of AWS."""

from __future__ import annotations

from modules.foundations.organization_policies.document import Document, assign, final


def ai_opt_out() -> Document:
    """The document: every service, present and future, is opted out, and nothing below can change it."""
    return {"services": final({"default": final({"opt_out_policy": final(assign("optOut"))})})}
