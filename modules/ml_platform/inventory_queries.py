"""What is asked of the inventory of the model registry, in SQL of Athena. No cdktf here."""

from __future__ import annotations

from collections.abc import Mapping

# A day without an inventory has no rows: so the latest day that has some, of the last week.
_LATEST = "day = (SELECT max(day) FROM {table} WHERE day >= {since})"
_WEEK = "date_format(current_date - interval '7' day, '%Y-%m-%d')"


def queries(database: str) -> Mapping[str, tuple[str, str]]:
    """Name -> description and SQL. They ask what was last seen; `approvals-by-day` asks of 90 days."""
    groups, versions = f'"{database}"."groups"', f'"{database}"."versions"'
    return {
        "models-by-team": (
            "Every model with its team, its versions, where it is live, and the state of its card",
            f"""SELECT team, project, group_name, versions, approved, pending, latest_approved, live, card
FROM {groups}
WHERE {_latest(groups)}
ORDER BY team, project
""",
        ),
        "waiting-for-approval": (
            "Versions that wait for an approval, the oldest first",
            f"""SELECT group_name, version, created, age_days
FROM {versions}
WHERE {_latest(versions)}
  AND approval = 'PendingManualApproval'
ORDER BY age_days DESC, group_name
""",
        ),
        "live": (
            "Versions that are live, those without approval first",
            f"""SELECT group_name, version, approval, live_in
FROM {versions}
WHERE {_latest(versions)}
  AND live_in IS NOT NULL
ORDER BY approval = 'Approved', group_name, version
""",
        ),
        "without-a-card": (
            "Models that nobody describes, and groups that nobody declared",
            f"""SELECT group_name, team, project, versions, card
FROM {groups}
WHERE {_latest(groups)}
  AND (card IS NULL OR team IS NULL)
ORDER BY group_name
""",
        ),
        "approvals-by-day": (
            "How many versions of each model were approved, day by day, last 90 days",
            f"""SELECT day, team, project, approved
FROM {groups}
WHERE day >= date_format(current_date - interval '90' day, '%Y-%m-%d')
ORDER BY team, project, day
""",
        ),
    }


def _latest(table: str) -> str:
    return _LATEST.format(table=table, since=_WEEK)
