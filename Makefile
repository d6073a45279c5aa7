# `make help` lists what there is. Everything is made in this directory: .venv, .envs, node_modules, .make, .cache.
# A stamp lies inside what it stands for (.venv/.installed), so that deleting the thing deletes the stamp.

PYTHON ?= python3
ARGS ?=
# Tests at once: they wait for servers and jobs more than they compute.
JOBS ?= 4

SHELL := /bin/bash
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:

export PATH := $(CURDIR)/.venv/bin:$(PATH)
# The bundle is built by its own rule below, never in passing by pip.
export HATCH_JUPYTER_BUILDER_SKIP_NPM := 1
export SMEXT_SDK3_PYTHON := $(CURDIR)/.envs/sdk3/bin/python
export SMEXT_SDK2_PYTHON := $(CURDIR)/.envs/sdk2/bin/python

step := @scripts/step
sources := $(shell find src style schema -type f -not -path '*/__tests__/*')
frontend_config := package.json scripts/licences.config.js tsconfig.json install.json

venv := .venv/bin/python
installed := .venv/.installed
node := node_modules/.yarn-state.yml
ui_node := ui-tests/node_modules/.yarn-state.yml
types42 := types42/node_modules/.yarn-state.yml
bundle := smext/labextension/package.json
linked := .venv/.linked
sdk_envs := .envs/sdk3/.installed .envs/sdk2/.installed
# Folders of tests that ARGS names; only those of tests/sdk need the SDKs (1.3 GB).
named := $(filter tests/%,$(ARGS))
sdk_envs_of_tests := $(if $(named),$(if $(filter tests/sdk%,$(named)),$(sdk_envs)),$(sdk_envs))

checks := check-ruff check-ruff-format check-mypy check-imports check-types check-eslint check-prettier check-stylelint \
  check-tsc check-tsc-4.2 check-jest check-pytest check-ui

.PHONY: help setup build demo test bench lint format texts clean clean-all lock sdk-envs generate $(checks)

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: $(installed) $(node) ## the virtual environment and the frontend's packages

build: $(linked) ## the frontend, linked into the virtual environment

demo: build ## a sandbox account and a JupyterLab on it (ARGS="--scene busy --port 8899")
	smext demo $(ARGS)

test: ## everything; one part of it: make check-pytest ARGS="-k notebook"
	@rm -f .make/steps.tsv
	@status=0; $(MAKE) --no-print-directory -k $(checks) || status=$$?; scripts/summary || status=1; exit $$status

bench: build ## the figures, as ratios in one run, into bench-results/
	$(step) bench python -m benchmarks $(ARGS)

lint: check-ruff check-ruff-format check-mypy check-imports check-eslint check-prettier check-stylelint ## look only

format: $(installed) $(node) ## mend what the formatters can mend
	ruff check --fix
	ruff format
	jlpm lint

texts: ## every text that a user can see, with its place (ARGS=src/panel)
	@python3 scripts/texts.py $(ARGS)

generate: $(installed) $(node) ## src/generated.ts from smext/api, and the keywords of smext.run from the launch options
	jlpm generate

sdk-envs: $(sdk_envs) ## one environment with SageMaker SDK 3, one with 2 (1.3 GB)

lock: $(venv) ## pin anew what setup and sdk-envs install
	scripts/lock

clean: ## what was built
	rm -rf .cache .make .mypy_cache .pytest_cache .ruff_cache bench-results build coverage dist lib smext/labextension \
	  tsconfig.tsbuildinfo ui-tests/playwright-report ui-tests/test-results

clean-all: clean ## and what was installed
	rm -rf .envs .venv .yarn node_modules {types42,ui-tests}/node_modules {types42,ui-tests}/.yarn

# --- what the rest stands on ---

$(venv):
	$(step) venv scripts/new-venv $(PYTHON) .venv
	@command -v uv >/dev/null || $(venv) -m pip install --quiet --disable-pip-version-check uv \
	  || echo 'uv could not be installed: going on with pip, which takes longer.'

# An editable install copies the frontend as it is now; the link below takes its place.
$(installed): pyproject.toml constraints/dev.txt | $(venv)
	@mkdir -p smext/labextension && rm -rf .venv/share/jupyter/labextensions/smext .venv/.linked
	$(step) python-packages scripts/pip-install $(venv) --constraint constraints/dev.txt --editable '.[test]'
	@touch $@

$(node): package.json yarn.lock .yarnrc.yml | $(installed)
	@scripts/check-node
	$(step) node-packages jlpm install --immutable
	@touch $@

$(ui_node): ui-tests/package.json ui-tests/yarn.lock ui-tests/.yarnrc.yml | $(installed)
	@scripts/check-node
	$(step) ui-test-packages bash -c 'cd ui-tests && jlpm install --immutable'
	@touch $@

$(types42): types42/package.json types42/yarn.lock types42/.yarnrc.yml | $(installed)
	@scripts/check-node
	$(step) types42-packages bash -c 'cd types42 && jlpm install --immutable'
	@touch $@

$(bundle): $(sources) $(frontend_config) $(node)
	$(step) bundle jlpm build:prod
	@touch $@

$(linked): $(bundle) $(installed)
	$(step) link jupyter-builder develop . --overwrite
	@touch $@

.envs/%/.installed: constraints/%.txt | $(venv)
	$(step) $*-venv scripts/new-venv $(venv) .envs/$*
	$(step) $*-packages scripts/pip-install .envs/$*/bin/python --requirement $<
	@touch $@

# --- the checks ---

check-ruff: $(installed)
	$(step) ruff ruff check

check-ruff-format: $(installed)
	$(step) ruff-format ruff format --check

check-mypy: $(installed)
	$(step) mypy mypy

check-imports: $(installed)
	$(step) imports lint-imports --cache-dir .cache/import-linter

check-types: $(installed) $(node)
	$(step) generated-types python scripts/generate_types.py --check
	$(step) generated-options python scripts/generate_options.py --check

check-eslint: $(node) $(ui_node)
	$(step) eslint jlpm eslint:check

check-prettier: $(node)
	$(step) prettier jlpm prettier:check

check-stylelint: $(node)
	$(step) stylelint jlpm stylelint:check

check-tsc: $(node) $(ui_node)
	$(step) tsc bash -c 'jlpm tsc --noEmit --project tsconfig.test.json && jlpm tsc --noEmit --project ui-tests'

check-tsc-4.2: $(types42) $(node)
	$(step) tsc-jupyterlab-4.2 bash -c 'cd types42 && jlpm check'

check-jest: $(node)
	$(step) jest jlpm test $(ARGS)

check-pytest: $(linked) $(sdk_envs_of_tests)
	$(step) pytest pytest --numprocesses $(JOBS) --dist worksteal --durations=10 --durations-min=5 $(ARGS)

check-ui: $(linked) $(ui_node)
	$(step) ui-tests bash -c 'SMEXT_CHROMIUM=$$(scripts/chromium) && export SMEXT_CHROMIUM && cd ui-tests && jlpm test $(ARGS)'
