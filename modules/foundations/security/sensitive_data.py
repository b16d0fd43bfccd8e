"""Macie: sensitive data in the buckets of the organisation, in one region."""

from __future__ import annotations

from collections.abc import Sequence

from cdktf_cdktf_provider_aws.macie2_classification_export_configuration import (
    Macie2ClassificationExportConfiguration,
    Macie2ClassificationExportConfigurationS3Destination,
)
from cdktf_cdktf_provider_aws.macie2_classification_job import (
    Macie2ClassificationJob,
    Macie2ClassificationJobS3JobDefinition,
    Macie2ClassificationJobS3JobDefinitionBucketCriteria,
    Macie2ClassificationJobS3JobDefinitionBucketCriteriaIncludes,
    Macie2ClassificationJobS3JobDefinitionBucketCriteriaIncludesAnd,
    Macie2ClassificationJobS3JobDefinitionBucketCriteriaIncludesAndTagCriterion,
    Macie2ClassificationJobS3JobDefinitionBucketCriteriaIncludesAndTagCriterionTagValues,
    Macie2ClassificationJobScheduleFrequency,
)
from cdktf_cdktf_provider_aws.macie2_custom_data_identifier import Macie2CustomDataIdentifier
from cdktf_cdktf_provider_aws.macie2_member import Macie2Member
from cdktf_cdktf_provider_aws.macie2_organization_configuration import Macie2OrganizationConfiguration
from constructs import Construct

from modules.core.naming import Naming
from modules.foundations.security.findings_store import FindingsStore
from modules.foundations.security.member import Member
from modules.foundations.security.settings import MacieJobSettings, MacieSettings


class SensitiveData(Construct):
    """Macie of one region: members, what counts as sensitive beyond AWS's own list, and the weekly job.

    Membership is declared account by account. AWS's switch for newcomers reaches no account that is in the
    organisation already, and Macie refuses to add an account that the switch has added
    (https://docs.aws.amazon.com/macie/latest/APIReference/members.html). Without `members` the account has itself only.

    Guarantees:
    - every member has Macie on, and nobody becomes a member unseen;
    - what was found in which object is kept in the store, encrypted under its key;
    - the job reads the tagged buckets of all members once a week, objects that are there already included.

    Controls: DATA-01 (FSBP Macie.1; NIST 800-53 RA-2, SI-4, SI-12).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        settings: MacieSettings,
        members: Sequence[Member],
        store: FindingsStore,
    ) -> None:
        super().__init__(scope, id_)
        export = Macie2ClassificationExportConfiguration(
            self,
            "results",
            s3_destination=Macie2ClassificationExportConfigurationS3Destination(
                bucket_name=store.bucket_name, key_prefix="macie/", kms_key_arn=store.key_arn
            ),
        )
        identifiers = [
            Macie2CustomDataIdentifier(
                self,
                f"identifier-{key}",
                name=naming.name(key),
                description=identifier.description,
                regex=identifier.pattern,
                keywords=sorted(identifier.keywords) or None,
                maximum_match_distance=identifier.distance,
            )
            for key, identifier in settings.identifiers.items()
        ]
        Macie2ClassificationJob(
            self,
            "job",
            name=naming.name("sensitive-data"),
            description="Sensitive data in the platform's tagged buckets",
            job_type="SCHEDULED",
            job_status="RUNNING",
            initial_run=True,
            sampling_percentage=settings.job.sampling_percentage,
            schedule_frequency=Macie2ClassificationJobScheduleFrequency(weekly_schedule=settings.job.weekday),
            custom_data_identifier_ids=[identifier.id for identifier in identifiers],
            s3_job_definition=_tagged_buckets(settings.job),
            depends_on=[export],  # AWS keeps detailed results of a job only where it knows the place before
        )
        if members:
            Macie2OrganizationConfiguration(self, "organization", auto_enable=False)
        for member in members:
            Macie2Member(
                self,
                f"member-{member.name}",
                account_id=member.account_id,
                email=member.email,
                status="ENABLED",
            )


def _tagged_buckets(job: MacieJobSettings) -> Macie2ClassificationJobS3JobDefinition:
    tags = [
        Macie2ClassificationJobS3JobDefinitionBucketCriteriaIncludesAndTagCriterionTagValues(
            key=tag.key, value=tag.value
        )
        for tag in job.buckets
    ]
    criterion = Macie2ClassificationJobS3JobDefinitionBucketCriteriaIncludesAndTagCriterion(
        comparator="EQ", tag_values=tags
    )
    return Macie2ClassificationJobS3JobDefinition(
        bucket_criteria=Macie2ClassificationJobS3JobDefinitionBucketCriteria(
            includes=Macie2ClassificationJobS3JobDefinitionBucketCriteriaIncludes(
                and_=[Macie2ClassificationJobS3JobDefinitionBucketCriteriaIncludesAnd(tag_criterion=criterion)]
            )
        )
    )
