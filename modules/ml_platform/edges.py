"""The ways between a team's accounts and what teams share, each with all its sides. No cdktf here."""

from __future__ import annotations

from modules.core.handshake import EdgeKind

# A team's roles -> the central container images, in each region in which the team has a network.
PULLS = EdgeKind(
    "pulls",
    {
        "repository": "the policies of the central ECR repositories, which admit the units of the team's account",
        "roles": "the team's roles, which may pull images of these repositories",
    },
)
# A team's roles -> artefacts that builds hand over.
HANDS_OVER = EdgeKind(
    "hands artefacts over to",
    {
        "bucket": "the policy of the team's artefact bucket, which admits the team's roles",
        "key": "the policy of the bucket's key, which admits the units of the team's account",
        "roles": "the team's roles, which may read there, and of which jobs write",
    },
)
# A team's roles -> packages, for networks without a way to the internet.
INSTALLS = EdgeKind(
    "installs packages from",
    {
        "domain": "the policy of the CodeArtifact domain, which admits the units of the team's account",
        "repository": "the policy of the repository, which lets them read",
        "roles": "the team's roles, which may ask for a token and read packages",
    },
)
# A team's account -> the central event bus.
ANNOUNCES = EdgeKind(
    "announces model events to",
    {
        "rule": "the rule in the team's account that forwards what happens to its models, and its role",
        "bus": "the policy of the central event bus, which admits the team's account",
    },
)
# A team's roles -> its models in the central registry.
FINDS_MODELS = EdgeKind(
    "finds its models in",
    {
        "share": "the share of the team's model groups, by RAM",
        "policy": "the policies of these groups, which stay discoverable",
        "bucket": "the policy of the bucket of models' files, which admits the roles of the team's jobs and endpoints",
        "key": "the policy of the registry's key, which admits these roles",
        "roles": "the team's roles, which may describe these groups and their versions",
    },
)
# A team's roles -> the private model hub.
USES_HUB = EdgeKind(
    "takes models from the hub of",
    {
        "share": "the share of the hub with the team's account, by RAM",
        "roles": "the team's roles, which may describe the hub and import its models",
    },
)
# People of a team's account -> products of the portfolios.
LAUNCHES = EdgeKind(
    "launches",
    {
        "share": "the share of the portfolio with the units of the team's account, with its principals",
        "principals": "the people to whom the portfolio belongs, by the pattern of their permission set",
        "constraint": "the launch constraint that names the local role",
        "role": "the local role in the team's account as which the product is launched",
        "templates": "the policies of the bucket of templates and of its key, which admit these units",
    },
)
# The central registry -> the registry of a project in its team's dev account.
COPIES_MODELS = EdgeKind(
    "copies approved models of",
    {
        "policy": "the policy of the project's model group in dev, which lets one role there read versions",
        "bucket": "the policy of the project's bucket, which lets this role read what the pipeline made",
        "key": "the policy of the key of that bucket, which lets this role decrypt",
        "role": "that role, which may read these versions and files",
    },
)
# The central registry -> the central images that models are built with, where they stand in another account.
COPIES_IMAGES = EdgeKind(
    "copies images of",
    {
        "repository": "the policies of these repositories, which let one role there pull",
        "role": "that role, which may pull these images",
    },
)
