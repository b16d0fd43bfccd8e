"""What functions ship beside their own sources: the reviewed versions, found by Python in the archive alone."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
import tomllib
import zipfile
from importlib import util
from pathlib import Path

import pytest

from modules.core.assets import ROOT, Archive
from modules.core.errors import ConfigError
from modules.core.function import METRICS_NAMESPACE, Function
from modules.core.libraries import POWERTOOLS, TELEMETRY, Library
from tests.support.rendering import NAMING, TestStack, render

FUNCTION = ROOT / "modules" / "ml_platform" / "functions" / "take_inventory"
# What Lambda's Python brings beside Python itself.
RUNTIME = ("boto3", "botocore", "dateutil", "jmespath", "s3transfer", "six", "urllib3")
HANDLER = """
from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

logger, metrics = Logger(use_rfc3339=True), Metrics()

@logger.inject_lambda_context
@metrics.log_metrics
def handler(event, context):
    logger.info("promoted", extra={"version": event["version"]})
    metrics.add_metric(name="Promoted", unit=MetricUnit.Count, value=1)
"""
LAMBDA = """
import sys
sys.path[:0] = sys.argv[1:]
class Context:
    function_name, memory_limit_in_mb, aws_request_id = "promote", 256, "r-1"
    invoked_function_arn = "arn:aws:lambda:eu-west-1:222222222222:function:promote"
import main
main.handler({"version": 7}, Context())
"""


def _names(archive: Archive) -> list[str]:
    return zipfile.ZipFile(io.BytesIO(archive.content)).namelist()


@pytest.mark.parametrize("library", TELEMETRY, ids=lambda library: library.distribution)
def test_what_functions_ship_is_what_is_locked(library: Library) -> None:
    """The reviewed version, that which mlgov asks for and that which the lock installs are one."""
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    assert f"{library.distribution}=={library.version}" in asked
    assert f"\n{library.distribution}=={library.version} " in (ROOT / "requirements.lock").read_text()


def test_another_version_than_the_reviewed_reaches_no_archive() -> None:
    """Synthesis ends with both versions and the remedy."""
    with pytest.raises(ConfigError, match=r"3\.37\.0 is installed, but functions ship 3\.0\.0.*make setup"):
        Library("aws-lambda-powertools", "3.0.0", ("aws_lambda_powertools/",)).files()


def test_a_library_that_is_not_installed_reaches_no_archive() -> None:
    """Nor does one that lacks a part which functions import."""
    with pytest.raises(ConfigError, match="no-such-library is not installed"):
        Library("no-such-library", "1", ("x",)).files()
    with pytest.raises(ConfigError, match="lacks aws_lambda_powertools/none/"):
        Library(POWERTOOLS.distribution, POWERTOOLS.version, ("aws_lambda_powertools/none/",)).files()


def test_an_archive_with_libraries_has_the_same_bytes_every_time_and_stays_small() -> None:
    """Below 600 kB stored, a hundredth of what Lambda takes, with the licences and without Powertools' other tools."""
    first, second = (Archive.of_package(FUNCTION, libraries=TELEMETRY) for _ in range(2))
    assert first.content == second.content
    assert len(first.content) < 600_000
    names = _names(first)
    assert sum(name.endswith("LICENSE") for name in names) == 2
    assert not [name for name in names if "event_handler" in name or name.endswith(".pyc")]


def test_a_shared_module_lies_where_its_importers_look_for_it() -> None:
    """Under its own path, with the packages around it and without what else they hold."""
    archive = Archive.of_package(FUNCTION, also=[ROOT / "modules" / "ml_operations" / "layout.py"])
    names = [name for name in _names(archive) if name.startswith("modules/ml_operations/")]
    assert names == ["modules/ml_operations/__init__.py", "modules/ml_operations/layout.py"]


def test_a_function_with_powertools_says_whose_logs_and_metrics_they_are() -> None:
    """By environment variables, which a function without Powertools has not."""

    def variables(libraries: tuple[Library, ...]) -> object:
        def build(scope: TestStack) -> None:
            Function(
                scope,
                "promote",
                naming=NAMING,
                what="promote",
                source=Archive.of_package(FUNCTION, libraries=libraries),
                handler="main.handler",
                key_arn="arn:aws:kms:eu-west-1:222222222222:key/1",
                boundary_arn="arn:aws:iam::222222222222:policy/b",
                retention_days=365,
                statements=[],
            )

        return render(build).one("aws_lambda_function").get("environment")

    expected = {"POWERTOOLS_SERVICE_NAME": "promote", "POWERTOOLS_METRICS_NAMESPACE": METRICS_NAMESPACE}
    assert variables(TELEMETRY) == {"variables": expected}
    assert variables(()) is None


@pytest.mark.e2e
def test_a_handler_logs_and_counts_from_its_archive_alone(tmp_path: Path) -> None:
    """In a Python that has the archive and what Lambda brings: JSON lines with the times that Lambda reads, and EMF."""
    libraries = {path: content for library in TELEMETRY for path, content in library.files().items()}
    (tmp_path / "promote.zip").write_bytes(Archive.of_files({**libraries, "main.py": HANDLER.encode()}).content)
    runtime = tmp_path / "runtime"
    runtime.mkdir()
    for package in RUNTIME:
        spec = util.find_spec(package)
        assert spec is not None, package
        assert spec.origin is not None, package
        found = Path(spec.origin)
        found = found.parent if found.name == "__init__.py" else found
        (runtime / found.name).symlink_to(found)
    (tmp_path / "lambda.py").write_text(LAMBDA)
    done = subprocess.run(
        [sys.executable, "-I", "-S", tmp_path / "lambda.py", tmp_path / "promote.zip", runtime],
        capture_output=True,
        text=True,
        check=False,
        env={"POWERTOOLS_SERVICE_NAME": "promote", "POWERTOOLS_METRICS_NAMESPACE": METRICS_NAMESPACE},
    )
    assert done.returncode == 0, done.stderr
    told, counted = (json.loads(line) for line in done.stdout.splitlines())
    assert (told["message"], told["version"], told["level"]) == ("promoted", 7, "INFO")
    assert told["function_request_id"] == "r-1"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d", told["timestamp"])
    assert (counted["Promoted"], counted["service"]) == ([1.0], "promote")
    assert counted["_aws"]["CloudWatchMetrics"][0]["Namespace"] == METRICS_NAMESPACE
