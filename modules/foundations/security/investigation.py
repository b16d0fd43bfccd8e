"""Detective: who did what from where, in one region."""

from __future__ import annotations

from collections.abc import Sequence

from cdktf_cdktf_provider_aws.detective_member import DetectiveMember
from cdktf_cdktf_provider_aws.detective_organization_configuration import DetectiveOrganizationConfiguration
from constructs import Construct

from modules.foundations.security.member import Member


class Investigation(Construct):
    """The graph of one region with the accounts that feed it.

    Guarantees: every member feeds the graph, and so does an account that joins later.
    Controls: ORG-07 (NIST 800-53 IR-4, AU-6).
    """

    def __init__(self, scope: Construct, id_: str, *, graph_arn: str, members: Sequence[Member]) -> None:
        super().__init__(scope, id_)
        joined = DetectiveOrganizationConfiguration(self, "organization", graph_arn=graph_arn, auto_enable=True)
        for member in members:
            DetectiveMember(
                self,
                f"member-{member.name}",
                graph_arn=graph_arn,
                account_id=member.account_id,
                email_address=member.email,
                disable_email_notification=True,
                depends_on=[joined],
            )
