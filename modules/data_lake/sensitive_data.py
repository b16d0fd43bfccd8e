"""The search for sensitive data in the zones of a domain."""

from __future__ import annotations

from collections.abc import Mapping

from cdktf_cdktf_provider_aws.macie2_classification_job import (
    Macie2ClassificationJob,
    Macie2ClassificationJobS3JobDefinition,
    Macie2ClassificationJobS3JobDefinitionBucketDefinitions,
    Macie2ClassificationJobScheduleFrequency,
)
from cdktf_cdktf_provider_aws.macie2_custom_data_identifier import Macie2CustomDataIdentifier
from constructs import Construct

from modules.core.naming import IDENTIFIER_LIMIT, Naming
from modules.data_lake.declared import declared
from modules.data_lake.names import proposals_bucket, zone_bucket
from modules.data_lake.settings import DomainLake, Zone
from modules.data_lake.tag_proposals import TagProposals
from modules.foundations.contract import BaselineContract

_JOB_LIMIT = 500  # characters of the name of a classification job


class SensitiveData(Construct):
    """Macie reads the domain's zones once a week, on `weekday`, a sample of `sampling_percentage` of what is new.

    The job is that of the domain's account, as a member: an account's Macie decrypts with the keys that admit its own
    service-linked role, which the administrator's is not. The security stacks switch Macie on there
    (modules/foundations/security/sensitive_data.py). `buckets` are the zones' names as references.

    Guarantees:
    - the job runs every week over all zones of the domain, objects that are there already included;
    - it looks for what the domain says identifies its data, beside all kinds that Macie knows;
    - what it finds becomes a proposal to the owner.

    Controls: DATA-17, DATA-01 (FSBP Macie.1; NIST 800-53 RA-2, SI-4).
    https://docs.aws.amazon.com/macie/latest/user/discovery-supported-encryption-types.html
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        settings: DomainLake,
        domain: str,
        owner: str,
        buckets: Mapping[Zone, str],
        weekday: str,
        sampling_percentage: int,
        data_key_arn: str,
        keys: BaselineContract,
        access_logs: str,
        boundary_arn: str,
    ) -> None:
        super().__init__(scope, id_)
        identifiers = [
            Macie2CustomDataIdentifier(
                self,
                f"identifier-{key}",
                name=naming.name(f"{domain}-{key.replace('_', '-')}", limit=IDENTIFIER_LIMIT),
                description=identifier.description,
                regex=identifier.pattern,
                keywords=sorted(identifier.keywords) or None,
            ).id
            for key, identifier in settings.sensitive_data.items()
        ]
        Macie2ClassificationJob(
            self,
            "job",
            name=naming.name(f"{domain}-sensitive-data", limit=_JOB_LIMIT),
            description=f"Sensitive data in the zones of the data domain {domain}",
            job_type="SCHEDULED",
            job_status="RUNNING",
            initial_run=True,
            sampling_percentage=sampling_percentage,
            schedule_frequency=Macie2ClassificationJobScheduleFrequency(weekly_schedule=weekday),
            custom_data_identifier_ids=identifiers or None,
            s3_job_definition=Macie2ClassificationJobS3JobDefinition(
                bucket_definitions=[
                    Macie2ClassificationJobS3JobDefinitionBucketDefinitions(
                        account_id=naming.account_id, buckets=[buckets[zone] for zone in sorted(buckets)]
                    )
                ]
            ),
        )
        TagProposals(
            self,
            "proposals",
            naming=naming,
            what=f"{domain}-proposals",
            bucket=proposals_bucket(domain, settings),
            zones=[naming.bucket(zone_bucket(domain, settings, zone)) for zone in settings.zones],
            declared=declared(naming, domain, settings),
            owner=owner,
            data_key_arn=data_key_arn,
            keys=keys,
            access_logs=access_logs,
            boundary_arn=boundary_arn,
        )
