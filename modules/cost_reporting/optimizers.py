"""AWS's own advice on what is too large or unused, for all accounts."""

from __future__ import annotations

from cdktf_cdktf_provider_aws.computeoptimizer_enrollment_status import ComputeoptimizerEnrollmentStatus
from cdktf_cdktf_provider_aws.costoptimizationhub_enrollment_status import CostoptimizationhubEnrollmentStatus
from constructs import Construct


class Optimizers(Construct):
    """Enrols the organisation in Compute Optimizer and Cost Optimization Hub, from its management account.

    Both need the region us-east-1 and that the organisation trusts them (`organization.trusted_services`).

    Guarantees: every account is enrolled, those that come later, too.

    Controls: COST-10 (NIST 800-53 SA-2, SC-6).
    https://docs.aws.amazon.com/cost-management/latest/userguide/coh-getting-started.html
    """

    def __init__(self, scope: Construct, id_: str) -> None:
        super().__init__(scope, id_)
        compute = ComputeoptimizerEnrollmentStatus(self, "compute", status="Active", include_member_accounts=True)
        # The hub shows what Compute Optimizer finds.
        CostoptimizationhubEnrollmentStatus(self, "hub", include_member_accounts=True, depends_on=[compute])
