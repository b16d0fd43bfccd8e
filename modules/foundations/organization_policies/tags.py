"""The tag policy: how the keys of tags are written, which values they have, and where others are refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from modules.foundations.organization_policies.document import Document, assign


def tags(keys: Mapping[str, Sequence[str]], enforced_for: Sequence[str] = ()) -> Document:
    """The document for `keys` with the values of each; none: any value.

    With `enforced_for` (kinds of resources such as `s3:bucket`) a value that is none of these is refused there, and
    only keys that have values are named.
    """
    rules: dict[str, object] = {}
    for key, values in sorted(keys.items()):
        if enforced_for and not values:
            continue
        rule: dict[str, object] = {"tag_key": assign(key)}
        if values:
            rule["tag_value"] = assign(sorted(set(values)))
        if enforced_for:
            rule["enforced_for"] = assign(sorted(set(enforced_for)))
        rules[key.lower()] = rule
    return {"tags": rules}
