"""A product's template as it is published: the organisation's names in the place of the markers. No cdktf here."""

from __future__ import annotations

# In templates and seed code. Nothing else of them differs between organisations.
ORGANIZATION, TEMPLATES = b"__organization__", b"__templates__"


def filled_in(content: bytes, *, organization: str, templates: str) -> bytes:
    """The file with the organisation's name, and the name of the bucket of `templates`, in their places."""
    return content.replace(ORGANIZATION, organization.encode()).replace(TEMPLATES, templates.encode())


def published(content: bytes, *, organization: str, templates: str) -> str:
    """The template as an argument of Terraform, which leaves alone what CloudFormation resolves, such as `${Team}`.

    `policies/template.py` takes that back, so that the gate judges the bytes that people launch.
    """
    text = filled_in(content, organization=organization, templates=templates).decode("utf-8")
    return text.replace("${", "$${").replace("%{", "%%{")
