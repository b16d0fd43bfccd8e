"""Conformance packs: the rules of a framework as one thing with one score, in every account."""

from __future__ import annotations

from collections.abc import Sequence

from cdktf_cdktf_provider_aws.config_organization_conformance_pack import (
    ConfigOrganizationConformancePack,
    ConfigOrganizationConformancePackInputParameter,
    ConfigOrganizationConformancePackTimeouts,
)
from constructs import Construct

from modules.core.naming import Naming
from modules.foundations.config.pack import Pack

WAIT = "30m"


class ConformancePacks(Construct):
    """Each pack in every account of the organisation, now and to come, but `excluded_account_ids`.

    Guarantees:
    - a pack holds the same rules, with the same parameters, as the organisation's own;
    - no repair starts by itself.

    Controls: every control with a detective point (NIST 800-53 CA-2, CA-7, CM-6).
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        packs: Sequence[Pack],
        excluded_account_ids: Sequence[str],
    ) -> None:
        super().__init__(scope, id_)
        for pack in packs:
            ConfigOrganizationConformancePack(
                self,
                pack.key,
                name=naming.name(pack.key),
                template_body=pack.template.replace("${", "$${").replace("%{", "%%{"),
                input_parameter=[
                    ConfigOrganizationConformancePackInputParameter(parameter_name=name, parameter_value=value)
                    for name, value in pack.inputs.items()
                ]
                or None,
                excluded_accounts=list(excluded_account_ids) or None,
                timeouts=ConfigOrganizationConformancePackTimeouts(create=WAIT, update=WAIT, delete=WAIT),
            )
