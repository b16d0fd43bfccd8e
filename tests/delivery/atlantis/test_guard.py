"""The guard: a pull request chooses neither its workflow nor what runs on the server."""

from __future__ import annotations

import hashlib
import json
import subprocess
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from delivery.atlantis.foreign import foreign
from delivery.atlantis.guard import check
from environments.manifest import Manifest, ManifestError, StackEntry
from policies.errors import GateError
from tests.support.organisations import Synthesised, documents
from tests.support.stacks import ORGANIZATION

STACK: dict[str, Any] = {
    "terraform": {
        "required_version": ">= 1.11.0",
        "required_providers": {"aws": {"source": "hashicorp/aws", "version": "5.100.0"}},
        "backend": {"s3": {"bucket": "b", "key": "k", "region": "r", "use_lockfile": True}},
    },
    "provider": {"aws": [{"region": "eu-west-1", "assume_role": [{"role_arn": "r"}]}]},
    "data": {"terraform_remote_state": {"x": {"backend": "s3", "config": {"bucket": "b", "key": "k", "region": "r"}}}},
    "resource": {"aws_s3_bucket": {"b": {"bucket": "x"}}, "terraform_data": {"t": {"input": "x"}}},
    "output": {"hash": {"value": '${filesha256("${path.module}/assets/code.zip")}'}},
}
FOLDER = "live/prod/fraud-prod/studio"


class Clone:
    """A clone with one project, as mlgov writes it; tests change what a pull request could."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.project: dict[str, Any] = {"name": "fraud-prod-studio", "dir": FOLDER, "workflow": "mlgov-production"}
        self.document = json.loads(json.dumps(STACK))
        self.entry: dict[str, Any] = {"stack": "studio", "environment": "prod", "tier": "production"}
        self.files = {".terraform.lock.hcl": ""}
        self.config: dict[str, Any] = {"version": 3}
        self.twice = ""  # a section that stands before the document's own of that name

    def check(self, guard: str = "production", arguments: str = "") -> None:
        """Write it all down, and have it looked at."""
        folder = self.root / self.project["dir"]
        folder.mkdir(parents=True)
        text = json.dumps(self.document).replace("{", "{" + self.twice, 1)
        (folder / "cdk.tf.json").write_text(text, encoding="utf-8")
        for name, content in self.files.items():
            (folder / name).write_text(content, encoding="utf-8")
        (self.root / "atlantis.yaml").write_text(
            json.dumps({**self.config, "projects": [self.project]}), encoding="utf-8"
        )
        entry = StackEntry.model_validate(
            {
                "id": "fraud-prod-studio", "module": "m", "account": "fraud-prod", "region": "eu-west-1",
                "owner": "a@b.example", "path": f"{FOLDER.removeprefix('live/')}/cdk.tf.json", "state_bucket": "b",
                "state_key": "k", "depends_on": (), "resources": 1, "sha256": hashlib.sha256(text.encode()).hexdigest(),
                **self.entry,
            }
        )  # fmt: skip
        Manifest(organization=ORGANIZATION, stacks=(entry,), layout="live").write(self.root / "live")
        check(self.root, guard=guard, project="fraud-prod-studio", folder=self.project["dir"], arguments=arguments)


@pytest.fixture(name="repository", scope="module")
def _repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("repository")
    subprocess.run(["git", "init", "-q", str(root)], check=True)
    return root


@pytest.fixture(name="clone")
def _clone(repository: Path) -> Clone:
    root = repository / str(len(list(repository.iterdir())))
    root.mkdir()
    return Clone(root)


def test_what_mlgov_wrote_passes(clone: Clone) -> None:
    """A stack as synthesised, in its folder, with its tier's workflow, is planned and applied."""
    clone.check()


def test_access_needs_its_requirements(clone: Clone) -> None:
    """The workflow that plans as the apply role takes access stacks alone, and only those that wait for approval."""
    clone.project |= {"workflow": "mlgov-access", "plan_requirements": ["approved", "mergeable", "undiverged"]}
    clone.entry["stack"] = "access"
    clone.check("access")


SPOILED: dict[str, tuple[Callable[[Clone], object], str]] = {
    "another tier's workflow": (
        lambda clone: clone.project.update(workflow="mlgov-non-production"),
        "workflow mlgov-non-production, and this is mlgov-production",
    ),
    "a tier that is not the folder's": (
        lambda clone: clone.entry.update(tier="non-production"),
        "it stands in prod, and live/ says: environment prod, tier non-production",
    ),
    "access in a tier's workflow": (lambda clone: clone.entry.update(stack="access"), "is not for a stack of the kind"),
    "the bootstrap stack": (lambda clone: clone.entry.update(stack="bootstrap"), "an administrator applies it"),
    "another version of Terraform": (
        lambda clone: clone.project.update(terraform_version="0.11.0"),
        "says of it terraform_version, which mlgov does not write",
    ),
    "another workspace": (lambda clone: clone.project.update(workspace="mine"), "gives it the workspace mine"),
    "another folder": (
        lambda clone: clone.project.update(dir="live/prod/x"),
        "prod/x/cdk.tf.json is not in",
    ),
    "no lock file": (lambda clone: clone.files.clear(), "there is no .terraform.lock.hcl"),
    "another file of Terraform": (lambda clone: clone.files.update({"x.auto.tfvars": ""}), "x.auto.tfvars"),
    "a provisioner": (
        lambda clone: clone.document["resource"]["terraform_data"]["t"].update(provisioner=[{"local-exec": {}}]),
        "resource.terraform_data.t.provisioner",
    ),
    "a program as data": (lambda clone: clone.document["data"].update(external={"x": {}}), "data.external"),
    "a provisioner of a block in a list": (
        lambda clone: clone.document["resource"]["terraform_data"].update(t=[{"provisioner": [{"local-exec": {}}]}]),
        "resource.terraform_data.t is not an object",
    ),
    "a provisioner of what is removed": (
        lambda clone: clone.document.update(removed=[{"from": "aws_x.y", "provisioner": [{"local-exec": {}}]}]),
        "removed.provisioner",
    ),
    "a section that stands twice": (
        lambda clone: setattr(clone, "twice", '"data": {"external": {"x": {"program": ["evil"]}}}, '),
        "key 'data' stands twice",
    ),
    "a workflow of its own": (lambda clone: clone.config.update(workflows={"x": {}}), "atlantis.yaml has workflows"),
    "policies of its own": (
        lambda clone: clone.config.update(policies={"policy_sets": [{"name": "x", "path": "."}]}),
        "atlantis.yaml has policies",
    ),
    "another provider": (
        lambda clone: clone.document["terraform"]["required_providers"].update(evil={"source": "evil/evil"}),
        "required_providers.evil",
    ),
    "the provider from elsewhere": (
        lambda clone: clone.document["terraform"]["required_providers"]["aws"].update(source="evil/aws"),
        "required_providers.aws",
    ),
    "a credential process": (
        lambda clone: clone.document["provider"]["aws"][0].update(shared_config_files=["evil"]),
        "provider.aws.shared_config_files",
    ),
    "a credential process of the state": (
        lambda clone: clone.document["terraform"]["backend"]["s3"].update(shared_config_files=["evil"]),
        "terraform.backend.s3.shared_config_files",
    ),
    "a module": (
        lambda clone: clone.document.update(module={"x": {"source": "git::x"}}),
        "what a called module holds is not judged",
    ),
    "a file of the server": (
        lambda clone: clone.document["output"].update(x={"value": '${file("/proc/self/environ")}'}),
        "the function file on a file that is not the stack's",
    ),
    "a file of the server in a key": (
        lambda clone: clone.document.update(locals={"x": {'${file("/proc/self/environ")}': "y"}}),
        "the function file on a file that is not the stack's",
    ),
    "a file of the server behind a comment": (
        lambda clone: clone.document.update(locals={"x": '${file/* */("/proc/self/environ")}'}),
        "the function file on a file that is not the stack's",
    ),
    "an expression that is put together": (
        lambda clone: clone.document.update(locals={"a": "$${fi", "b": "${templatestring(local.a, {})}"}),
        "the function templatestring",
    ),
    "a file above the stack": (
        lambda clone: clone.document["output"].update(x={"value": '${filesha256("${path.module}/assets/../../x")}'}),
        "the function filesha256",
    ),
}


@pytest.mark.parametrize("what", SPOILED)
def test_what_a_pull_request_must_not_choose_is_refused(clone: Clone, what: str) -> None:
    """Each is refused before a role is taken, with exit code 3 and the reason."""
    spoil, says = SPOILED[what]
    spoil(clone)
    with pytest.raises((GateError, ManifestError)) as caught:
        clone.check()
    assert says in str(caught.value)
    assert caught.value.exit_code == 3


def test_a_committed_provider_is_refused(clone: Clone) -> None:
    """Terraform would run what lies in .terraform, if the lock file beside it has its hash."""
    clone.check()
    provider = Path(FOLDER) / ".terraform/providers/evil"
    (clone.root / provider).parent.mkdir(parents=True)
    (clone.root / provider).write_text("", encoding="utf-8")
    again = partial(check, clone.root, guard="production", project="fraud-prod-studio", folder=FOLDER, arguments="")
    again()  # what Terraform itself has put there is not committed
    subprocess.run(["git", "add", "--force", str(provider)], cwd=clone.root, check=True)
    with pytest.raises(GateError, match=r"the folder holds \.terraform/providers/evil"):
        again()


def test_a_folder_behind_a_link_is_refused(clone: Clone) -> None:
    """What is committed where a link leads, git would not list."""
    clone.check()
    (clone.root / FOLDER).rename(clone.root / "elsewhere")
    (clone.root / FOLDER).symlink_to(clone.root / "elsewhere")
    with pytest.raises(GateError, match="behind a symbolic link"):
        check(clone.root, guard="production", project="fraud-prod-studio", folder=FOLDER, arguments="")


def test_arguments_of_a_comment_are_refused(clone: Clone) -> None:
    """`atlantis plan -- -destroy` is no plan of what was reviewed."""
    with pytest.raises(GateError, match="hands arguments to Terraform"):
        clone.check(arguments="\\-\\d\\e\\s\\t\\r\\o\\y")


def test_changed_bytes_are_refused(clone: Clone) -> None:
    """JSON that is not what live/mlgov.json promises was not synthesised."""
    clone.check()
    (clone.root / FOLDER / "cdk.tf.json").write_text("{}", encoding="utf-8")
    with pytest.raises(Exception, match="was changed after synthesis"):
        check(clone.root, guard="production", project="fraud-prod-studio", folder=FOLDER, arguments="")


@pytest.mark.e2e
@pytest.mark.parametrize("name", ["acme", "minnow"])
def test_nothing_that_we_synthesise_is_foreign(name: str, synthesised: Synthesised) -> None:
    """The guard refuses no stack of either organisation."""
    found = {entry.id: list(foreign(document)) for entry, document in documents(synthesised(name))}
    assert {stack_id: reasons for stack_id, reasons in found.items() if reasons} == {}
