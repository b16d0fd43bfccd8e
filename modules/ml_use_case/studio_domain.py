"""The SageMaker domain of a team."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cdktf import TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.sagemaker_domain import (
    SagemakerDomain,
    SagemakerDomainDefaultSpaceSettings,
    SagemakerDomainDefaultSpaceSettingsSpaceStorageSettings,
    SagemakerDomainDefaultSpaceSettingsSpaceStorageSettingsDefaultEbsStorageSettings,
    SagemakerDomainDefaultUserSettings,
    SagemakerDomainDefaultUserSettingsSharingSettings,
    SagemakerDomainDefaultUserSettingsSpaceStorageSettings,
    SagemakerDomainDefaultUserSettingsSpaceStorageSettingsDefaultEbsStorageSettings,
    SagemakerDomainDefaultUserSettingsStudioWebPortalSettings,
    SagemakerDomainDomainSettings,
    SagemakerDomainDomainSettingsDockerSettings,
    SagemakerDomainRetentionPolicy,
)
from constructs import Construct

from modules.core.naming import Naming
from modules.foundations.network.contract import SpokeContract
from modules.ml_use_case import studio_editors as editors
from modules.ml_use_case.names import SAGEMAKER_LIMIT
from modules.ml_use_case.names import domain as domain_name
from modules.ml_use_case.studio_images import Offered
from modules.ml_use_case.studio_instances import hidden
from modules.ml_use_case.studio_settings import Editor, Offer, StudioSettings

# Studio Classic, and what trains or serves past review, network or logs.
HIDDEN_APPS = ("Canvas", "JupyterServer", "RStudioServerPro", "TensorBoard")


class StudioDomain(Construct):
    """Where a team's people work: the domain, with what each profile and space of it begins with.

    `sso`: people come from Identity Center. `role_arn` is who works where no profile says otherwise. `scripts` are
    the ARNs of what starts with an editor, `images` what it offers beside AWS's own.

    AWS makes a file system for homes, and two security groups of its own for it, in the network: they stay when the
    domain is deleted, which is why network and security group belong to another stack (README, "Taking Studio down").

    Guarantees:
    - apps reach nothing but the account's network; home directories and spaces are under `key_arn`;
    - the trail names who works behind the execution role;
    - an idle editor shuts down, whatever a person sets within the bounds;
    - nobody runs Docker, shares the output of a notebook, or is offered Canvas, Studio Classic or RStudio;
    - what is offered follows the guardrail level of the account's unit;
    - what is started in the domain carries its tags;
    - homes stay when the domain goes, and Terraform refuses to destroy or replace it.

    Controls: SM-01, SM-02, SM-03, SM-04, SM-05, SM-06, SM-07, SM-08, SM-09, SM-14, SM-53
    (NIST 800-53 AC-12, AU-10, CM-7, SC-7, SC-28).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        settings: StudioSettings,
        offer: Offer,
        team: str,
        sso: bool,
        role_arn: str,
        key_arn: str,
        network: SpokeContract,
        scripts: Mapping[Editor, str],
        images: Mapping[Editor, Sequence[Offered]],
    ) -> None:
        super().__init__(scope, id_)
        groups = [network.workload_security_group_id]
        idle, spaces = settings.idle, settings.spaces
        adopted = naming.adopted.domains.get(team)
        domain = SagemakerDomain(
            self,
            "domain",
            domain_name=adopted or naming.name(domain_name(team), limit=SAGEMAKER_LIMIT),
            auth_mode="SSO" if sso else "IAM",
            vpc_id=network.vpc_id,
            subnet_ids=network.private_subnet_ids,
            app_network_access_type="VpcOnly",
            kms_key_id=key_arn,
            tag_propagation="ENABLED",
            domain_settings=SagemakerDomainDomainSettings(
                execution_role_identity_config="USER_PROFILE_NAME",
                docker_settings=SagemakerDomainDomainSettingsDockerSettings(enable_docker_access="DISABLED"),
            ),
            default_user_settings=SagemakerDomainDefaultUserSettings(
                execution_role=role_arn,
                security_groups=groups,
                default_landing_uri="studio::",
                studio_web_portal="ENABLED",
                studio_web_portal_settings=SagemakerDomainDefaultUserSettingsStudioWebPortalSettings(
                    hidden_app_types=list(HIDDEN_APPS),
                    hidden_instance_types=hidden(offer),
                    hidden_ml_tools=list(offer.hidden_tools),
                ),
                sharing_settings=SagemakerDomainDefaultUserSettingsSharingSettings(notebook_output_option="Disabled"),
                space_storage_settings=SagemakerDomainDefaultUserSettingsSpaceStorageSettings(
                    default_ebs_storage_settings=SagemakerDomainDefaultUserSettingsSpaceStorageSettingsDefaultEbsStorageSettings(
                        default_ebs_volume_size_in_gb=spaces.gigabytes,
                        maximum_ebs_volume_size_in_gb=spaces.maximum_gigabytes,
                    )
                ),
                jupyter_lab_app_settings=editors.jupyter_lab(idle, scripts.get("JupyterLab"), images["JupyterLab"]),
                code_editor_app_settings=editors.code_editor(idle, scripts.get("CodeEditor"), images["CodeEditor"]),
            ),
            default_space_settings=SagemakerDomainDefaultSpaceSettings(
                execution_role=role_arn,
                security_groups=groups,
                jupyter_lab_app_settings=editors.shared_jupyter_lab(idle, scripts.get("JupyterLab")),
                space_storage_settings=SagemakerDomainDefaultSpaceSettingsSpaceStorageSettings(
                    default_ebs_storage_settings=SagemakerDomainDefaultSpaceSettingsSpaceStorageSettingsDefaultEbsStorageSettings(
                        default_ebs_volume_size_in_gb=spaces.gigabytes,
                        maximum_ebs_volume_size_in_gb=spaces.maximum_gigabytes,
                    )
                ),
            ),
            retention_policy=SagemakerDomainRetentionPolicy(home_efs_file_system="Retain"),
            tags={"Team": team},
            # SageMaker does not tell the retention policy, so of an adopted domain Terraform would take it for a change
            # that replaces; without one, homes stay just so.
            lifecycle=TerraformResourceLifecycle(
                prevent_destroy=True, ignore_changes=["retention_policy"] if adopted else None
            ),
        )
        self.id, self.arn = domain.id, domain.arn
