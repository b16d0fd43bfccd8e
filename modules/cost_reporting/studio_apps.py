"""Apps of SageMaker Studio as AWS lists them: what each runs on, and when its user was last active.

For functions: no cdktf here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

IN_SERVICE = "InService"
_GONE = ("Deleted", "Failed")  # AWS lists an app for a day after it is gone


@dataclass(frozen=True, slots=True)
class StudioApp:
    """An app that stands. `key` is how AWS's calls name it. `last_active` None: nobody has used it, or AWS cannot tell.

    `user` is whose it is: its user profile's, or the owner's of its space.
    """

    key: Mapping[str, str]
    arn: str
    status: str
    created: datetime
    instance_type: str | None
    user: str | None
    last_active: datetime | None


def studio_apps(sagemaker: Any, spaces: Mapping[tuple[str, str], str | None]) -> Iterator[StudioApp]:
    """Every app of the region. `spaces`: domain and name of a space -> its owner."""
    for page in sagemaker.get_paginator("list_apps").paginate():
        for each in page["Apps"]:
            if each["Status"] in _GONE:
                continue
            key = {
                name: each[name]
                for name in ("DomainId", "UserProfileName", "SpaceName", "AppType", "AppName")
                if each.get(name)
            }
            app = sagemaker.describe_app(**key)
            yield StudioApp(
                key,
                app["AppArn"],
                app["Status"],
                app["CreationTime"],
                app.get("ResourceSpec", {}).get("InstanceType"),
                each.get("UserProfileName") or spaces.get((each["DomainId"], each.get("SpaceName", ""))),
                app.get("LastUserActivityTimestamp"),
            )
