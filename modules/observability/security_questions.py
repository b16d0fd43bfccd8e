"""What security auditors ask of the log archive. No cdktf here."""

from __future__ import annotations

from collections.abc import Sequence

from modules.core.trail_table import TRAIL, WHO
from modules.observability.log_questions import NAME_DAYS, TRAIL_DAYS, LogQuestion, of_names, of_trail, quoted
from modules.observability.log_tables import NAME_QUERIES

# What puts an end to evidence, or to its making.
_SILENCING = (
    *("DeleteConfigurationRecorder", "DeleteDeliveryChannel", "DeleteDestination", "DeleteFlowLogs", "DeleteLogGroup"),
    *("DeleteLogStream", "DeleteResolverQueryLogConfig", "DeleteRetentionPolicy", "DeleteTrail", "PutEventSelectors"),
    *("PutRetentionPolicy", "StopConfigurationRecorder", "StopLogging", "UpdateTrail"),
)
_KEY_LOSSES = ("CancelKeyDeletion", "DeleteImportedKeyMaterial", "DisableKey", "ScheduleKeyDeletion")
ASKED = (
    LogQuestion(
        "security-auditor",
        "who-silenced-logs",
        f"Who stopped, changed or deleted logs, trails and recorders, or tried to, last {TRAIL_DAYS} days",
        TRAIL,
        f"""SELECT eventtime, account, region, {WHO} AS principal, eventname, sourceipaddress, errorcode,
       requestparameters
{of_trail(f"eventname IN ({quoted(_SILENCING)})")}
ORDER BY eventtime DESC
""",
    ),
    LogQuestion(
        "security-auditor",
        "use-of-root",
        f"What was done as the root user of any account, last {TRAIL_DAYS} days",
        TRAIL,
        f"""SELECT eventtime, account, region, eventsource, eventname, sourceipaddress, errorcode
{of_trail("useridentity.type = 'Root'", "useridentity.invokedby IS NULL", "eventtype <> 'AwsServiceEvent'")}
ORDER BY eventtime DESC
""",
    ),
    LogQuestion(
        "security-auditor",
        "console-logins-without-mfa",
        f"Who signed in to the console without a second factor, last {TRAIL_DAYS} days; who comes from Identity Center "
        "showed it there",
        TRAIL,
        f"""SELECT eventtime, account, useridentity.type AS kind, {WHO} AS principal, sourceipaddress,
       json_extract_scalar(responseelements, '$.ConsoleLogin') AS outcome
{
            of_trail(
                "eventname = 'ConsoleLogin'",
                "useridentity.type IN ('IAMUser', 'Root')",
                "coalesce(json_extract_scalar(additionaleventdata, '$.MFAUsed'), 'No') <> 'Yes'",
            )
        }
ORDER BY eventtime DESC
""",
    ),
    LogQuestion(
        "security-auditor",
        "key-deletions",
        f"Who disabled keys or had them deleted, or took it back, last {TRAIL_DAYS} days",
        TRAIL,
        f"""SELECT eventtime, account, region, {WHO} AS principal, eventname,
       json_extract_scalar(requestparameters, '$.keyId') AS key,
       json_extract_scalar(requestparameters, '$.pendingWindowInDays') AS days_to_undo,
       errorcode
{of_trail("eventsource = 'kms.amazonaws.com'", f"eventname IN ({quoted(_KEY_LOSSES)})")}
ORDER BY eventtime DESC
""",
    ),
    LogQuestion(
        "security-auditor",
        "endpoint-invocations",
        f"Who asked which endpoint how often, last {TRAIL_DAYS} days",
        TRAIL,
        f"""SELECT account, json_extract_scalar(requestparameters, '$.endpointName') AS endpoint, {WHO} AS principal,
       count(*) AS invocations, count(errorcode) AS refused, max(eventtime) AS latest
{of_trail("eventsource = 'sagemaker.amazonaws.com'", "eventname LIKE 'InvokeEndpoint%'")}
GROUP BY 1, 2, 3
ORDER BY invocations DESC
""",
    ),
    LogQuestion(
        "security-auditor",
        "feature-reads",
        f"Which role read which feature groups how often, last {TRAIL_DAYS} days",
        TRAIL,
        f"""SELECT account, {WHO} AS principal,
       coalesce(
           json_extract_scalar(requestparameters, '$.featureGroupName'),
           json_extract_scalar(requestparameters, '$.identifiers[0].featureGroupName')
       ) AS feature_group,
       count(*) AS reads, count(errorcode) AS refused, max(eventtime) AS latest
{of_trail("eventsource = 'sagemaker.amazonaws.com'", "eventname IN ('BatchGetRecord', 'GetRecord')")}
GROUP BY 1, 2, 3
ORDER BY reads DESC
""",
    ),
    LogQuestion(
        "security-auditor",
        "names-that-were-blocked",
        f"Which names DNS Firewall blocked, for whom, last {NAME_DAYS} days",
        NAME_QUERIES,
        f"""SELECT account_id, vpc_id, srcaddr, query_name, firewall_rule_group_id, count(*) AS lookups,
       max(query_timestamp) AS latest
{of_names("firewall_rule_action = 'BLOCK'")}
GROUP BY 1, 2, 3, 4, 5
ORDER BY lookups DESC
""",
    ),
)


def unexpected_names(known_domains: Sequence[str]) -> LogQuestion:
    """Which names were looked up that none of `known_domains` holds, such as `.a.com`, `*.a.com` or `a.com`."""
    told = " AND ".join(f"('.' || query_name) NOT LIKE '%{_dotted(domain)}.'" for domain in known_domains) or "true"
    return LogQuestion(
        "security-auditor",
        "names-nobody-expects",
        f"Which names outside the allowed domains were looked up from which account, last {NAME_DAYS} days",
        NAME_QUERIES,
        f"""SELECT account_id, vpc_id, query_name, rcode, count(*) AS lookups, max(query_timestamp) AS latest,
       min(srcids.instance) AS an_instance
{of_names(told)}
GROUP BY 1, 2, 3, 4
ORDER BY lookups DESC
""",
    )


def _dotted(domain: str) -> str:
    return f".{domain.lstrip('*.')}"
