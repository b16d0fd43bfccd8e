"""Who works in a domain: a profile and a private space for each, and the team's shared space."""

from __future__ import annotations

from cdktf import TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.sagemaker_space import (
    SagemakerSpace,
    SagemakerSpaceOwnershipSettings,
    SagemakerSpaceSpaceSettings,
    SagemakerSpaceSpaceSettingsSpaceStorageSettings,
    SagemakerSpaceSpaceSettingsSpaceStorageSettingsEbsStorageSettings,
    SagemakerSpaceSpaceSharingSettings,
)
from cdktf_cdktf_provider_aws.sagemaker_user_profile import SagemakerUserProfile, SagemakerUserProfileUserSettings
from constructs import Construct

from modules.core.naming import Naming
from modules.ml_use_case.names import profile as profile_name
from modules.ml_use_case.names import role, shared_space
from modules.ml_use_case.studio_settings import SpaceSettings, TeamStudio


class StudioPeople(Construct):
    """The users of the team's file, in the domain `domain_id`.

    Guarantees:
    - each works as the role of their persona, and is the person of that name in Identity Center where `sso` holds;
    - each has a private space of their own; the shared space is there when the team names its owner;
    - profile and space say whose they are, by their tags, too;
    - Terraform refuses to destroy or replace them, and leaves alone how large somebody made a space.

    Controls: SM-02, SM-10, SM-12, SM-14 (NIST 800-53 AC-3, AC-6, IA-2).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        spaces: SpaceSettings,
        team: str,
        studio: TeamStudio,
        domain_id: str,
        sso: bool,
    ) -> None:
        super().__init__(scope, id_)
        profiles = {}
        for user, settings in sorted(studio.users.items()):
            tags = {"Team": team, "Persona": settings.persona, "OwnerTag": user}
            profile = SagemakerUserProfile(
                self,
                f"profile-{user}",
                domain_id=domain_id,
                user_profile_name=profile_name(user),
                single_sign_on_user_identifier="UserName" if sso else None,
                single_sign_on_user_value=user if sso else None,
                user_settings=SagemakerUserProfileUserSettings(
                    execution_role=naming.role_arn(role(team, settings.persona))
                ),
                tags=tags,
                lifecycle=TerraformResourceLifecycle(prevent_destroy=True),
            )
            profiles[user] = profile.user_profile_name
            self._space(f"space-{user}", domain_id, profile_name(user), profiles[user], "Private", spaces, tags)
        if studio.shared_space:
            owner = studio.shared_space.owner
            tags = {"Team": team, "OwnerTag": owner}
            self._space("space", domain_id, shared_space(team), profiles[owner], "Shared", spaces, tags)

    def _space(
        self,
        id_: str,
        domain_id: str,
        name: str,
        owner: str,
        sharing: str,
        settings: SpaceSettings,
        tags: dict[str, str],
    ) -> None:
        volume = SagemakerSpaceSpaceSettingsSpaceStorageSettingsEbsStorageSettings(
            ebs_volume_size_in_gb=settings.gigabytes
        )
        SagemakerSpace(
            self,
            id_,
            domain_id=domain_id,
            space_name=name,
            ownership_settings=SagemakerSpaceOwnershipSettings(owner_user_profile_name=owner),
            space_sharing_settings=SagemakerSpaceSpaceSharingSettings(sharing_type=sharing),
            space_settings=SagemakerSpaceSpaceSettings(
                app_type="JupyterLab",
                space_storage_settings=SagemakerSpaceSpaceSettingsSpaceStorageSettings(ebs_storage_settings=volume),
            ),
            tags=tags,
            # Studio writes here what a person chooses when the space starts: instance, image, a larger volume.
            lifecycle=TerraformResourceLifecycle(prevent_destroy=True, ignore_changes=["space_settings"]),
        )
