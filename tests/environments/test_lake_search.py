"""Where the zones of data domains are searched for sensitive data, and after what."""

from __future__ import annotations

from pathlib import Path

import pytest

from environments.administrators import sensitive_data_settings
from environments.graph import StackGraph
from environments.load import load
from environments.model import Organization
from modules.foundations.security.settings import MacieSettings

ROOT = Path(__file__).parents[2]


@pytest.fixture(name="acme", scope="module")
def _acme() -> Organization:
    return load(ROOT / "environments")


def _without_macie(organization: Organization) -> Organization:
    settings = organization.settings("org")
    security = settings.foundations.security.model_copy(update={"macie": MacieSettings(enabled=False)})
    foundations = settings.foundations.model_copy(update={"security": security})
    changed = settings.model_copy(update={"foundations": foundations})
    return organization.model_copy(update={"module_settings": {**organization.module_settings, "org": changed}})


def test_a_job_is_made_once_macie_is_on_in_its_account(acme: Organization) -> None:
    """A member account may run jobs of its own after the security stack has switched Macie on there.

    https://docs.aws.amazon.com/macie/latest/user/accounts-mgmt-relationships.html
    """
    storage = StackGraph(acme).nodes["data-customers-storage"]
    assert "security-tooling-security" in storage.after
    assert sensitive_data_settings(acme, storage.account) is not None


def test_nothing_is_searched_where_macie_is_not_on(acme: Organization) -> None:
    """Without Macie, in a partition that lacks it, and where nobody administers members, there is no job to run."""
    account = acme.account("data-customers")
    off = _without_macie(acme)
    assert sensitive_data_settings(off, account) is None
    assert "security-tooling-security" not in StackGraph(off).nodes["data-customers-storage"].after
    assert sensitive_data_settings(acme.model_copy(update={"partition": "aws-cn"}), account) is None
    tooling = acme.account("security-tooling").model_copy(update={"roles": ()})
    management = acme.management.model_copy(update={"roles": ("management", "security-tooling")})
    others = tuple(each for each in acme.accounts if each.name not in (tooling.name, management.name))
    alone = acme.model_copy(update={"accounts": (*others, tooling, management)})
    assert sensitive_data_settings(alone, account) is None
    assert sensitive_data_settings(alone, management) is not None
