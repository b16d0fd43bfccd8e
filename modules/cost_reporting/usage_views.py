"""Views over the inventory of usage, in SQL of Athena: who uses what, and what is wasted. No cdktf here.

What has no team is `Unallocated`, in accounts of the platform and of data domains, too, whose costs the allocation
calls shared. Things are idle by the hour of the inventory that says so, not by the time of the query.
"""

from __future__ import annotations

from collections.abc import Mapping

from modules.cost_reporting.allocation import NO_PRODUCT, NO_PROJECT, UNALLOCATED
from modules.cost_reporting.usage_settings import UsageSettings
from modules.cost_reporting.view import View, literal

_TEXT, _COUNT, _NUMBER = "string", "bigint", "double"
_OWNER = {"line_of_business": _TEXT, "team": _TEXT, "product": _TEXT, "project": _TEXT}
# As `allocation` calls costs that nobody owns.
_WHOSE: Mapping[str, str] = {
    "line_of_business": f"coalesce(line_of_business, {literal(UNALLOCATED)})",
    "team": f"coalesce(team, {literal(UNALLOCATED)})",
    "product": f"coalesce(product, project, {literal(NO_PRODUCT)})",
    "project": f"coalesce(project, {literal(NO_PROJECT)})",
}
_JOBS = "('training', 'processing', 'transform')"


def usage_views(settings: UsageSettings) -> tuple[View, ...]:
    """The views; one that asks another comes after it."""
    return (
        View(
            "usage_by_month",
            "What each project uses in a month, by kind of thing and instance type",
            {
                "month": _TEXT,
                **_OWNER,
                "environment": _TEXT,
                "kind": _TEXT,
                "instance_type": _TEXT,
                "things": _COUNT,
                "instance_hours": _NUMBER,
                "gpu_hours": _NUMBER,
                "invocations": _COUNT,
                "runs": _COUNT,
            },
            _BY_MONTH,
        ),
        View(
            "usage_by_team",
            "How many users, instance types, endpoints, apps, notebooks and jobs each team has in a month",
            {
                "month": _TEXT,
                "line_of_business": _TEXT,
                "team": _TEXT,
                **dict.fromkeys(
                    ("users", "active_users", "instance_types", "endpoints", "apps", "notebooks", "jobs"), _COUNT
                ),
                "pipeline_runs": _COUNT,
                "instance_hours": _NUMBER,
                "gpu_hours": _NUMBER,
            },
            _BY_TEAM,
        ),
        View(
            "usage_by_user",
            "What each user of Studio uses in a month",
            {
                "month": _TEXT,
                "team": _TEXT,
                "account": _TEXT,
                "user_name": _TEXT,
                "apps": _COUNT,
                "instance_hours": _NUMBER,
                "gpu_hours": _NUMBER,
                "last_active": _TEXT,
            },
            _BY_USER,
        ),
        View(
            "usage_now",
            "What each account had in its latest hour of the last two days",
            _now_columns(),
            _NOW,
        ),
        View(
            "usage_idle",
            "Hours in which endpoints, apps and notebooks ran that nobody had used for longer than is allowed",
            {
                "dt": _TEXT,
                "hour": _TEXT,
                "reason": _TEXT,
                "arn": _TEXT,
                "part": _TEXT,
                "instance_hours": _NUMBER,
            },
            _idle(settings),
        ),
        View(
            "waste",
            "What is wasted now, and whose it is",
            {
                "reason": _TEXT,
                "kind": _TEXT,
                "name": _TEXT,
                "part": _TEXT,
                "account": _TEXT,
                "region": _TEXT,
                "team": _TEXT,
                "project": _TEXT,
                "user_name": _TEXT,
                "arn": _TEXT,
                "instance_type": _TEXT,
                "instances": _COUNT,
                "since": _TEXT,
                "detail": _TEXT,
            },
            _waste(settings),
        ),
    )


def _owners(*levels: str) -> str:
    return ",\n  ".join(f"{_WHOSE[level]} AS {level}" for level in levels)


_BY_MONTH = f"""SELECT
  substr(dt, 1, 7) AS month,
  {_owners(*_WHOSE)},
  environment,
  kind,
  instance_type,
  count(DISTINCT arn) AS things,
  sum(instance_hours) AS instance_hours,
  sum(gpu_hours) AS gpu_hours,
  sum(invocations) AS invocations,
  sum(runs) AS runs
FROM usage
GROUP BY
  substr(dt, 1, 7), {", ".join(_WHOSE.values())}, environment, kind, instance_type
"""
_BY_TEAM = f"""SELECT
  substr(dt, 1, 7) AS month,
  {_owners("line_of_business", "team")},
  count(DISTINCT CASE WHEN kind = 'user' THEN arn END) AS users,
  count(DISTINCT CASE WHEN kind = 'app' THEN domain_id || '/' || user_name END) AS active_users,
  count(DISTINCT CASE WHEN seconds > 0 THEN instance_type END) AS instance_types,
  count(DISTINCT CASE WHEN kind = 'endpoint' THEN arn END) AS endpoints,
  count(DISTINCT CASE WHEN kind = 'app' THEN arn END) AS apps,
  count(DISTINCT CASE WHEN kind = 'notebook' THEN arn END) AS notebooks,
  count(DISTINCT CASE WHEN kind IN {_JOBS} THEN arn END) AS jobs,
  sum(CASE WHEN kind = 'pipeline' THEN runs ELSE 0 END) AS pipeline_runs,
  sum(instance_hours) AS instance_hours,
  sum(gpu_hours) AS gpu_hours
FROM usage
GROUP BY substr(dt, 1, 7), {_WHOSE["line_of_business"]}, {_WHOSE["team"]}
"""
_BY_USER = f"""SELECT
  substr(dt, 1, 7) AS month,
  {_owners("team")},
  account,
  user_name,
  count(DISTINCT arn) AS apps,
  sum(instance_hours) AS instance_hours,
  sum(gpu_hours) AS gpu_hours,
  max(last_active) AS last_active
FROM usage
WHERE kind = 'app' AND user_name IS NOT NULL
GROUP BY substr(dt, 1, 7), {_WHOSE["team"]}, account, user_name
"""
_NOW = f"""WITH recent AS (
  SELECT *, max(dt || hour) OVER (PARTITION BY account_id) AS latest
  FROM usage
  WHERE dt >= date_format(current_date - INTERVAL '2' DAY, '%Y-%m-%d')
)
SELECT
  kind, name, part, arn, account, region, status, user_name,
  {_owners("team", "project")}, missing_tags, instance_type, instances, invocations, serves, created,
  last_active, dt, hour
FROM recent
WHERE dt || hour = latest
"""
# What a thing was last used, else made; and the end of the hour of the inventory.
_USED = "CAST(coalesce(last_active, created) AS timestamp)"
_TAKEN = "date_parse(dt || ' ' || hour, '%Y-%m-%d %H') + INTERVAL '1' HOUR"


def _now_columns() -> Mapping[str, str]:
    whose = ("kind", "name", "part", "arn", "account", "region", "status", "user_name", "team", "project")
    rest = ("serves", "created", "last_active", "dt", "hour")
    counts = dict.fromkeys(("instances", "invocations"), _COUNT)
    return dict.fromkeys((*whose, "missing_tags", "instance_type"), _TEXT) | counts | dict.fromkeys(rest, _TEXT)


def _reasons(settings: UsageSettings) -> str:
    return f"""CASE
    WHEN kind = 'endpoint' AND status = 'InService'
      AND {_USED} < {_TAKEN} - INTERVAL '{settings.idle_endpoint_days}' DAY THEN 'idle endpoint'
    WHEN kind = 'app' AND status = 'InService' AND instances > 0
      AND {_USED} < {_TAKEN} - INTERVAL '{settings.idle_app_hours}' HOUR THEN 'idle app'
    WHEN kind = 'notebook' AND status = 'InService'
      AND {_USED} < {_TAKEN} - INTERVAL '{settings.forgotten_notebook_days}' DAY THEN 'forgotten notebook'
  END"""


def _idle(settings: UsageSettings) -> str:
    return f"""WITH judged AS (
  SELECT dt, hour, {_reasons(settings)} AS reason, arn, part, instance_hours
  FROM usage
  WHERE kind IN ('endpoint', 'app', 'notebook')
)
SELECT dt, hour, reason, arn, part, instance_hours
FROM judged
WHERE reason IS NOT NULL
"""


def _waste(settings: UsageSettings) -> str:
    shown = "kind, name, part, account, region, team, project, user_name, arn, instance_type, instances"
    return f"""WITH judged AS (
  SELECT *, {_reasons(settings)} AS reason
  FROM usage_now
),
served AS (
  SELECT DISTINCT model_group
  FROM usage_now
  CROSS JOIN UNNEST(split(serves, ', ')) AS served(model_group)
  WHERE kind = 'endpoint'
)
SELECT reason, {shown}, coalesce(last_active, created) AS since, CAST(NULL AS varchar) AS detail
FROM judged
WHERE reason IS NOT NULL
UNION ALL
SELECT 'untagged' AS reason, {shown}, created AS since, missing_tags AS detail
FROM usage_now
WHERE missing_tags IS NOT NULL AND kind <> 'user'
UNION ALL
SELECT 'stale models' AS reason, {shown}, coalesce(last_active, created) AS since, CAST(NULL AS varchar) AS detail
FROM usage_now
LEFT JOIN served ON usage_now.name = served.model_group
WHERE kind = 'model-group' AND served.model_group IS NULL
  AND {_USED} < {_TAKEN} - INTERVAL '{settings.stale_model_days}' DAY
"""
