"""LF-tags on a database, table or column of the central catalogue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cdktf import ITerraformDependable
from cdktf_cdktf_provider_aws.lakeformation_resource_lf_tag import (
    LakeformationResourceLfTag,
    LakeformationResourceLfTagDatabase,
    LakeformationResourceLfTagLfTag,
    LakeformationResourceLfTagTable,
    LakeformationResourceLfTagTableWithColumns,
)
from constructs import Construct

from modules.core import lf_tags

Place = (
    LakeformationResourceLfTagDatabase | LakeformationResourceLfTagTable | LakeformationResourceLfTagTableWithColumns
)


class LfTagged(Construct):
    """The LF-tags of `place`, one value for each key, set after what is in `after`.

    Each is a resource of its own. The type for several, `aws_lakeformation_resource_lf_tags`, takes every tag that it
    finds for its own: beside a tag that a function sets, it would remove and write all of them at each apply.

    Guarantees:
    - a key or value outside the ontology is refused;
    - other tags of the place are left alone; one of these that was changed by hand is set back by the next apply.

    Controls: DATA-13 (NIST 800-53 AC-16).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        place: Place,
        tags: Mapping[str, str],
        after: Sequence[ITerraformDependable] = (),
    ) -> None:
        super().__init__(scope, id_)
        self.resources: list[ITerraformDependable] = []  # who waits for the tags depends on these
        for key, value in sorted(tags.items()):
            lf_tags.check(key, [value])
            tag = LakeformationResourceLfTag(
                self,
                key,
                database=[place] if isinstance(place, LakeformationResourceLfTagDatabase) else None,
                table=[place] if isinstance(place, LakeformationResourceLfTagTable) else None,
                table_with_columns=[place] if isinstance(place, LakeformationResourceLfTagTableWithColumns) else None,
                lf_tag=[LakeformationResourceLfTagLfTag(key=key, value=value)],
                depends_on=list(after) or None,
            )
            self.resources.append(tag)
