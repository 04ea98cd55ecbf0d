# make run    the program on a fresh copy of the example offers
# make test   everything that has to hold: style, types, layers, tests
# make test-all   the same with the slow tests
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Bytecode is written whatever the environment says: every program that a test starts would compile all anew.
PYTEST := PYTHONDONTWRITEBYTECODE= $(BIN)/pytest -n auto --dist loadgroup
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check
LOCK := UV_CUSTOM_COMPILE_COMMAND="make locks" $(BIN)/uv pip compile --quiet --universal --generate-hashes \
  --python-version 3.11 --no-emit-index-url --no-emit-find-links --no-annotate $(UPGRADE) pyproject.toml

.PHONY: run install test test-all lint format types layers tests tests-all snapshots screenshots docs bench wheel locks clean

run: $(VENV)/.run
	$(BIN)/vitrina demo

install: $(VENV)/.run

test: lint types layers tests

test-all: lint types layers tests-all

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev
	$(BIN)/mypy

layers: $(VENV)/.dev
	$(BIN)/lint-imports

tests: $(VENV)/.dev
	HYPOTHESIS_PROFILE=few $(PYTEST) -m "not slow"

tests-all: $(VENV)/.dev
	$(PYTEST)

snapshots: $(VENV)/.dev
	VITRINA_UPDATE=1 $(PYTEST) --snapshot-update

screenshots: $(VENV)/.dev
	$(BIN)/python -m tests.screenshots

docs: $(VENV)/.dev
	$(BIN)/python -m tests.lifecycle_page

bench: $(VENV)/.dev
	$(BIN)/python -m benchmarks

format: $(VENV)/.dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

wheel: $(VENV)/.dev
	$(PIP) wheel --no-deps --no-build-isolation --wheel-dir dist .

clean:
	rm -rf $(VENV) dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

# The versions that were tested together, for every Python and platform; UPGRADE=--upgrade takes new ones.
locks: $(VENV)/bin/python
	$(PIP) install 'uv>=0.13,<0.14'
	$(LOCK) --group build --output-file requirements.lock
	$(LOCK) --group dev --constraints requirements.lock --output-file requirements-dev.lock

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "vitrina needs Python 3.11 or later: make PYTHON=python3.12 run"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	  { echo "$(PYTHON) cannot make a virtual environment. On Debian and Ubuntu the package" \
	    "$(notdir $(PYTHON))-venv brings what it needs: apt install $(notdir $(PYTHON))-venv"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: $(VENV)/bin/python pyproject.toml requirements.lock
	$(PIP) install --require-hashes -r requirements.lock
	$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: $(VENV)/bin/python pyproject.toml requirements-dev.lock
	$(PIP) install --require-hashes -r requirements-dev.lock
	$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@ $(VENV)/.run
