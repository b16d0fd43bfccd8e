"""Rules of what is adopted: it is declared, of a kind that can be, and each thing is adopted once."""

from __future__ import annotations

from collections.abc import Iterator

from environments.configuration import Configuration
from environments.messages import suggestion
from environments.vocabulary import ENVIRONMENTS
from environments.yaml_tree import Path
from modules.core.errors import Problem
from modules.foundations.contract import STATE


def _what_is_adopted_is_declared(configuration: Configuration) -> Iterator[Problem]:
    content, tree = configuration.organization.content, configuration.organization.tree
    adopt, declared = content.adopt, {each.account.name for each in configuration.declared()}
    known: tuple[tuple[str, str, dict[str, object], set[str]], ...] = (
        ("units", "unit", {**adopt.units}, set(content.units)),
        ("accounts", "account", {**adopt.accounts}, declared),
        ("domains", "team", {**adopt.domains}, set(configuration.team_names)),
    )
    for form, word, adopted, names in known:
        for name in sorted(adopted.keys() - names):
            yield tree.problem(("adopt", form, name), f"names the unknown {word} {name}{suggestion(name, names)}")


def _adopted_accounts_are_pinned_members(configuration: Configuration) -> Iterator[Problem]:
    content, tree = configuration.organization.content, configuration.organization.tree
    for each in configuration.declared():
        account = each.account
        if account.name not in content.adopt.accounts:
            continue
        path: Path = ("adopt", "accounts", account.name)
        if "management" in account.roles:
            yield tree.problem(path, "must be left out: the management account comes with adopt.organization")
        elif account.id is None:
            yield tree.problem(path, f"needs the id of the account: write `id` where it is declared ({each.place})")


def _the_bucket_of_state_is_made_by_bootstrap(configuration: Configuration) -> Iterator[Problem]:
    content, tree = configuration.organization.content, configuration.organization.tree
    states = {f"{content.name}-{environment}-{STATE}" for environment in ENVIRONMENTS}
    for made, bucket in content.adopt.buckets.items():
        if made in states and bucket.name != made:
            message = f"must be {made}: every stack's backend names the bucket of state by the rule (got {bucket.name})"
            yield tree.problem(("adopt", "buckets", made, "name"), message)


def _nothing_is_adopted_twice(configuration: Configuration) -> Iterator[Problem]:
    content, tree = configuration.organization.content, configuration.organization.tree
    adopt = content.adopt
    found: list[tuple[str, str, Path]] = [
        *(("aws_organizations_organizational_unit", id_, ("units", key)) for key, id_ in adopt.units.items()),
        *(("aws_servicecatalog_portfolio", id_, ("portfolios", key)) for key, id_ in adopt.portfolios.items()),
        *(("aws_sagemaker_domain", each.id, ("domains", key, "id")) for key, each in adopt.domains.items()),
        *(("aws_s3_bucket", each.name, ("buckets", key, "name")) for key, each in adopt.buckets.items()),
        *(
            (address.partition(".")[0], id_, ("resources", stack, address))
            for stack, imports in adopt.resources.items()
            for address, id_ in imports.items()
        ),
    ]
    if adopt.organization is not None:
        found.insert(0, ("aws_organizations_organization", adopt.organization, ("organization",)))
    taken: dict[tuple[str, str], Path] = {}
    for type_, id_, path in found:
        first = taken.setdefault((type_, id_), path)
        if first != path:
            message = f"adopts {id_} a second time: adopt.{'.'.join(map(str, first))} does already"
            yield tree.problem(("adopt", *path), message)


RULES = (
    _what_is_adopted_is_declared,
    _adopted_accounts_are_pinned_members,
    _the_bucket_of_state_is_made_by_bootstrap,
    _nothing_is_adopted_twice,
)
