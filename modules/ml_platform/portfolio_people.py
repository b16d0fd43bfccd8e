"""To whom a portfolio belongs: roles, by the pattern of their ARN without an account. No cdktf here."""

from __future__ import annotations

# Here alone Identity Center leaves the region out of the path of its roles.
_WITHOUT_REGION = "us-east-1"


def role_pattern(partition: str, name: str) -> str:
    """The role `name`, in whatever account a portfolio is shared with."""
    return f"arn:{partition}:iam:::role/{name}"


def signed_in(partition: str, home_region: str, permission_set: str) -> str:
    """The role as which people sign in who hold `mlgov-<permission_set>`; what AWS adds to its name is unknown before.

    Nobody but Identity Center makes roles below `aws-reserved`: who may make roles cannot make one that this matches.
    https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html
    """
    region = "" if home_region == _WITHOUT_REGION else f"{home_region}/"
    return role_pattern(partition, f"aws-reserved/sso.amazonaws.com/{region}AWSReservedSSO_mlgov-{permission_set}_*")
