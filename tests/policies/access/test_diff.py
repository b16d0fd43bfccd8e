"""What a change opens and closes: by what statements say, not by how they are written."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from policies.access.diff import Change, Difference, difference
from policies.access.pages import compared
from tests.policies.access.organisation import Organisation, account, allow, deny, role_arn, trust

Make = Callable[[Organisation], None]


def _between(old: Make, new: Make) -> Difference:
    """The difference between two organisations that one role and a bucket of another account are in."""
    sides = []
    for make in (old, new):
        made = Organisation()
        make(made)
        sides.append(made.read())
    return difference(*sides)


def _told(changes: tuple[Change, ...]) -> list[tuple[str, str, str]]:
    return [(who, change.action, change.resource) for change in changes for who in change.principals]


def _role(*statements: dict[str, object], **more: str) -> Make:
    return lambda made: made.role("dev", "x", *statements, **more)


def test_a_new_grant_opens_and_its_loss_closes() -> None:
    """The same change, seen from both sides, with the statement that came or went."""
    less, more = _role(allow("sqs:SendMessage")), _role(allow(["sqs:SendMessage", "sqs:PurgeQueue"]))
    opened = _between(less, more)
    assert _told(opened.of("opened")) == [("dev/x", "sqs:purgequeue", "*")]
    assert opened.changes[0].by == "inline policy own (dev-base/aws_iam_role_policy.x)"
    assert opened.of("closed") == ()
    assert _told(_between(more, less).of("closed")) == [("dev/x", "sqs:purgequeue", "*")]


@pytest.mark.parametrize(
    "other",
    [
        _role(allow("sqs:PurgeQueue", Sid="B"), allow("sqs:SendMessage", Sid="A")),
        _role(allow(["sqs:SendMessage", "sqs:PurgeQueue", "sqs:PurgeQueue"])),
        _role(allow(["sqs:SendMessage", "sqs:PurgeQueue"]), allow("sqs:Purge*"), deny("sqs:Purge*Other")),
    ],
    ids=["apart", "twice", "written otherwise"],
)
def test_how_it_is_written_is_no_change(other: Make) -> None:
    """Order, names and grouping of statements make none."""
    if other is not None:
        same = _between(_role(allow(["sqs:SendMessage", "sqs:PurgeQueue"])), other)
        assert [change for change in _told(same.changes) if change[1] != "sqs:purge*"] == []


def test_a_wider_pattern_opens_and_a_narrower_one_closes() -> None:
    """By action, by resource, by condition."""
    tagged = {"StringEquals": {"aws:RequestTag/team": "a"}}
    narrow = _role(allow("s3:Get*", "arn:aws:s3:::a/*"), allow("sqs:*", Condition=tagged))
    wide = _role(allow("s3:*", "arn:aws:s3:::*"), allow("sqs:*"))
    expected = [("dev/x", "s3:*", "arn:aws:s3:::*"), ("dev/x", "sqs:*", "*")]
    assert _told(_between(narrow, wide).of("opened")) == expected
    closed = _between(wide, narrow)
    assert _told(closed.of("closed")) == expected
    assert closed.of("opened") == ()


def test_a_condition_that_is_new_is_told() -> None:
    """Under a second condition as well, the same action is opened under that."""
    one, other = ({"StringEquals": {"aws:RequestTag/team": team}} for team in "ab")
    both = _role(allow("sqs:*", Condition=one), allow("sqs:*", Condition=other))
    (change,) = _between(_role(allow("sqs:*", Condition=one)), both).changes
    assert (change.direction, change.conditions) == ("opened", ("StringEquals aws:RequestTag/team b",))


def test_a_grant_that_is_denied_opens_nothing() -> None:
    """What a guardrail takes away in the same synthesis is not open."""

    def denied(made: Organisation) -> None:
        _role(allow("sqs:PurgeQueue"))(made)
        made.guardrail("never", deny("sqs:PurgeQueue"))

    assert _between(lambda made: made.role("dev", "x"), denied).changes == ()


def test_a_guardrail_that_goes_opens_what_was_granted() -> None:
    """For everybody below it who holds a grant that it denied, and for nobody else."""

    def guarded(made: Organisation) -> None:
        made.guardrail("never", deny(["sqs:PurgeQueue", "ec2:RunInstances"]), unit="production")
        free(made)

    def free(made: Organisation) -> None:
        made.role("prod", "below", allow("sqs:*"))
        made.role("dev", "beside", allow("sqs:*"))

    found = _between(guarded, free)
    assert _told(found.of("opened")) == [("prod/below", "sqs:purgequeue", "*")]
    assert found.changes[0].by.startswith("service control policy never (management-base/")
    assert _told(_between(free, guarded).of("closed")) == [("prod/below", "sqs:purgequeue", "*")]


def test_a_boundary_that_goes_or_widens_opens() -> None:
    """What it kept the role from, within what the role is granted."""

    def bounded(*actions: str) -> Make:
        def make(made: Organisation) -> None:
            made.own_policy("dev", "ceiling", allow(list(actions)))
            made.role("dev", "x", allow(["sqs:SendMessage", "s3:GetObject"]), boundary="ceiling")

        return make

    free = _role(allow(["sqs:SendMessage", "s3:GetObject"]))
    assert _told(_between(bounded("sqs:*"), bounded("sqs:*", "s3:*")).of("opened")) == [("dev/x", "s3:getobject", "*")]
    assert _told(_between(bounded("sqs:*"), free).of("opened")) == [("dev/x", "s3:getobject", "*")]
    assert _told(_between(free, bounded("sqs:*")).of("closed")) == [("dev/x", "s3:getobject", "*")]


def test_a_resource_policy_opens_to_other_accounts_and_to_strangers() -> None:
    """Whom it lets in now: a role of another account that is granted it, and anyone at all."""

    def shared(*principals: object) -> Make:
        def make(made: Organisation) -> None:
            made.role("prod", "reader", allow("s3:GetObject"))
            made.role("prod", "nothing")
            statements = [allow("s3:GetObject", "arn:aws:s3:::b/*", Principal=principal) for principal in principals]
            made.bucket("vault", "b", *statements)

        return make

    prod = {"AWS": f"arn:aws:iam::{account('prod')}:root"}
    opened = _between(shared(), shared(prod))
    assert _told(opened.of("opened")) == [("prod/reader", "s3:getobject", "arn:aws:s3:::b")]
    public = _told(_between(shared(prod), shared(prod, "*")).of("opened"))
    assert ("anyone outside the organisation", "s3:getobject", "arn:aws:s3:::b") in public


def test_a_trust_opens_the_way_to_a_role() -> None:
    """Who can become it now: told as the action of STS."""

    def trusting(*names: str) -> Make:
        def make(made: Organisation) -> None:
            for name in ("one", "other"):
                made.role("dev", name, allow("sts:AssumeRole"))
            made.role("prod", "x", trusts=trust(*(role_arn("dev", name) for name in names)))

        return make

    opened = _between(trusting("one"), trusting("one", "other"))
    assert _told(opened.changes) == [("dev/other", "sts:assumerole", "arn:aws:iam::prod:role/x")]


def test_a_group_that_gets_a_permission_set_is_told() -> None:
    """A group more in an account that others hold the set in, and a managed policy of AWS."""

    def held(*groups: str) -> Make:
        return lambda made: made.people("set", allow("sqs:*"), dev=list(groups))

    (change,) = _between(held("one"), held("one", "other")).changes
    assert (change.direction, change.action, change.resource) == ("opened", "sign in", "dev/set")
    assert change.by.startswith("other holds it (management-base/")

    def attached(made: Organisation) -> None:
        made.role("dev", "x", managed_policy_arns=["arn:aws:iam::aws:policy/ReadOnlyAccess"])

    (managed,) = _between(lambda made: made.role("dev", "x"), attached).changes
    assert (managed.action, managed.by) == ("AWS managed policy ReadOnlyAccess", "attached to dev/x")


def test_a_grant_of_lake_formation_opens() -> None:
    """Each permission on each table, with the block that grants it."""

    def granted(*permissions: str) -> Make:
        def make(made: Organisation) -> None:
            table = [{"database_name": "db", "name": "t"}]
            body = {"principal": role_arn("dev", "x"), "permissions": list(permissions), "table": table}
            made.add("dev", "aws_lakeformation_permissions", "x", body)

        return make

    (change,) = _between(granted("SELECT"), granted("SELECT", "INSERT")).changes
    assert (change.action, change.resource) == ("lakeformation:INSERT", "arn:aws:glue:eu-west-1:dev:table/db/t")
    assert change.principals == ("arn:aws:iam::dev:role/x",)


def test_the_page_sums_up() -> None:
    """A block a change, and the numbers at the end; nothing changed is said, too."""
    page = compared(_between(_role(), _role(allow("sqs:*"))))
    assert page.startswith("opened  sqs:* on *\n  for     dev/x\n  by      inline policy own (dev-base/")
    assert page.endswith("1 opened, 0 closed\n")
    assert compared(_between(_role(), _role())) == "0 opened, 0 closed\n"
