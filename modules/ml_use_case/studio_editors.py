"""What the editors of Studio begin with: idle shutdown, the script that starts with them, images, an instance."""

from __future__ import annotations

from collections.abc import Sequence

from cdktf_cdktf_provider_aws.sagemaker_domain import (
    SagemakerDomainDefaultSpaceSettingsJupyterLabAppSettings,
    SagemakerDomainDefaultSpaceSettingsJupyterLabAppSettingsAppLifecycleManagement,
    SagemakerDomainDefaultSpaceSettingsJupyterLabAppSettingsAppLifecycleManagementIdleSettings,
    SagemakerDomainDefaultSpaceSettingsJupyterLabAppSettingsDefaultResourceSpec,
    SagemakerDomainDefaultUserSettingsCodeEditorAppSettings,
    SagemakerDomainDefaultUserSettingsCodeEditorAppSettingsAppLifecycleManagement,
    SagemakerDomainDefaultUserSettingsCodeEditorAppSettingsAppLifecycleManagementIdleSettings,
    SagemakerDomainDefaultUserSettingsCodeEditorAppSettingsCustomImage,
    SagemakerDomainDefaultUserSettingsCodeEditorAppSettingsDefaultResourceSpec,
    SagemakerDomainDefaultUserSettingsJupyterLabAppSettings,
    SagemakerDomainDefaultUserSettingsJupyterLabAppSettingsAppLifecycleManagement,
    SagemakerDomainDefaultUserSettingsJupyterLabAppSettingsAppLifecycleManagementIdleSettings,
    SagemakerDomainDefaultUserSettingsJupyterLabAppSettingsCustomImage,
    SagemakerDomainDefaultUserSettingsJupyterLabAppSettingsDefaultResourceSpec,
)

from modules.ml_use_case.studio_images import Offered
from modules.ml_use_case.studio_settings import IdleSettings

# Every offer has it, and it is enough to edit.
INSTANCE = "ml.t3.medium"


def jupyter_lab(
    idle: IdleSettings, script: str | None, images: Sequence[Offered]
) -> SagemakerDomainDefaultUserSettingsJupyterLabAppSettings:
    """JupyterLab of a private space."""
    return SagemakerDomainDefaultUserSettingsJupyterLabAppSettings(
        app_lifecycle_management=SagemakerDomainDefaultUserSettingsJupyterLabAppSettingsAppLifecycleManagement(
            idle_settings=SagemakerDomainDefaultUserSettingsJupyterLabAppSettingsAppLifecycleManagementIdleSettings(
                lifecycle_management="ENABLED",
                idle_timeout_in_minutes=idle.minutes,
                min_idle_timeout_in_minutes=idle.minimum,
                max_idle_timeout_in_minutes=idle.maximum,
            )
        ),
        custom_image=[
            SagemakerDomainDefaultUserSettingsJupyterLabAppSettingsCustomImage(
                image_name=each.image, app_image_config_name=each.config
            )
            for each in images
        ],
        default_resource_spec=SagemakerDomainDefaultUserSettingsJupyterLabAppSettingsDefaultResourceSpec(
            instance_type=INSTANCE, lifecycle_config_arn=script
        ),
        lifecycle_config_arns=[script] if script else None,
    )


def code_editor(
    idle: IdleSettings, script: str | None, images: Sequence[Offered]
) -> SagemakerDomainDefaultUserSettingsCodeEditorAppSettings:
    """Code Editor of a private space."""
    return SagemakerDomainDefaultUserSettingsCodeEditorAppSettings(
        app_lifecycle_management=SagemakerDomainDefaultUserSettingsCodeEditorAppSettingsAppLifecycleManagement(
            idle_settings=SagemakerDomainDefaultUserSettingsCodeEditorAppSettingsAppLifecycleManagementIdleSettings(
                lifecycle_management="ENABLED",
                idle_timeout_in_minutes=idle.minutes,
                min_idle_timeout_in_minutes=idle.minimum,
                max_idle_timeout_in_minutes=idle.maximum,
            )
        ),
        custom_image=[
            SagemakerDomainDefaultUserSettingsCodeEditorAppSettingsCustomImage(
                image_name=each.image, app_image_config_name=each.config
            )
            for each in images
        ],
        default_resource_spec=SagemakerDomainDefaultUserSettingsCodeEditorAppSettingsDefaultResourceSpec(
            instance_type=INSTANCE, lifecycle_config_arn=script
        ),
        lifecycle_config_arns=[script] if script else None,
    )


def shared_jupyter_lab(
    idle: IdleSettings, script: str | None
) -> SagemakerDomainDefaultSpaceSettingsJupyterLabAppSettings:
    """JupyterLab of a shared space."""
    return SagemakerDomainDefaultSpaceSettingsJupyterLabAppSettings(
        app_lifecycle_management=SagemakerDomainDefaultSpaceSettingsJupyterLabAppSettingsAppLifecycleManagement(
            idle_settings=SagemakerDomainDefaultSpaceSettingsJupyterLabAppSettingsAppLifecycleManagementIdleSettings(
                lifecycle_management="ENABLED",
                idle_timeout_in_minutes=idle.minutes,
                min_idle_timeout_in_minutes=idle.minimum,
                max_idle_timeout_in_minutes=idle.maximum,
            )
        ),
        default_resource_spec=SagemakerDomainDefaultSpaceSettingsJupyterLabAppSettingsDefaultResourceSpec(
            instance_type=INSTANCE, lifecycle_config_arn=script
        ),
        lifecycle_config_arns=[script] if script else None,
    )
