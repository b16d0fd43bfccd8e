"""What `serving:` of a project may say, and what it means where it says nothing."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from modules.ml_operations.serving_settings import Serving


def serving(**said: Any) -> Serving:
    """As YAML says it."""
    return Serving.model_validate(said)


def test_production_has_two_instances_unless_requests_wait() -> None:
    """By default; what waits in a queue begins with two, and may go."""
    assert (serving().at("prod").at_least, serving().at("test").at_least) == (2, 1)
    later = serving(mode="asynchronous").at("prod")
    assert (later.at_least, later.at_first, later.at_most) == (0, 2, 4)


def test_a_stage_overrides_what_holds_for_all() -> None:
    """The instance type is said once, or for a stage."""
    said = serving(instance_type="ml.c6i.large", prod={"instance_type": "ml.c6i.2xlarge", "at_least": 3})
    assert said.at("test").instance_type == "ml.c6i.large"
    prod = said.at("prod")
    assert (prod.instance_type, prod.at_least, prod.at_most) == ("ml.c6i.2xlarge", 3, 4)


def test_what_a_configuration_is_made_of_changes_its_digest() -> None:
    """The digest is in the configuration's name: AWS changes none. What scaling says is no part of it."""
    plain = serving().at("prod").configured
    assert serving(prod={"capture_percent": 50}).at("prod").configured != plain
    assert serving(scaling={"invocations_per_minute": 10}).at("prod").configured == plain


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"batch": {}}, "must not have batch with mode real-time"),
        ({"mode": "batch", "asynchronous": {}}, "must not have asynchronous with mode batch"),
        ({"mode": "serverless", "rollout": {}}, "must not have rollout with mode serverless"),
        ({"mode": "serverless", "prod": {"at_least": 2}}, "must not have prod.at_least with mode serverless"),
        ({"mode": "batch", "scaling": {}}, "must not have scaling with mode batch"),
        ({"mode": "batch", "prod": {"at_least": 1}}, "must not have prod.at_least with mode batch"),
        ({"prod": {"at_least": 1}}, "must have prod.at_least of 2 or more"),
        ({"prod": {"at_most": 1}}, "must have prod.at_most of 2 or more"),
        ({"test": {"at_least": 0}}, "must have test.at_least of 1 or more"),
        ({"rollout": {"shift": "linear", "percent": 10}}, "must bake for 45 minutes in all at most, and does for 100"),
        ({"mode": "batch", "batch": {"schedule": "cron(99 5 * * ? *)"}}, "must have minutes from 0 to 59"),
        ({"mode": "batch", "alarms": {"silent_hours": 2}}, "must not have alarms with mode batch"),
        ({"mode": "batch", "prod": {"capture_percent": 5}}, "must not have prod.capture_percent with mode batch"),
        ({"mode": "serverless", "instance_type": "ml.m5.large"}, "must not have instance_type with mode serverless"),
        ({"mode": "asynchronous", "scaling": {"invocations_per_minute": 5}}, "asynchronous.waiting_per_instance"),
        ({"mode": "asynchronous", "prod": {"at_most": 1}}, "at_most of 2 or more: a version begins with as many"),
        ({"rollout": {"shift": "all-at-once", "percent": 30}}, "must not have percent with shift all-at-once"),
        ({"serverless": {"memory_mb": 1000}, "mode": "serverless"}, "1024, 2048"),
    ],
)
def test_what_cannot_be_is_told_in_words(said: dict[str, Any], told: str) -> None:
    """A mode has no settings of another, and no stage fewer instances than it needs."""
    with pytest.raises(ValidationError, match=told):
        serving(**said)
