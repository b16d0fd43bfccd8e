"""Tags of objects of a project, whose stack has more than S3 takes on an object."""

from __future__ import annotations

from modules.ml_operations.published_stack import PublishedStack
from tests.support.rendering import NAMING, render


def test_an_object_has_none_of_the_stack_s_tags_and_none_of_its_own() -> None:
    """The provider refuses any tag in place of the stack's, and plans an own one that the stack has, too, for ever."""
    rendered = render(lambda scope: PublishedStack(scope, "stack", naming=NAMING, project="cards", key_arn="key"))
    written = rendered.one("aws_s3_object")
    assert written["override_provider"] == {"default_tags": {"tags": {}}}
    assert "tags" not in written
