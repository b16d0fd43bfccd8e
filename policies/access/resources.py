"""The resources of the stacks that carry a policy of their own or are shared by RAM; roles, whose trust is one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from policies.access.identities import read
from policies.access.kinds import CONTROLLED, KINDS, Kind
from policies.access.model import Principal, Target
from policies.access.rules import Document
from policies.access.shares import CATALOGUE, Shares
from policies.access.stacks import Json, Stack, Synthesis
from policies.access.surroundings import Surroundings


def targets(synthesis: Synthesis, principals: Iterable[Principal], around: Surroundings) -> Iterator[Target]:
    """Every resource of a kind that takes a policy or can be shared; then shared catalogues of features, and roles."""
    shares = Shares(synthesis)
    for stack in synthesis.stacks.values():
        for type_, kind in KINDS.items():
            for address, body in stack.blocks(type_):
                yield _target(synthesis, stack, address, body, kind, around, shares)
    for share in shares.all:
        if CATALOGUE in share.arn:
            yield Target(
                service="sagemaker",
                name=str(share.source),
                account=share.account,
                arns=(share.arn,),
                source=share.source,
                facts=around.resource_facts(share.account),
                policies=(share.document,),
            )
    for principal in principals:
        if principal.trust is not None:
            yield Target(
                service="sts",
                name=principal.name,
                account=principal.account,
                arns=(principal.arn,),
                source=principal.source,
                facts=around.resource_facts(principal.account),
                policies=(principal.trust,),
                guardrails=around.resource_controls(principal.account),
                delegates=True,
            )


def _target(
    synthesis: Synthesis, stack: Stack, address: str, body: Json, kind: Kind, around: Surroundings, shares: Shares
) -> Target:
    arn = synthesis.arn(stack, address)
    names = {arn, *(synthesis.text(stack, f"${{{address}.{attribute}}}") for attribute in ("id", "name", "url"))}
    found = [*_policies(synthesis, stack, address, body, kind, names), *shares.of(arn)]
    parts = (part.format(**_places(synthesis, stack, arn, body)) for part in kind.parts)
    return Target(
        service=kind.service,
        name=f"{stack.id}/{address}",
        account=stack.account,
        arns=(arn, *parts),
        source=stack.source(address, body),
        facts=around.resource_facts(stack.account),
        policies=tuple(found),
        guardrails=around.resource_controls(stack.account) if kind.service in CONTROLLED else (),
        # A key without a policy gets AWS's default one, which lets the account decide by IAM.
        delegates=kind.delegates and bool(found),
    )


def _places(synthesis: Synthesis, stack: Stack, arn: str, body: Json) -> dict[str, str]:
    own = {key: synthesis.text(stack, value) for key, value in body.items() if isinstance(value, str)}
    whole = {"partition": synthesis.organization["partition"], "region": stack.region, "account": stack.account}
    # A name that AWS makes up is in the ARN already, as far as anything is known of it.
    return {"bucket": arn.rpartition(":::")[2], "name": arn.rpartition("/")[2]} | own | whole


def _policies(
    synthesis: Synthesis, stack: Stack, address: str, body: Json, kind: Kind, names: set[str]
) -> Iterator[Document]:
    if kind.policy and body.get(kind.policy):
        yield read(synthesis, stack, address, body, kind.policy, f"{kind.service} policy")
    if kind.attached is None:
        return
    type_, attribute, reference = kind.attached
    for other in synthesis.stacks.values():
        # A name is taken once in an account and region, a bucket's once in the world.
        if other.account == stack.account and (other.region == stack.region or kind.service == "s3"):
            for name, one in other.blocks(type_):
                if synthesis.text(other, str(one.get(reference))) in names:
                    yield read(synthesis, other, name, one, attribute, f"{kind.service} policy")
