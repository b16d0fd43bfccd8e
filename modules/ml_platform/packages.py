"""Python packages for networks without a way to the internet."""

from __future__ import annotations

from collections.abc import Sequence

from cdktf import TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.codeartifact_domain import CodeartifactDomain
from cdktf_cdktf_provider_aws.codeartifact_domain_permissions_policy import CodeartifactDomainPermissionsPolicy
from cdktf_cdktf_provider_aws.codeartifact_repository import (
    CodeartifactRepository,
    CodeartifactRepositoryExternalConnections,
    CodeartifactRepositoryUpstream,
)
from cdktf_cdktf_provider_aws.codeartifact_repository_permissions_policy import (
    CodeartifactRepositoryPermissionsPolicy,
)
from constructs import Construct

from modules.core.handshake import Edge
from modules.core.iam import policy_document
from modules.core.key import Key
from modules.core.naming import Naming
from modules.core.units import Units
from modules.core.wiring import holder
from modules.ml_platform.artifacts_settings import PackageSettings
from modules.ml_platform.names import (
    PACKAGE_KEY,
    PACKAGE_REPOSITORY,
    PYPI_STORE,
    package_domain,
    package_domain_arn,
    package_repository_arn,
)
from modules.ml_platform.user import READ_PACKAGES

_PYPI = "public:pypi"


class Packages(Construct):
    """The CodeArtifact domain `<organisation>-<environment>-ml`, and the repository `packages` that teams install from.

    What it does not have it takes from `pypi-store`, which fetches from PyPI and keeps what it fetched. A network needs
    the endpoints `codeartifact.api` and `codeartifact.repositories`, and of S3 none for packages of Python. `units` are
    those of the teams' accounts; None where no other account is served.

    Guarantees:
    - installing needs no way to the internet: PyPI is asked by CodeArtifact, and by one repository alone;
    - the units of the teams' accounts ask for tokens and read packages of `packages`; nobody there publishes, deletes,
      or reads past it;
    - packages are encrypted under a key of their own; who installs needs no permission for it, as CodeArtifact works
      by grants;
    - Terraform refuses to destroy domain and repositories.

    Controls: CICD-05, CICD-09 (NIST 800-53 SR-3, SC-7, SC-28, AC-3).
    https://docs.aws.amazon.com/codeartifact/latest/ug/vpc-endpoints.html
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        naming: Naming,
        settings: PackageSettings,
        units: Units | None,
        installs: Sequence[Edge],
    ) -> None:
        super().__init__(scope, id_)
        kept = TerraformResourceLifecycle(prevent_destroy=True)
        key = Key(self, "key", naming=naming, purpose=PACKAGE_KEY)
        domain = CodeartifactDomain(
            self, "domain", domain=package_domain(naming), encryption_key=key.arn, lifecycle=kept
        ).domain
        upstream = None
        if settings.pypi:
            store = CodeartifactRepository(
                self,
                "pypi-store",
                domain=domain,
                repository=PYPI_STORE,
                description="What was fetched from PyPI; nobody installs from here",
                external_connections=CodeartifactRepositoryExternalConnections(external_connection_name=_PYPI),
                lifecycle=kept,
            )
            upstream = [CodeartifactRepositoryUpstream(repository_name=store.repository)]
        repository = CodeartifactRepository(
            self,
            "packages",
            domain=domain,
            repository=PACKAGE_REPOSITORY,
            description="What teams install from",
            upstream=upstream,
            lifecycle=kept,
        ).repository
        if units is None:
            return
        CodeartifactDomainPermissionsPolicy(
            self,
            "domain-policy",
            domain=domain,
            policy_document=policy_document(
                units.allow("UnitsSignIn", ("codeartifact:GetAuthorizationToken",), (package_domain_arn(naming),))
            ),
        )
        CodeartifactRepositoryPermissionsPolicy(
            self,
            "repository-policy",
            domain=domain,
            repository=repository,
            policy_document=policy_document(
                units.allow("UnitsInstall", READ_PACKAGES, package_repository_arn(naming)),
            ),
        )
        for edge in installs:
            edge.render(holder(self), "domain")
            edge.render(holder(self), "repository")
