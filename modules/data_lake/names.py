"""What the data lake calls things: rules that both sides of an edge compute, so that neither reads the other."""

from __future__ import annotations

from modules.core.naming import Naming
from modules.data_lake.settings import ConsumerPersona, DomainLake, Zone

GLUE_LIMIT = 255  # characters of the name of a job, trigger, ruleset or alarm
# Where in the raw zone files are dropped for the ingest job, below `<product>/<table>/`.
INCOMING = "incoming/"
# Where the jobs put rows that are unfit, and what they are about to write.
QUARANTINE, STAGING = "quarantine/", "staging/"


def database(domain: str, product: str) -> str:
    """The database of a data product in the central catalogue: SQL takes no hyphens."""
    return f"{domain.replace('-', '_')}_{product}"


def raw_database(domain: str) -> str:
    """The database in which crawlers enter what they find in the domain's raw zone."""
    return database(domain, "raw")


def link(database: str, user: str | None = None) -> str:
    """The link to a database in the catalogue of who uses it: called as the database.

    `user` is the team or the data domain whose link it is, in an account that was not made for it alone.
    """
    return f"{database}_{user.replace('-', '_')}" if user else database


def bucket_stem(domain: str, lake: DomainLake) -> str:
    """What the names of all buckets of the domain begin with, behind `<organisation>-<environment>-`."""
    return lake.bucket_prefix or domain


def zone_bucket(domain: str, lake: DomainLake, zone: Zone) -> str:
    """What the bucket of a zone is called behind `<organisation>-<environment>-`."""
    return f"{bucket_stem(domain, lake)}-{zone}"


def inventory_bucket(domain: str, lake: DomainLake) -> str:
    """The bucket of what S3 lists in the zones every day."""
    return f"{bucket_stem(domain, lake)}-inventory"


def code_bucket(domain: str, lake: DomainLake) -> str:
    """The bucket of what the domain's jobs run, which they read and cannot change."""
    return f"{bucket_stem(domain, lake)}-code"


def proposals_bucket(domain: str, lake: DomainLake) -> str:
    """The bucket of what is proposed to be tagged as more sensitive."""
    return f"{bucket_stem(domain, lake)}-proposals"


def access_log_bucket(domain: str, lake: DomainLake) -> str:
    """The bucket of server access logs of all other buckets of the domain, as `AccessLogBucket` calls it."""
    return f"{bucket_stem(domain, lake)}-access-logs"


def buckets(domain: str, lake: DomainLake) -> tuple[str, ...]:
    """Every bucket that the domain has: no two domains may have one of the same name."""
    zones = (zone_bucket(domain, lake, zone) for zone in lake.zones)
    others = (inventory_bucket, code_bucket, access_log_bucket, proposals_bucket)
    return (*zones, *(rule(domain, lake) for rule in others))


def domain_key(domain: str) -> str:
    """The purpose of the domain's own key, with which all its zones are encrypted."""
    return f"{domain}-data"


# The roles of a domain in its account: its Glue jobs, its crawlers, and the rule that reports data quality.
JOB, CRAWLER, REPORTER = "job", "crawler", "reporter"


def domain_role(domain: str, what: str) -> str:
    """A role that works on the domain's data in the domain's account, such as `crawler`, `job`."""
    return f"{domain}-{what}"


def location_role(domain: str) -> str:
    """The role in the governance account with which Lake Formation reads and writes the domain's zones."""
    return f"lake-{domain}"


def consumer_role(team: str, persona: ConsumerPersona) -> str:
    """The role in a team's account to which data is granted, and as which the team's people and jobs read it."""
    return f"{team}-{persona}"


def workgroup(team: str) -> str:
    """The Athena workgroup of a team."""
    return f"{team}-queries"


# Of the governance account: the database over the trail, its value of the LF-tag `domain`, its workgroup and its key.
AUDIT = "audit"
# Who queries it, and as whom Lake Formation reads the trail. No data domain has a role of these names.
AUDIT_READER, AUDIT_LOCATION = "audit-reader", "audit-location"


def events_bus(naming: Naming) -> str:
    """The event bus in the governance account that hears of data quality."""
    return naming.name("lake-events")


def of_table(domain: str, product: str, table: str) -> str:
    """What a table's rules, jobs and alarms are called, or begin with, behind `<organisation>-<environment>-`.

    Parts are told apart by two hyphens, which none of them has.
    """
    return f"{domain}--{product}--{table}".replace("_", "-")


def ruleset(naming: Naming, domain: str, product: str, table: str) -> str:
    """The rules of data quality of a table, in the domain's account: by this name the publish gate knows the table."""
    return naming.name(of_table(domain, product, table), limit=GLUE_LIMIT)


def rulesets(naming: Naming, domain: str) -> str:
    """How the names of all rulesets and jobs of a domain's tables begin: rules of events go by it."""
    return f"{naming.name(domain)}--"


def publisher(domain: str) -> str:
    """The function in the governance account that publishes the domain's tables."""
    return f"publish-{domain}"
