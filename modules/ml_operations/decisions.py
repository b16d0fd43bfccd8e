"""What follows from approvals in the central registry: releases, and model cards."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from constructs import Construct

from modules.core.iam import Statement
from modules.core.naming import Naming
from modules.core.topic import ALARMS, Topic
from modules.ml_operations import decision_permissions, release_record
from modules.ml_operations.decision_alarms import CARDS, DECISIONS, DecisionAlarms
from modules.ml_operations.functions.write_card.models import MODELS
from modules.ml_operations.names import RELEASES
from modules.ml_operations.registry_listener import RegistryListener
from modules.ml_operations.release_record import ReleaseRecord
from modules.ml_operations.released_model import Folder, ReleasedModel


class Decisions(Construct):
    """The table of what is live, the functions `release-decisions` and `model-cards`, and who hears of them.

    `models` are all of the central registry. `reports` are where versions' reports lie, `exports` where approved cards
    are exported to. `key_arn` is that of `ReleaseKey`. `operators` is a mailbox.

    Guarantees:
    - an approved version of a served model starts its pipeline once for each approval, and only while no newer version
      is approved; a version that is not approved starts none;
    - an event that is lost, late, doubled or out of order changes none of it: every hour all models are looked at;
    - operators hear of a version that is live without approval, with account, endpoint and version, until it is gone;
    - a card describes each version that is registered or decided on, and is approved only with all its evidence;
    - neither function approves, registers or deletes a version, and operators hear of what could not be worked on.

    Controls: SM-42, SM-47, PLAT-03 (NIST 800-53 CM-3, AC-5, AC-6, SI-4).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        models: Sequence[ReleasedModel],
        reports: Sequence[Folder],
        exports: Folder,
        key_arn: str,
        boundary_arn: str,
        operators: str,
    ) -> None:
        super().__init__(scope, id_)
        self._naming, self._key_arn, self._boundary_arn = naming, key_arn, boundary_arn
        self._topic = self._told(operators)
        ReleaseRecord(self, "record", naming=naming, key_arn=key_arn)
        releases = self._listener(
            DECISIONS,
            "decide_release",
            "rate(1 hour)",
            shared=("releases.py",),
            models={
                each.group: {"project": each.project, "pipeline": each.pipeline, "places": dict(each.places)}
                for each in models
            },
            statements=[
                *decision_permissions.decides(naming, naming.arn("sns", naming.name(RELEASES))),
                *release_record.reads(naming, ("dynamodb:Query",)),
                *release_record.writes(naming),
            ],
            environment={"TABLE": naming.name(RELEASES), "TOPIC_ARN": self._topic.arn},
        )
        written = self._listener(
            CARDS,
            "write_card",
            "rate(1 day)",
            shared=("cards.py",),
            models={each.group: {"facets": each.facets, "ended": each.ended} for each in models},
            statements=list(decision_permissions.writes_cards(naming, exports, reports)),
            environment={"EXPORTS": f"s3://{naming.bucket(exports.bucket)}/{exports.prefix}"},
        )
        DecisionAlarms(
            self,
            "alarms",
            naming=naming,
            topic=self._topic,
            dead_letters={DECISIONS: releases.dead_letters, CARDS: written.dead_letters},
        )

    def _listener(
        self,
        what: str,
        function: str,
        again: str,
        *,
        shared: Sequence[str],
        models: Mapping[str, object],
        statements: Sequence[Statement],
        environment: Mapping[str, str],
    ) -> RegistryListener:
        return RegistryListener(
            self,
            what,
            naming=self._naming,
            what=what,
            function=function,
            again=again,
            shared=shared,
            files={MODELS: f"{json.dumps(models, indent=1, sort_keys=True)}\n".encode()},
            key_arn=self._key_arn,
            boundary_arn=self._boundary_arn,
            statements=statements,
            environment=environment,
        )

    def _told(self, operators: str) -> Topic:
        """Every alarm here begins with the name of one of the two functions."""
        naming = self._naming
        return Topic(
            self,
            "topic",
            naming=naming,
            what=RELEASES,
            key_arn=self._key_arn,
            publishers={
                ALARMS: [naming.arn("cloudwatch", f"alarm:{naming.name(what)}-*") for what in (DECISIONS, CARDS)]
            },
            email=operators,
        )
