# Everything starts from a fresh clone: `make run`, `make test`. Nothing is written outside this folder.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help setup run test pictures bench lint lock docs clean

EXAMPLE ?= long_bien_2020
ARGS ?=
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.ketnap-ready
# The first Python of 3.11 or newer; PYTHON=… chooses another.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)

export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_CACHE_DIR := $(CURDIR)/var/cache/pip
export PYTHONUTF8 := 1

help: ## Show this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 10

setup: $(STAMP) ## Make .venv and install what requirements.lock names (skipped when unchanged)

$(STAMP): requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed (make setup PYTHON=/path/to/python3)." >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --no-deps --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

run: setup ## Start everything: EXAMPLE=long_bien_2020 (default) or another folder of examples/, EXAMPLE= for an empty office
	@$(BIN)/python -m console.cli up $(if $(strip $(EXAMPLE)),--example $(EXAMPLE),--office var/office) $(ARGS)

test: setup ## Run the tests, a file on each core at a time; ARGS="tests/states -k clock" chooses some
	@$(BIN)/python -m pytest $(or $(ARGS),-n logical --dist loadfile --no-loadscope-reorder)

pictures: setup ## Take the pictures of docs/pictures anew from the real pages
	@KETNAP_PICTURES=docs/pictures $(BIN)/python -m pytest tests/desk/test_jobs.py $(ARGS)

bench: setup ## Measure against the plain libraries (benchmarks/)
	@$(BIN)/python -m benchmarks $(ARGS)

lint: setup ## ruff and mypy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

docs: setup ## Write the generated parts of README.md and docs/
	$(BIN)/python -m console.docs

lock: ## Resolve pyproject.toml anew into requirements.lock (needs the network)
	@test -x var/tools/bin/uv || { $(PYTHON) -m venv var/tools && var/tools/bin/python -m pip install --quiet uv; }
	UV_CACHE_DIR=var/tools/cache var/tools/bin/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url \
		--no-annotate --no-header --python-version 3.11 --extra dev pyproject.toml -o requirements.lock

clean: ## Remove caches and the virtual environment; databases under var/ stay
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis *.egg-info build dist
