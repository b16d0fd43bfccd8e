"""Looks for approved versions that no event told of: the registry alone knows what EventBridge never delivered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from modules.ml_operations.functions.promote_model import registration
from modules.ml_operations.functions.promote_model.event import Version
from modules.ml_operations.functions.promote_model.origin import Origins


@dataclass(frozen=True, slots=True)
class Look:
    """A look into every registry in dev, by SageMaker's client `models`. `arn` begins the ARNs of SageMaker here.

    `projects`: name of a team -> names of its projects, whose models go to the central registry.
    """

    models: Any
    origins: Origins
    projects: Mapping[str, Sequence[str]]
    arn: str

    def unpromoted(self) -> Iterator[Version]:
        """The newest approved version of each model, where it has no central copy.

        A model that cannot be looked at keeps no other from it. Raises ExceptionGroup with what failed, after the rest.
        """
        failed = []
        for group in self._groups():
            try:
                yield from self._unpromoted(group)
            except (BotoCoreError, ClientError) as error:
                error.add_note(group)
                failed.append(error)
        if failed:
            raise ExceptionGroup("models that could not be looked at", failed)

    def _groups(self) -> Iterator[str]:
        for id_, account in self.origins.accounts.items():
            for team in account.teams:
                for project in self.projects[team]:
                    yield f"{self.arn}:{id_}:model-package-group/{account.prefix}-{team}-{project}"

    def _unpromoted(self, group: str) -> Iterator[Version]:
        pages = self.models.get_paginator("list_model_packages").paginate(
            ModelPackageGroupName=group, ModelApprovalStatus="Approved"
        )
        found = [each for page in pages for each in page["ModelPackageSummaryList"]]
        if not found:
            return
        version = Version.of(max(found, key=lambda each: int(each["ModelPackageVersion"]))["ModelPackageArn"])
        described = self.models.describe_model_package(ModelPackageName=version.arn)
        if registration.registered(self.models, self.origins.of(version), described) is None:
            yield version
