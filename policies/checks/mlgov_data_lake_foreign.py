"""Grants of Lake Formation are made where the data is owned."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from policies.checks.base import Judgement, StackCheck, holds
from policies.document import Conf, StackDocument

CATALOGUED = ("database", "table", "table_with_columns", "lf_tag", "lf_tag_policy", "data_location")


class DataLakeForeign(StackCheck):
    """The catalogue of a grant is left out, which is the account's own, or is that account as the provider names it.

    Terraform cannot read back what a consumer grants on from the share of another account: it fails or times out
    (https://github.com/hashicorp/terraform-provider-aws/issues/26602). DESCRIBE on a link of the own catalogue names
    no other one. A cells filter is not judged: there is none but in its owner's account.
    """

    policy = "CKV_MLGOV_245"
    title = "Lake Formation grant is on the catalogue of the stack's own account"
    control = "DATA-12"

    def subjects(self, stack: StackDocument) -> Iterable[Conf]:
        return stack.resources("aws_lakeformation_permissions")

    def judge(self, subject: Conf, stack: StackDocument) -> Judgement:
        own = {str(one) for provider in stack.providers("aws") for one in provider.values("allowed_account_ids")}
        return holds(
            *(
                f"{where} is {catalog}, not the account of the stack: grant in the account that owns the data"
                for where, catalog in _catalogues(subject)
                if catalog not in own
            )
        )


def _catalogues(subject: Conf) -> Iterator[tuple[str, str]]:
    if subject.given("catalog_id"):
        yield "catalog_id", str(subject.value("catalog_id"))
    for name in CATALOGUED:
        for block in subject.blocks(name):
            if block.given("catalog_id"):
                yield f"{name}.catalog_id", str(block.value("catalog_id"))


check = DataLakeForeign()
