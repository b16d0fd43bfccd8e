"""Values that are wrong in themselves: one change to the small example, and exactly the lines it must give."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.environments.spoiled import (
    DEV,
    DOMAIN,
    ORGANIZATION,
    TEAM,
    Case,
    assert_complaints,
    case,
    copy_of_small,
    spoil,
)

QUOTA = "  quotas: { template: [{ name: Q, service: vpc, code: L-1, value: 1 }] }\n"
SHAPES = (
    case(
        "unknown key with a near one",
        *(ORGANIZATION, "home_region: eu-west-1", "home_regoin: eu-west-1"),
        ("home_regoin", "home_regoin", "is not a known key: did you mean home_region?"),
        ("name: minnow", "home_region", "is required"),
    ),
    case(
        "unknown key without a near one",
        *(TEAM, "cost_center: ML-1", "cost_center: ML-1\nzzz: 1"),
        ("zzz", "zzz", "is not a known key (known: accounts, consumes,"),
    ),
    case(
        "unknown key deep in module settings",
        *(DEV, "environment: dev", "environment: dev\nobservability:\n  logs:\n    lock_dayz: 400"),
        ("lock_dayz", "observability.logs.lock_dayz", "did you mean lock_days?"),
    ),
    case(
        "missing key",
        *(TEAM, "owner: robin@minnow.example\n", ""),
        ("team: scoring", "owner", "is required"),
    ),
    case(
        "unquoted account id",
        *(ORGANIZATION, 'id: "111111111111"', "id: 111111111111"),
        ("id: 1111", "accounts.management.id", 'must be text: quote it ("111111111111")'),
    ),
    case(
        "unquoted account id with a leading zero",
        *(ORGANIZATION, 'id: "111111111111"', "id: 011111111111"),
        ("id: 0111", "accounts.management.id", 'leading zero: quote it if it is text, such as an id ("011111111111")'),
    ),
    case(
        "account id of eleven digits",
        *(ORGANIZATION, 'id: "111111111111"', 'id: "11111111111"'),
        ('    id: "', "accounts.management.id", "must have exactly 12 characters, and has 11 (got 11111111111)"),
    ),
    case(
        "account id with a letter",
        *(ORGANIZATION, 'id: "111111111111"', 'id: "11111111111a"'),
        ('    id: "', "accounts.management.id", "must be exactly 12 digits"),
    ),
    case(
        "number in place of text",
        *(TEAM, "cost_center: ML-1", "cost_center: 1.10"),
        ("cost_center", "cost_center", 'must be text: quote it ("1.10")'),
    ),
    case(
        "budget of nothing",
        *(TEAM, "dev: 500", "dev: 0"),
        ("monthly_budget_usd", "monthly_budget_usd.dev", "must be > 0 (got 0)"),
    ),
    case(
        "quota of a code that AWS would not know",
        *(ORGANIZATION, "foundations:\n", "foundations:\n" + QUOTA),
        ("quotas:", "foundations.quotas.template[0].code", "must have exactly 10 characters, and has 3"),
    ),
    case(
        "nothing in place of text",
        *(TEAM, "cost_center: ML-1", "cost_center:"),
        ("cost_center", "cost_center", "must be text (got nothing)"),
    ),
    case(
        "text in place of a number",
        *(DEV, "environment: dev", "environment: dev\nfoundations: {state: {noncurrent_days: ninety}}"),
        ("ninety", "foundations.state.noncurrent_days", "must be a whole number (got ninety)"),
    ),
    case(
        "number below its bound",
        *(DEV, "environment: dev", "environment: dev\nfoundations: {state: {noncurrent_days: 3}}"),
        ("noncurrent_days", "foundations.state.noncurrent_days", "must be >= 30 (got 3)"),
    ),
    case(
        "number above its bound",
        *(ORGANIZATION, "foundations:\n", "foundations:\n  state: {noncurrent_days: 99999}\n"),
        ("noncurrent_days", "foundations.state.noncurrent_days", "must be <= 3650 (got 99999)"),
    ),
    case(
        "number of more digits than any machine's",
        *(ORGANIZATION, "foundations:\n", f"foundations:\n  state: {{noncurrent_days: {'9' * 5000}}}\n"),
        ("noncurrent_days", "foundations.state.noncurrent_days", "must be a whole number (got 99999"),
    ),
    case(
        "`yes` in place of true",
        *(ORGANIZATION, "name: minnow", "name: minnow\nobservability: {trail: {insights: yes}}"),
        ("insights", "observability.trail.insights", "must be true or false (got yes)"),
    ),
    case(
        "list in place of a mapping",
        *(TEAM, "  dev: { use: workload }", "  dev: [workload]"),
        ("dev:", "accounts.dev", "must be a mapping of keys to values (got a list)"),
    ),
    case(
        "text in place of a list",
        *(ORGANIZATION, "governed_regions: [eu-west-1]", "governed_regions: eu-west-1"),
        ("governed_regions", "governed_regions", "must be a list (got eu-west-1)"),
    ),
    case(
        "word outside a closed list",
        *(ORGANIZATION, "guardrails: standard", "guardrails: standart"),
        ("standart", "units.platform.guardrails", "(got standart): did you mean standard?"),
    ),
    case(
        "unknown role",
        *(ORGANIZATION, "      - log-archive\n", "      - log-archive\n      - logarchive\n"),
        ("- logarchive", "accounts.platform.roles[1]", "did you mean log-archive?"),
    ),
    case(
        "role twice in one account",
        *(ORGANIZATION, "roles: [ml-team, data-domain]", "roles: [ml-team, data-domain, ml-team]"),
        ("roles: [ml-team", "accounts.workload.roles", "must name each once, and repeats ml-team"),
    ),
    case(
        "Terraform template in a name",
        *(ORGANIZATION, "name: minnow", 'name: "${file(1)}"'),
        ('"${file(1)}"', "name", "must be lower-case letters"),
    ),
    case(
        "`../` in a name",
        *(TEAM, "dev: { use: workload }", "dev: { use: ../workload }"),
        ("dev:", "accounts.dev.use", "must be lower-case letters"),
    ),
    case(
        "upper case in a key that becomes a name",
        *(ORGANIZATION, "  workload:\n", "  Workload:\n"),
        ("Workload:", "accounts.Workload", "the key must be lower-case letters"),
    ),
    case(
        "over-long organisation name",
        *(ORGANIZATION, "name: minnow", f"name: {'m' * 21}"),
        ("name: mmm", "name", "must have 2 to 20 characters, and has 21"),
    ),
    case(
        "something that is no e-mail address",
        *(TEAM, "owner: robin@minnow.example", "owner: robin.minnow"),
        ("owner", "owner", "must be an e-mail address such as"),
    ),
    case(
        "misspelt region",
        *(ORGANIZATION, "home_region: eu-west-1", "home_region: eu-wset-1"),
        ("home_region", "home_region", "must be an AWS region such as eu-west-1 (got eu-wset-1)"),
    ),
    case(
        "CIDR with host bits",
        *(ORGANIZATION, "cidr: 10.1.0.0/16", "cidr: 10.1.2.3/16"),
        ("10.1.2.3", "accounts.workload.cidr", "must be an IPv4 network in CIDR form: write 10.1.0.0/16"),
    ),
    case(
        "CIDR that is none",
        *(ORGANIZATION, "cidr: 10.1.0.0/16", "cidr: 10.1.0.0/99"),
        ("10.1.0.0/99", "accounts.workload.cidr", "such as 10.20.0.0/16"),
    ),
    case(
        "public CIDR",
        *(ORGANIZATION, "cidr: 10.1.0.0/16", "cidr: 8.8.0.0/16"),
        ("8.8.0.0", "accounts.workload.cidr", "must lie in private address space"),
    ),
    case(
        "CIDR too large for a VPC",
        *(ORGANIZATION, "cidr: 10.1.0.0/16", "cidr: 10.0.0.0/8"),
        ("10.0.0.0/8", "accounts.workload.cidr", "prefix from /16 to /28"),
    ),
    case(
        "wildcard among those who may apply",
        *(ORGANIZATION, "platform:ref:refs/heads/main", "platform:*"),
        ("apply_subjects", "delivery.apply_subjects[0]", "an exact OIDC subject without *"),
    ),
    case(
        "plan subject that lets everybody in",
        *(ORGANIZATION, '"repo:minnow/platform:*"', '"*"'),
        ("plan_subjects", "delivery.plan_subjects[0]", "* may only end it"),
    ),
    case(
        "empty list where one entry is needed",
        *(ORGANIZATION, "governed_regions: [eu-west-1]", "governed_regions: []"),
        ("governed_regions", "governed_regions", "must list at least 1"),
    ),
    case(
        "blank text",
        *(DOMAIN, "description: Every order of the shop, from its database, nightly.", 'description: "  "'),
        ("description", "description", "must be text that is not blank"),
    ),
    case(
        "new and used account at once",
        *(TEAM, "dev: { use: workload }", "dev: { use: workload, email: a@minnow.example }"),
        ("dev:", "accounts.dev", "must have either email (a new account) or use"),
    ),
    case(
        "CIDR beside a used account",
        *(TEAM, "dev: { use: workload }", "dev: { use: workload, cidr: 10.9.0.0/16 }"),
        ("dev:", "accounts.dev", "must not have id, cidr or other_cidrs beside use"),
    ),
    case(
        "team without one of its three accounts",
        *(TEAM, "  test: { use: workload }\n", ""),
        ("accounts:", "accounts.test", "is required"),
    ),
    case(
        "cost center that no tag can carry",
        *(TEAM, "cost_center: ML-1", "cost_center: ML<1>"),
        ("cost_center", "cost_center", "a value that AWS accepts in tags"),
    ),
    case(
        "service principal that is none",
        *(ORGANIZATION, "foundations:\n", "foundations:\n  organization: {trusted_services: [ram]}\n"),
        ("trusted_services", "foundations.organization.trusted_services[0]", "must match ^[a-z0-9.-]+"),
    ),
    case(
        "session of more than twelve hours",
        *(ORGANIZATION, "name: minnow\n", "name: minnow\nidentity: { session_hours: { executive: 13 } }\n"),
        ("identity:", "identity.session_hours.executive", "must be <= 12"),
    ),
    case(
        "session of an unknown persona",
        *(ORGANIZATION, "name: minnow\n", "name: minnow\nidentity: { session_hours: { executiv: 4 } }\n"),
        ("identity:", "identity.session_hours.executiv", "the key must be one of data-engineer, data-scientist,"),
    ),
    case(
        "group pattern without a team",
        *(ORGANIZATION, "name: minnow\n", "name: minnow\nidentity: { team_groups: 'x-{persona}' }\n"),
        ("identity:", "identity.team_groups", "must hold {team} and {persona}"),
    ),
    case(
        "group pattern with an unknown placeholder",
        *(ORGANIZATION, "name: minnow\n", "name: minnow\nidentity: { platform_groups: '{persona}-{team}' }\n"),
        ("identity:", "identity.platform_groups", "must hold {persona}, may hold {organization}"),
    ),
    case(
        "group pattern with an open brace",
        *(ORGANIZATION, "name: minnow\n", "name: minnow\nidentity: { platform_groups: '{persona}-{' }\n"),
        ("identity:", "identity.platform_groups", "must have its braces in pairs"),
    ),
    case(
        "source of groups that is none",
        *(ORGANIZATION, "name: minnow\n", "name: minnow\nidentity: { source: okta }\n"),
        ("identity:", "identity.source", "must be one of identity-center, external"),
    ),
    case(
        "attribute of the team that is no path",
        *(ORGANIZATION, "name: minnow\n", "name: minnow\nidentity: { team_attribute: 'a b' }\n"),
        ("identity:", "identity.team_attribute", "an attribute's path such as enterprise.department"),
    ),
    case(
        "override that breaks a rule between two keys",
        *(DEV, "environment: dev", "environment: dev\nobservability:\n  logs:\n    lock_days: 3000"),
        ("  logs:", "observability.logs", "expire_after_days must not be smaller than lock_days"),
    ),
    case(
        "environment file that calls itself otherwise",
        *(DEV, "environment: dev", "environment: test"),
        ("environment: test", "environment", "must be dev, as the file is called (got test)"),
    ),
    case(
        "team file that calls itself otherwise",
        *(TEAM, "team: scoring", "team: skoring"),
        ("team: skoring", "team", "must be scoring, as the file is called (got skoring)"),
    ),
    case(
        "domain file that calls itself otherwise",
        *(DOMAIN, "domain: orders", "domain: order"),
        ("domain: order", "domain", "must be orders, as the file is called (got order)"),
    ),
)


@pytest.mark.parametrize("case", SHAPES, ids=lambda case: case.fact)
def test_a_wrong_value_is_told_with_its_line_and_what_is_allowed(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each wrong value gives exit code 2 and exactly the expected `file:line path` lines."""
    copy_of_small(tmp_path, monkeypatch)
    spoil(case)
    assert_complaints(case.expected)
