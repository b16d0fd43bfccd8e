"""Values that are wrong only beside others: one change to the small example, and exactly the lines it must give."""

from __future__ import annotations

from pathlib import Path

import pytest

from modules.foundations.settings import FoundationsSettings
from tests.environments.spoiled import (
    CONFIG,
    DOMAIN,
    ORGANIZATION,
    TEAM,
    Case,
    Expected,
    assert_complaints,
    case,
    copy_of_small,
    set_foundations,
    spoil,
)

MORE = """  extra:
    email: aws-extra@minnow.example
    unit: workloads
    environment: org
    roles: []
  workload:
"""
UNITS = "  workloads: { name: Workloads, guardrails: sandbox }\n"
WRONG_CONFIG = """    areas: [OGR]
    without: [sagemaker-model-in-vcp]
    parameters: { x: {} }
    excluded_accounts: [platfrom]
"""
UNSHARED = sorted(set(FoundationsSettings().organization.trusted_services) - {"ram.amazonaws.com"})
ACROSS = (
    case(
        "home region that is not governed",
        *(ORGANIZATION, "home_region: eu-west-1", "home_region: eu-west-2"),
        ("home_region", "home_region", "must be one of governed_regions: eu-west-1 (got eu-west-2)"),
    ),
    case(
        "region of another partition",
        *(ORGANIZATION, "[eu-west-1]", "[eu-west-1, us-gov-west-1]"),
        ("governed_regions", "governed_regions[1]", "us-gov-west-1 belongs to aws-us-gov"),
    ),
    case(
        "copies of logs in a region that is not governed",
        *(ORGANIZATION, "name: minnow\n", "name: minnow\nobservability: { logs: { copy_to: eu-west-2 } }\n"),
        (
            "observability:",
            "observability.logs.copy_to",
            "must be a governed region other than the home region: there is none (got eu-west-2)",
        ),
    ),
    case(
        "emergency session of more than an hour",
        *(ORGANIZATION, "name: minnow\n", "name: minnow\nidentity: { session_hours: { break-glass: 2 } }\n"),
        ("identity:", "identity.session_hours.break-glass", "must be 1: an emergency session ends by itself (got 2)"),
    ),
    case(
        "unknown names in the settings of AWS Config",
        *(ORGANIZATION, "    areas: [ORG]\n", WRONG_CONFIG),
        ("areas:", "foundations.config.areas[0]", "names an area without rules: OGR: did you mean ORG?"),
        ("without:", "foundations.config.without[0]", "did you mean sagemaker-model-in-vpc?"),
        ("parameters:", "foundations.config.parameters.x", "names the unknown rule x"),
        ("excluded_accounts", "foundations.config.excluded_accounts[0]", "account platfrom: did you mean platform?"),
    ),
    case(
        "data of domains read without sharing in the organisation",
        *(ORGANIZATION, "\nfoundations:\n", f"\nfoundations:\n  organization: {{ trusted_services: {UNSHARED} }}\n"),
        (
            *("trusted_services", "foundations.organization.trusted_services"),
            "must hold ram.amazonaws.com: without it each team accepts by hand what is shared with it",
        ),
    ),
    case(
        "unknown unit of an account",
        *(ORGANIZATION, "unit: platform", "unit: platfrom"),
        ("unit: platfrom", "accounts.platform.unit", "names the unknown unit platfrom: did you mean platform?"),
    ),
    case(
        "unknown unit to vend into",
        *(ORGANIZATION, "domain_unit: workloads", "domain_unit: zoo"),
        ("domain_unit", "vending.domain_unit", "names the unknown unit zoo (known: platform, workloads)"),
    ),
    case(
        "unknown parent of a unit",
        *(ORGANIZATION, "name: Platform,", "name: Platform, parent: rooot,"),
        ("rooot", "units.platform.parent", "names the unknown unit rooot"),
    ),
    case(
        "units in a circle",
        *(ORGANIZATION, UNITS, "  workloads: { name: W, parent: inner }\n  inner: { name: I, parent: workloads }\n"),
        ("name: I", "units.inner.parent", "is part of a cycle: inner -> workloads -> inner"),
    ),
    case(
        "units nested deeper than AWS allows",
        ORGANIZATION,
        UNITS,
        UNITS
        + "".join(f"  u{n}: {{ name: U{n}, parent: {f'u{n - 1}' if n > 1 else 'workloads'} }}\n" for n in range(1, 6)),
        ("  u5:", "units.u5.parent", "stands 6 levels below the root, and AWS allows 5"),
    ),
    case(
        "two units of one name under one parent",
        *(ORGANIZATION, UNITS, UNITS + "  others: { name: Workloads }\n"),
        ("  others", "units.others.name", "has the name of the unit workloads"),
    ),
    case(
        "guardrails looser than those above",
        *(ORGANIZATION, UNITS, UNITS + "  play: { name: Play, parent: platform, guardrails: sandbox }\n"),
        ("  play", "units.play.guardrails", "must not be looser than standard of the unit platform above"),
    ),
    case(
        "account of prod or org in a non-production unit",
        *(ORGANIZATION, "name: Platform,", "name: Platform, kind: non-production,"),
        ("    unit: platform", "accounts.platform.unit", "is a non-production unit: an account of the environment org"),
    ),
    case(
        "account with roles in a quarantine unit",
        *(ORGANIZATION, "guardrails: standard", "guardrails: quarantine"),
        ("    unit: platform", "accounts.platform.unit", "in which an account has no roles (got platform)"),
    ),
    case(
        "duplicate id",
        *(ORGANIZATION, "    email: aws-workload", "    id: '111111111111'\n    email: aws-workload"),
        ("    id: '1", "accounts.workload.id", "repeats the id 111111111111 of the account management (config/"),
    ),
    case(
        "duplicate e-mail in another case",
        *(ORGANIZATION, "aws-workload@", "AWS-Platform@"),
        (
            "AWS-Platform",
            "accounts.workload.email",
            "repeats the email aws-platform@minnow.example of the account platform",
        ),
    ),
    case(
        "overlapping CIDRs",
        *(ORGANIZATION, "cidr: 10.1.0.0/16", "cidr: 10.0.128.0/20"),
        ("10.0.128.0", "accounts.workload.cidr", "10.0.128.0/20 overlaps 10.0.0.0/16 of the account platform (config/"),
    ),
    case(
        "spoke that its CIDR cannot hold",
        *(ORGANIZATION, "cidr: 10.1.0.0/16", "cidr: 10.1.0.0/26"),
        ("10.1.0.0/26", "accounts.workload.cidr", "is too small for the spoke, which needs a /24 (got 10.1.0.0/26)"),
    ),
    case(
        "CIDR outside the supernet",
        *(ORGANIZATION, "cidr: 10.1.0.0/16", "cidr: 172.16.0.0/16"),
        ("172.16.0.0", "accounts.workload.cidr", "must lie in foundations.network.supernet 10.0.0.0/8"),
    ),
    case(
        "CIDR of the home region said twice",
        *(ORGANIZATION, "cidr: 10.1.0.0/16", "other_cidrs: { eu-west-1: 10.1.0.0/16 }"),
        ("other_cidrs", "accounts.workload.other_cidrs.eu-west-1", "is the home region, whose CIDR is cidr"),
    ),
    case(
        "hub that its share of the CIDR cannot hold",
        *(ORGANIZATION, "cidr: 10.0.0.0/16", "cidr: 10.0.0.0/24"),
        ("10.0.0.0/24", "accounts.platform.cidr", "needs a /24 (got 10.0.0.0/24 of which the hub gets 10.0.0.0/26)"),
    ),
    case(
        "egress profile without a way out",
        *(ORGANIZATION, "    egress: nat\n", ""),
        ("  network:", "foundations.network", "must not have the profile egress while egress is none"),
    ),
    case(
        "management account without id",
        *(ORGANIZATION, '    id: "111111111111"\n', ""),
        ("  management:", "accounts.management.id", "is required: the management account exists already"),
    ),
    case(
        "management account in a unit",
        *(ORGANIZATION, "roles: [management]", "roles: [management]\n    unit: platform"),
        ("    unit: platform", "accounts.management.unit", "must be left out"),
    ),
    case(
        "account without a unit",
        *(ORGANIZATION, "    unit: workloads\n", ""),
        ("  workload:", "accounts.workload.unit", "is required: name the organisational unit"),
    ),
    case(
        "role without an account",
        *(ORGANIZATION, "      - network\n", ""),
        ("accounts:", "accounts", "must give the role network to an account"),
    ),
    case(
        "role of one account given to two",
        *(ORGANIZATION, "roles: [ml-team, data-domain]", "roles: [ml-team, data-domain, network]"),
        (
            "roles: [ml-team",
            "accounts.workload.roles",
            "must not give the role network again: the account platform has it",
        ),
    ),
    case(
        "role of the whole organisation in one environment",
        *(ORGANIZATION, "    environment: org\n    roles:\n", "    environment: prod\n    roles:\n"),
        ("environment: prod", "accounts.platform.environment", "must be org, as data-governance, feature-store,"),
    ),
    case(
        "role of every environment without an account",
        *(ORGANIZATION, "      - observability\n", ""),
        ("accounts:", "accounts", "must give the role observability to an account for org, dev, test, prod"),
    ),
    case(
        "role twice in one environment",
        *(ORGANIZATION, "roles: [ml-team, data-domain]", "roles: [ml-team, data-domain, observability]"),
        ("roles: [ml-team", "accounts.workload.roles", "must not give the role observability again in org"),
    ),
    case(
        "unknown account to use",
        *(TEAM, "dev: { use: workload }", "dev: { use: workloads }"),
        ("dev:", "accounts.dev.use", "names the unknown account workloads: did you mean workload?"),
    ),
    case(
        "used account without the role",
        *(TEAM, "dev: { use: workload }", "dev: { use: platform }"),
        ("dev:", "accounts.dev.use", "lacks the role ml-team: add it in organization.yaml"),
    ),
    case(
        "used account of another environment",
        *(ORGANIZATION, "environment: org # serves dev, test and prod alike", "environment: prod"),
        (
            "dev:",
            "accounts.dev.use",
            "must name an account of the environment dev or org: workload belongs to prod",
            TEAM,
        ),
        ("test:", "accounts.test.use", "must name an account of the environment test or org", TEAM),
    ),
    case(
        "unknown data domain",
        *(TEAM, "consumes: { orders: {} }", "consumes: { order: {} }"),
        ("consumes", "consumes.order", "names the unknown data domain order: did you mean orders?"),
    ),
    case(
        "data domain derived from an unknown one",
        *(DOMAIN, "account: { use", "derived_from: [sales]\naccount: { use"),
        ("derived_from", "derived_from[0]", "names the unknown data domain sales (known: orders)"),
    ),
    case(
        "data domain derived from itself",
        *(DOMAIN, "account: { use", "derived_from: [orders]\naccount: { use"),
        ("derived_from", "derived_from", "is part of a cycle: orders -> orders"),
    ),
    case(
        "account name too long for physical names",
        *(ORGANIZATION, "  workload:\n", MORE.replace("extra:", f"{'x' * 32}:")),
        ("xxxx", f"accounts.{'x' * 32}", "is too long by 2: minnow-test-"),
    ),
)


@pytest.mark.parametrize("case", ACROSS, ids=lambda case: case.fact)
def test_a_broken_rule_is_told_with_its_line_and_what_is_allowed(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each broken cross-file rule gives exactly the expected `file:line path` lines."""
    copy_of_small(tmp_path, monkeypatch)
    spoil(case)
    assert_complaints(case.expected)


def test_a_vended_account_may_not_have_the_name_of_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`scoring-dev`, made for the team, and `scoring-dev` of organization.yaml are one name too many."""
    copy_of_small(tmp_path, monkeypatch)
    spoil(case("", ORGANIZATION, "  workload:\n", MORE.replace("extra:", "scoring-dev:")))
    spoil(case("", TEAM, "dev: { use: workload }", "dev: { email: new@minnow.example }"))
    repeated = "repeats the name scoring-dev of the account scoring-dev (config/organization.yaml:"
    network = "needs a network in eu-west-1 to stand in"
    assert_complaints(
        (Expected(TEAM, "dev:", "accounts.dev", repeated), Expected(TEAM, "users:", "studio.users", network))
    )


def test_a_second_region_keeps_the_address_plan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In another region CIDRs lie apart from those at home, and where a network is, a hub and endpoints must be."""
    copy_of_small(tmp_path, monkeypatch)
    spoil(case("", ORGANIZATION, "[eu-west-1]", "[eu-west-1, eu-west-2]"))
    spoil(case("", ORGANIZATION, "  platform:\n", "  platform: # here\n"))
    abroad = "other_cidrs: { eu-west-2: 10.0.64.0/20, eu-west-3: 10.3.0.0/16 }"
    spoil(case("", ORGANIZATION, "cidr: 10.1.0.0/16\n", f"cidr: 10.1.0.0/16\n    {abroad}\n"))
    where = "accounts.workload.other_cidrs."
    needed = "is required: the account workload has a network in eu-west-2, which needs one of the role"
    assert_complaints(
        (
            Expected(
                ORGANIZATION, "eu-west-2: 10", f"{where}eu-west-2", "overlaps 10.0.0.0/16 of the account platform"
            ),
            Expected(
                ORGANIZATION, "eu-west-2: 10", f"{where}eu-west-3", "a governed region other than the home region"
            ),
            *(
                Expected(ORGANIZATION, "# here", "accounts.platform.other_cidrs.eu-west-2", f"{needed} {role}")
                for role in ("network", "shared-services")
            ),
        )
    )


def test_no_team_is_called_like_the_beginning_of_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`scoring-retail` beside `scoring` is an error of the longer name: `scoring` could approve its models."""
    copy_of_small(tmp_path, monkeypatch)
    second = "teams/scoring-retail.yaml"
    text = (CONFIG / TEAM).read_text(encoding="utf-8").replace("team: scoring", "team: scoring-retail")
    (CONFIG / second).write_text(text, encoding="utf-8")
    assert_complaints(
        (Expected(second, "team:", "team", "must not begin with scoring-: the team scoring may approve"),)
    )


def test_data_domains_may_not_be_derived_in_a_circle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A circle over two files is told once, in the file of its first member."""
    copy_of_small(tmp_path, monkeypatch)
    text = (CONFIG / DOMAIN).read_text(encoding="utf-8")
    (CONFIG / DOMAIN).write_text(text + "derived_from: [sales]\n", encoding="utf-8")
    second = text.replace("domain: orders", "domain: sales") + "derived_from: [orders]\n"
    (CONFIG / "domains/sales.yaml").write_text(second, encoding="utf-8")
    assert_complaints((Expected(DOMAIN, "derived_from", "derived_from", "cycle: orders -> sales -> orders"),))


def test_problems_of_all_files_are_told_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A wrong value in one file does not hide the broken rule in another, and makes no follow-up error."""
    copy_of_small(tmp_path, monkeypatch)
    spoil(case("", DOMAIN, "owner: robin@minnow.example", "owner: 7"))
    spoil(case("", TEAM, "dev: { use: workload }", "dev: { use: nobody }"))
    assert_complaints(
        (
            Expected(DOMAIN, "owner", "owner", 'must be text: quote it ("7")'),
            Expected(TEAM, "dev:", "accounts.dev.use", "names the unknown account nobody"),
        )
    )


def test_a_quota_template_fits_what_aws_takes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """AWS takes ten requests for new accounts; each quota is one in each region."""
    config = copy_of_small(tmp_path, monkeypatch)
    quotas = ", ".join(f"{{ name: Quota, service: vpc, code: L-0000000{number}, value: 5 }}" for number in range(6))
    set_foundations(config, f"  quotas: {{ by_role: {{}}, template: [{quotas}] }}\n")
    spoil(case("", ORGANIZATION, "governed_regions: [eu-west-1]", "governed_regions: [eu-west-1, eu-central-1]"))
    words = "makes 12 requests: 6 quotas in 2 regions, where AWS takes 10"
    assert_complaints((Expected(ORGANIZATION, "template:", "foundations.quotas.template", words),))
