"""Images of the organisation that Studio offers beside AWS's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cdktf import TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.sagemaker_app_image_config import (
    SagemakerAppImageConfig,
    SagemakerAppImageConfigCodeEditorAppImageConfig,
    SagemakerAppImageConfigCodeEditorAppImageConfigFileSystemConfig,
    SagemakerAppImageConfigJupyterLabImageConfig,
    SagemakerAppImageConfigJupyterLabImageConfigFileSystemConfig,
)
from cdktf_cdktf_provider_aws.sagemaker_image import SagemakerImage
from cdktf_cdktf_provider_aws.sagemaker_image_version import SagemakerImageVersion
from constructs import Construct

from modules.core.naming import Naming
from modules.ml_use_case.names import SAGEMAKER_LIMIT, studio_part
from modules.ml_use_case.studio_settings import Editor, StudioImage

# The user of images that are built on SageMaker's distribution:
# https://docs.aws.amazon.com/sagemaker/latest/dg/studio-updated-jl-admin-guide-custom-images.html
_USER, _GROUP = 1000, 100


@dataclass(frozen=True, slots=True)
class Offered:
    """An image as an editor names it."""

    image: str
    config: str


class StudioImages(Construct):
    """Each of `images` as a version of the central repository's at `repository_uri`, pulled as `role_arn`.

    Guarantees:
    - an image is pinned by its digest, and says what it is;
    - a new digest is a version beside the one before, which goes when the new one is there.

    Controls: SM-07, SM-33 (NIST 800-53 CM-7, SR-3, SI-7).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        team: str,
        images: Mapping[str, StudioImage],
        repository_uri: str,
        role_arn: str,
    ) -> None:
        super().__init__(scope, id_)
        offered: dict[Editor, list[Offered]] = {"CodeEditor": [], "JupyterLab": []}
        for name, settings in sorted(images.items()):
            called = naming.name(studio_part(team, name), limit=SAGEMAKER_LIMIT)
            tags = {"Team": team}
            image = SagemakerImage(
                self,
                f"image-{name}",
                image_name=called,
                display_name=name,
                description=settings.description,
                role_arn=role_arn,
                tags=tags,
            )
            SagemakerImageVersion(
                self,
                f"version-{name}",
                image_name=image.image_name,
                base_image=f"{repository_uri}@{settings.digest}",
                lifecycle=TerraformResourceLifecycle(create_before_destroy=True),
            )
            for editor in settings.editors:
                config = _config(self, f"{editor}-{name}", editor, f"{called}-{editor.lower()}", tags)
                offered[editor].append(Offered(image.image_name, config.app_image_config_name))
        self.offered: Mapping[Editor, Sequence[Offered]] = offered


def _config(scope: Construct, id_: str, editor: Editor, name: str, tags: Mapping[str, str]) -> SagemakerAppImageConfig:
    if editor == "JupyterLab":
        files = SagemakerAppImageConfigJupyterLabImageConfigFileSystemConfig(default_uid=_USER, default_gid=_GROUP)
        return SagemakerAppImageConfig(
            scope,
            id_,
            app_image_config_name=name,
            jupyter_lab_image_config=SagemakerAppImageConfigJupyterLabImageConfig(file_system_config=files),
            tags=tags,
        )
    return SagemakerAppImageConfig(
        scope,
        id_,
        app_image_config_name=name,
        code_editor_app_image_config=SagemakerAppImageConfigCodeEditorAppImageConfig(
            file_system_config=SagemakerAppImageConfigCodeEditorAppImageConfigFileSystemConfig(
                default_uid=_USER, default_gid=_GROUP
            )
        ),
        tags=tags,
    )
