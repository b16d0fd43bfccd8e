"""The override file that points a stack at an emulator."""

from __future__ import annotations

import copy
from typing import Any

from delivery.emulator import override

BACKEND = {"bucket": "acme-state", "key": "org/a.tfstate", "region": "eu-west-1", "use_lockfile": True}
ROLE = {"assume_role": [{"role_arn": "arn:aws:iam::222222222222:role/apply", "external_id": "x"}]}


def stack(**parts: Any) -> dict[str, Any]:
    return {"resource": {"aws_s3_bucket": {"b": {"bucket": "b"}}}, **parts}


def test_each_provider_uses_paths_under_its_own_alias() -> None:
    """Every aws provider gets path style, and nothing else of it is named, so that Terraform keeps the rest."""
    document = stack(provider={"aws": [{"region": "eu-west-1", **ROLE}, {"region": "us-east-1", "alias": "use1"}]})
    assert override(document) == {
        "provider": {"aws": [{"s3_use_path_style": True}, {"s3_use_path_style": True, "alias": "use1"}]}
    }


def test_a_provider_written_as_an_object_counts_like_a_list_of_one() -> None:
    """Both forms of Terraform's JSON are read."""
    assert override(stack(provider={"aws": {"region": "eu-west-1"}})) == {
        "provider": {"aws": [{"s3_use_path_style": True}]}
    }


def test_the_backend_is_copied_whole() -> None:
    """Terraform replaces a backend block as a whole, so all its settings stand in the override."""
    assert override(stack(terraform={"backend": {"s3": BACKEND}})) == {
        "terraform": {"backend": {"s3": {**BACKEND, "use_path_style": True}}}
    }


def test_each_read_of_a_state_in_s3_is_copied_whole() -> None:
    """A remote state's config is one argument: it is copied with path style; states elsewhere are left alone."""
    states = {
        "org": {"backend": "s3", "config": BACKEND, "workspace": "default"},
        "file": {"backend": "local", "config": {"path": "x"}},
    }
    assert override(stack(data={"terraform_remote_state": states})) == {
        "data": {"terraform_remote_state": {"org": {"config": {**BACKEND, "use_path_style": True}}}}
    }


def test_a_stack_without_any_of_them_needs_no_override() -> None:
    """Terraform refuses an override of a block that is not there, so none is written."""
    assert override(stack(terraform={"backend": {"local": {"path": "x"}}}, provider={"null": [{}]})) == {}


def test_the_stack_is_left_as_it_is() -> None:
    """The function is pure: its argument keeps its value."""
    document = stack(terraform={"backend": {"s3": BACKEND}}, provider={"aws": [{"alias": "a"}]})
    before = copy.deepcopy(document)
    override(document)
    assert document == before
