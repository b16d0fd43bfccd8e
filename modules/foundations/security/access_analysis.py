"""Access Analyzer: who from outside has access, and which access nobody uses."""

from __future__ import annotations

from collections.abc import Sequence

from cdktf_cdktf_provider_aws.accessanalyzer_analyzer import (
    AccessanalyzerAnalyzer,
    AccessanalyzerAnalyzerConfiguration,
    AccessanalyzerAnalyzerConfigurationUnusedAccess,
)
from cdktf_cdktf_provider_aws.accessanalyzer_archive_rule import (
    AccessanalyzerArchiveRule,
    AccessanalyzerArchiveRuleFilter,
)
from constructs import Construct

from modules.core.naming import Naming
from modules.foundations.security.settings import AccessAnalyzerSettings

# Roles that hold more than they use by design, or rest until an emergency (docs/adr/0005, docs/adr/0010).
_BY_DESIGN = ("mlgov-apply", "mlgov-plan", "AWSReservedSSO_mlgov-break-glass")


class AccessAnalysis(Construct):
    """Analyzers of the whole organisation: of access from outside it in this region, and at home of unused access.

    `ci_role_arns` are the roles that CI reaches with tokens from `ci_issuer` (a host); `global_` says whether this is
    the home region: IAM is global, so one analyzer of unused access is enough and is paid once.

    Guarantees:
    - access that is given to anybody outside the organisation is a finding, in every governed region;
    - permissions, roles and keys unused for the days of the settings are findings;
    - only this platform's own roles are archived: CI roles for the one issuer, and roles idle by design.

    Controls: IAM-09, IAM-11 (FSBP IAM.28; NIST 800-53 AC-2(3), AC-3, AC-6(7)).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        settings: AccessAnalyzerSettings,
        ci_role_arns: Sequence[str],
        ci_issuer: str,
        global_: bool,
    ) -> None:
        super().__init__(scope, id_)
        external = AccessanalyzerAnalyzer(
            self, "external", analyzer_name=naming.name("external-access"), type="ORGANIZATION"
        )
        if not global_:
            return
        AccessanalyzerArchiveRule(
            self,
            "ci",
            analyzer_name=external.analyzer_name,
            rule_name="ci-roles",
            filter=[
                AccessanalyzerArchiveRuleFilter(criteria="resource", eq=list(ci_role_arns)),
                AccessanalyzerArchiveRuleFilter(criteria="principal.Federated", contains=[ci_issuer]),
            ],
        )
        unused = AccessanalyzerAnalyzer(
            self,
            "unused",
            analyzer_name=naming.name("unused-access"),
            type="ORGANIZATION_UNUSED_ACCESS",
            configuration=AccessanalyzerAnalyzerConfiguration(
                unused_access=AccessanalyzerAnalyzerConfigurationUnusedAccess(unused_access_age=settings.unused_days)
            ),
        )
        AccessanalyzerArchiveRule(
            self,
            "by-design",
            analyzer_name=unused.analyzer_name,
            rule_name="by-design",
            filter=[
                AccessanalyzerArchiveRuleFilter(criteria="resource", contains=list(_BY_DESIGN)),
                AccessanalyzerArchiveRuleFilter(criteria="findingType", eq=["UnusedIAMRole", "UnusedPermission"]),
            ],
        )
