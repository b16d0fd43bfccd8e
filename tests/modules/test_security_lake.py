"""The lake of security events is ours to lock, and one account beside reads it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from modules.observability.security_lake import SecurityLake
from modules.observability.security_lake_settings import SecurityLakeSettings
from tests.support.rendering import NAMING, Rendered, render

ARCHIVE = replace(NAMING, environment="org", account="log-archive", account_id="333333333333")


def _lake(subscriber_id: str | None = "444444444444") -> Rendered:
    return render(
        lambda scope: SecurityLake(
            scope,
            "lake",
            naming=ARCHIVE,
            settings=SecurityLakeSettings(sources=("SH_FINDINGS", "ROUTE53")),
            boundary_arn="arn:aws:iam::333333333333:policy/boundary",
            subscriber_id=subscriber_id,
        )
    )


@pytest.fixture(name="lake", scope="module")
def _fixture() -> Rendered:
    return _lake()


def test_security_events_are_under_our_key_for_as_long_as_set(lake: Rendered) -> None:
    """The lake has the key of its stack, tiers and an end; Terraform refuses to destroy it."""
    body = lake.one("aws_securitylake_data_lake")
    (configured,) = body["configuration"]
    (key,) = lake.all("aws_kms_key")
    assert configured["encryption_configuration"] == [{"kms_key_id": f"${{aws_kms_key.{key}.arn}}"}]
    assert configured["lifecycle_configuration"] == [
        {"expiration": [{"days": 365}], "transition": [{"days": 60, "storage_class": "STANDARD_IA"}]}
    ]
    assert body["lifecycle"] == {"prevent_destroy": True}


def test_each_source_is_of_all_accounts_and_made_after_another(lake: Rendered) -> None:
    """No account is named, so every one is meant; AWS makes one source at a time."""
    sources = lake.all("aws_securitylake_aws_log_source")
    assert sorted(body["source"][0]["source_name"] for body in sources.values()) == ["ROUTE53", "SH_FINDINGS"]
    assert not any("accounts" in body["source"][0] for body in sources.values())
    waits = sorted(body["depends_on"][0].partition(".")[0] for body in sources.values())
    assert waits == ["aws_securitylake_aws_log_source", "aws_securitylake_data_lake"]


def test_one_account_queries_tables_and_no_files(lake: Rendered) -> None:
    """The subscriber is the account that is given, by Lake Formation; where it is the lake's own there is none."""
    subscriber = lake.one("aws_securitylake_subscriber")
    assert subscriber["access_type"] == "LAKEFORMATION"
    assert subscriber["subscriber_identity"] == [{"principal": "444444444444", "external_id": "acme-org-security-lake"}]
    assert not _lake(None).all("aws_securitylake_subscriber")


def test_days_of_the_lake_that_contradict_each_other_are_refused() -> None:
    """An event cannot turn infrequent when it is gone."""
    with pytest.raises(ValueError, match="must be smaller than expire_after_days"):
        SecurityLakeSettings(infrequent_after_days=365)
