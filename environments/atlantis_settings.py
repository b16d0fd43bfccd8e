"""`delivery.atlantis`: how Atlantis runs what lies in the repository. No cdktf here."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator

from modules.core.settings import RoleArn, Shape, Strict, distinct

# `committed`: Atlantis plans what is committed below live/; `hook`: a hook on its server synthesises it from the YAML.
Mode = Literal["committed", "hook"]
HostName = Annotated[str, Shape(r"[A-Za-z0-9][A-Za-z0-9._-]*", "the name of a user or team on the code host", 100)]
HostNames = Annotated[tuple[HostName, ...], AfterValidator(distinct)]


class PolicyOwners(Strict):
    """Who may let pass what the review of a plan asks about (`atlantis approve_policies`); by default nobody."""

    users: HostNames = ()
    teams: HostNames = ()


class AtlantisSettings(Strict):
    """How Atlantis gets the Terraform, and as whom it works (ADR 41).

    `depends_on`: also write which stack waits for which. Off, as Atlantis then refuses `atlantis apply` of a whole
    pull request until it is repeated (runatlantis/atlantis#5791); the order of groups is always written.
    `server_role_arn`: the role of the server's own process, trusted to take the roles that CI takes.
    `credential_source`: where the server finds that role: a container of ECS or EKS, an EC2 instance, or variables.
    """

    mode: Mode = "committed"
    depends_on: bool = False
    server_role_arn: RoleArn | None = None
    credential_source: Literal["EcsContainer", "Ec2InstanceMetadata", "Environment"] = "EcsContainer"
    policy_owners: PolicyOwners = PolicyOwners()
