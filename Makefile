# The desk from nothing: Python >= 3.11, make and git are all it needs.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 3000
HOST ?= 127.0.0.1
export PORT HOST
export PATH := $(CURDIR)/$(BIN):$(PATH)

# The locks name everything, so nothing is resolved again: a resolving pip looks at newer releases, finds
# no hash for them and stops. What a lock lacks, `pip check` tells.
INSTALL = $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes

# Many tests wait more than they work, so two share the machine; a file keeps to one program and its servers.
TWO_AT_A_TIME := --numprocesses=2 --dist=loadfile

.PHONY: help run serve test test-faults bench soak check
.DEFAULT_GOAL := help

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-11s %s\n", $$1, $$2}'

# A stamp, so that nothing is installed again while the lock is the same.
$(VENV)/installed: requirements.lock
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(INSTALL) -r requirements.lock
	$(BIN)/python -m pip --disable-pip-version-check check
	touch $@

run: $(VENV)/installed ## Serve the demo on http://127.0.0.1:3000 (PORT and HOST change it)
	ESCALATION_DEMO=$${ESCALATION_DEMO:-1} $(BIN)/python -m escalation_app.cli run

serve: $(VENV)/installed ## Serve in production: DATABASE_URL, REDIS_URL, ESCALATION_SECRET_KEY
	$(BIN)/python -m escalation_app.cli serve

test: $(VENV)/installed ## Run all tests, browser tests included
	bash scripts/services.sh
	$(BIN)/python -m pytest -m "not long" $(TWO_AT_A_TIME) --ignore=tests/browser --ignore=tests/faults
	@# Runs of their own: Playwright keeps an event loop running that the async tests can't share.
	$(BIN)/python -m pytest tests/browser -m "not long" $(TWO_AT_A_TIME)
	$(BIN)/python -m pytest tests/faults/browser -m "not long"
	$(BIN)/python -m pytest tests/faults --ignore=tests/faults/browser -m "not long"

test-faults: $(VENV)/installed-for-bench ## Kill, freeze, cut and fill up whatever the desk stands on: half an hour
	bash scripts/services.sh
	$(BIN)/python -m pytest tests/faults --ignore=tests/faults/browser
	$(BIN)/python -m pytest tests/faults/browser

# The peers and what draws the plots, on top of what the desk is tested on.
$(VENV)/installed-for-bench: $(VENV)/installed benchmarks/requirements.lock
	$(INSTALL) -r benchmarks/requirements.lock
	$(BIN)/python -m pip --disable-pip-version-check check
	touch $@

bench: $(VENV)/installed-for-bench ## Measure the desk beside its peers; results into docs/benchmarks/
	bash scripts/services.sh
	$(BIN)/python -m benchmarks

soak: $(VENV)/installed-for-bench ## 500 tabs for 30 minutes; a plot of memory and lag into docs/benchmarks/
	bash scripts/services.sh
	$(BIN)/python -m benchmarks.soak

check: $(VENV)/installed ## Formatting, lint, types, import rules
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
