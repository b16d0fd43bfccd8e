"""What the data lake and the feature store must never do is refused, with what is wrong, where, and what to do.

Through YAML where YAML can say it, else through the library, which anybody may call with any text. What somebody writes
into Terraform JSON past both is refused by the gate: CKV_MLGOV_150, 151, 222, 245, 246 and 420, with their cases.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import cast

import pytest
from constructs import Construct

from environments.load import load
from modules.core.errors import ConfigError
from modules.data_lake.grant import Grant, Permission, Tagged
from modules.data_lake.grants import Grants
from modules.feature_store.feature_group import FeatureGroup
from modules.feature_store.offline_store import OfflineStore
from tests.environments.spoiled import (
    CONFIG,
    DOMAIN,
    SMALL,
    Expected,
    assert_complaints,
    case,
    complaints,
    copy_of_small,
    spoil,
)
from tests.support.rendering import NAMING, render

GROUP = "features/order-history.yaml"
OWNER = "333333333333"
READER = f"arn:aws:iam::{NAMING.account_id}:role/acme-dev-fraud-pipeline"
BOUNDARY = f"arn:aws:iam::{NAMING.account_id}:policy/boundary"
KEY = f"arn:aws:kms:eu-west-1:{NAMING.account_id}:key/k"
PUBLISHED = Tagged("TABLE", {"domain": ["orders"], "stage": ["published"]})


def _grant(catalog: str, *permissions: str) -> Grant:
    """A grant as a library may be asked for it, whatever the types say."""
    return Grant(READER, cast(Sequence[Permission], permissions), PUBLISHED, catalog)


@pytest.mark.parametrize("permission", ["ALL", "SUPER", "SUPER_USER"])
def test_a_grant_of_everything_is_refused(permission: str) -> None:
    """The error names the grant and what may be granted instead."""
    with pytest.raises(ConfigError) as refused:
        _grant(NAMING.account_id, "SELECT", permission)
    assert f"the grant to {READER} holds {permission}, which is never granted" in str(refused.value)
    assert "name what is needed, of ALTER, CREATE_TABLE" in str(refused.value)


def test_a_grant_on_a_shared_tag_from_the_consumer_s_side_is_refused() -> None:
    """The error names both accounts, and says that the owner's stack must make it."""
    grants = {"again": _grant(OWNER, "SELECT")}
    with pytest.raises(ConfigError) as refused:
        render(lambda scope: Grants(scope, "grants", naming=NAMING, grants=grants))
    assert f"is on the catalogue of account {OWNER}, and stands in a stack of account {NAMING.account_id}" in str(
        refused.value
    )
    assert "make it in the stack of the owner" in str(refused.value)


def _store(scope: Construct, key_arn: str) -> OfflineStore:
    return OfflineStore(scope, "store", naming=NAMING, team="fraud", key_arn=key_arn, boundary_arn=BOUNDARY)


def _group(scope: Construct) -> None:
    (spec,) = load(SMALL).features
    group = {
        "naming": NAMING,
        "spec": spec,
        "role_arn": READER,
        "offline": _store(scope, KEY),
        "central": True,
        "after": [],
    }
    FeatureGroup(scope, "group", online_key_arn="", **group)


@pytest.mark.parametrize(("build", "store"), [(lambda scope: _store(scope, ""), "offline"), (_group, "online")])
def test_a_feature_group_without_a_key_is_refused(build: Callable[[Construct], object], store: str) -> None:
    """Neither store is made without one; YAML has no way to leave it out."""
    with pytest.raises(ConfigError, match=f"an {store} store needs the ARN of a customer-managed key"):
        render(build)


def test_a_breaking_change_of_a_central_group_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error names the feature, where it stands, that it is breaking, and the way that is not."""
    copy_of_small(tmp_path, monkeypatch)
    spoil(case("", GROUP, "orders_90d: { type: integral,", "orders_90d: { type: fractional,"))
    (told,) = complaints()
    assert told.startswith(f"{CONFIG / GROUP}:")
    assert "features.orders_90d" in told
    assert "which is a breaking change: " in told
    assert "order-history-v2" in told


def test_a_tag_of_an_unknown_value_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In YAML with the values that there are, in the library with those of the key."""
    copy_of_small(tmp_path, monkeypatch)
    spoil(case("", DOMAIN, "    sensitivity: internal\n", "    sensitivity: secret\n"))
    words = "must be one of public, internal, confidential, restricted (got secret)"
    assert_complaints((Expected(DOMAIN, "secret", "products.shop.sensitivity", words),))
    for tags, message in (
        ({"sensitivity": ["secret"]}, "'sensitivity' has no value 'secret' (known: public, internal"),
        ({"zone": ["raw"]}, "no LF-tag 'zone' (known: domain"),
    ):
        with pytest.raises(ConfigError) as refused:
            Tagged("TABLE", tags)
        assert message in str(refused.value)


def test_two_domains_with_one_bucket_name_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error stands at the second and names the first, its line, the bucket, and what to set."""
    copy_of_small(tmp_path, monkeypatch)
    text = (CONFIG / DOMAIN).read_text(encoding="utf-8")
    second = "domains/sales.yaml"
    (CONFIG / second).write_text(text.replace("domain: orders\n", "domain: sales\nbucket_prefix: orders\n"), "utf-8")
    (told,) = complaints()
    assert told.startswith(f"{CONFIG / second}:4 bucket_prefix gives a zone the bucket minnow-org-orders-")
    assert f"as the data domain orders does ({CONFIG / DOMAIN}:3): set another bucket_prefix" in told
