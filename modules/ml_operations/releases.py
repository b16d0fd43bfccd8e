"""Which version of which model is live where: items of the table `model-releases`. Pure: no cdktf and no boto3 here.

The hash key is `project`, the range key `account`. Items are of two kinds: a `Release` for each account in which a
version is live, by the account's name, written by the build that deployed it; and a `Decision` for each version that
people decided on, by `#<version>`, which is no account's name, written by the function `decide_release`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

# An item as DynamoDB's API has it: attribute -> type -> value.
Item = Mapping[str, Mapping[str, Any]]

PROJECT, ACCOUNT = "project", "account"
NOTHING = "none"  # as `layout.NO_VERSION`, which the function that decides does without
_DECISION = "#"


@dataclass(frozen=True, slots=True)
class Release:
    """A version that is live. `account` is a name as in YAML, `passport` a SHA-256, `released_at` UTC by ISO 8601.

    `previous` is the model package that was live there before, NOTHING at first: what a rollback goes back to.
    """

    project: str
    account: str
    model_package_arn: str
    version: str
    passport: str
    execution_id: str
    released_at: str
    previous: str = NOTHING

    def after(self, last: Release | None) -> Release:
        """The same, knowing what was live before. A version that is released again has not followed itself."""
        if last is None:
            return self
        again = last.model_package_arn == self.model_package_arn
        return replace(self, previous=last.previous if again else last.model_package_arn)

    def item(self) -> dict[str, dict[str, str]]:
        """As it is put: the later release in an account takes the place of the earlier one."""
        return {name: {"S": value} for name, value in asdict(self).items()}

    @classmethod
    def of(cls, item: Item) -> Release:
        """From what DynamoDB returns. Raises KeyError for an item that is no release."""
        return cls(**{name: str(item[name]["S"]) for name in cls.__slots__})


@dataclass(frozen=True, slots=True)
class Decision:
    """What was last made of a version: `approval` as the registry said it then.

    `execution_id` is the pipeline's execution, empty where none was started. `told` are the accounts of which people
    were told that this version is live there without approval.
    """

    project: str
    version: int
    approval: str
    execution_id: str = ""
    told: tuple[str, ...] = ()

    def item(self) -> dict[str, dict[str, Any]]:
        """As it is put: the later decision on a version takes the place of the earlier one."""
        return {
            PROJECT: {"S": self.project},
            ACCOUNT: {"S": f"{_DECISION}{self.version}"},
            "approval": {"S": self.approval},
            "execution_id": {"S": self.execution_id},
            "told": {"L": [{"S": account} for account in self.told]},
        }

    @classmethod
    def of(cls, item: Item) -> Decision:
        """From what DynamoDB returns. Raises KeyError for an item that is no decision."""
        return cls(
            project=item[PROJECT]["S"],
            version=int(item[ACCOUNT]["S"].removeprefix(_DECISION)),
            approval=item["approval"]["S"],
            execution_id=item["execution_id"]["S"],
            told=tuple(each["S"] for each in item["told"]["L"]),
        )


def is_release(item: Item) -> bool:
    """Whether the item is a `Release`; else it is a `Decision`."""
    return not item[ACCOUNT]["S"].startswith(_DECISION)


def newer_approved(summaries: Iterable[Mapping[str, Any]], version: int) -> int | None:
    """The newest approved version that is newer than `version`, of the summaries that `ListModelPackages` gives.

    None where there is none: then `version` is what is to be released, if it is approved itself.
    """
    approved = (each["ModelPackageVersion"] for each in summaries if each.get("ModelApprovalStatus") == "Approved")
    return max((each for each in approved if each > version), default=None)
