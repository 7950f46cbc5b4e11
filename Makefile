# Two commands on a fresh machine: `make run` and `make test`. README.md has the way without make.
.DEFAULT_GOAL := help
.PHONY: help run test check bench fuzz soak screenshot snapshots format clean
SHELL := /bin/sh

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Tools find the environment's own node (24) first: the machine needs none.
export PATH := $(CURDIR)/$(BIN):$(PATH)

help:  ## say what there is
	@sed -n 's/^\([a-z]*\):.*## /  make \1	/p' Makefile

run: $(VENV)/.run  ## start the server on 127.0.0.1 and open the page
	@$(BIN)/blameflow run $(ARGS)

test: $(VENV)/.dev  ## run every test (BROWSER_TESTS=skip without Chromium; ARGS=tests/engine for some)
	$(BIN)/python tests/browser/chromium.py
	$(BIN)/python tests/browser/nginx.py
	$(BIN)/node --test "tests/js/**/*.test.js"
ifdef ARGS
	$(BIN)/python -m pytest $(ARGS)
else
	$(BIN)/python -m pytest -n auto --dist worksteal -m "not browser"
	$(BIN)/python -m pytest -n auto --dist worksteal -m browser
endif

check: $(VENV)/.dev node_modules/.package-lock.json  ## format, lint, types, import rules, CSS and HTML
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports
	node_modules/.bin/tsc --project jsconfig.json
	node_modules/.bin/stylelint "static/css/**/*.css"
	$(BIN)/python -m tests.rendered_pages .cache/pages
	node_modules/.bin/html-validate --config .htmlvalidate.json .cache/pages

bench: $(VENV)/.dev  ## every benchmark, as ratios of both sides measured in one run
	$(BIN)/python -m benchmarks $(ARGS)

fuzz: $(VENV)/.dev  ## random and coverage-guided input for all that is read from outside (SECONDS=60 for each reader)
	-$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --group fuzz
	$(BIN)/python -m fuzz --seconds $(or $(SECONDS),60) $(ARGS)

soak: $(VENV)/.dev  ## everything at once for ten minutes (MINUTES=10), then: is memory where it began?
	$(BIN)/python -m benchmarks.soak --minutes $(or $(MINUTES),10)

screenshot: $(VENV)/.dev  ## make the README's picture and film from the real app
	$(BIN)/python docs/make_screenshot.py

snapshots: $(VENV)/.dev  ## draw the reviewed pictures of tests/snapshots anew; look at what has changed
	SNAPSHOTS=renew $(BIN)/python -m pytest tests/web/test_snapshots.py

format: $(VENV)/.dev  ## let ruff format and fix what it can
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

clean:  ## remove everything that make made
	rm -rf $(VENV) node_modules static/vendor .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

# An environment that is older than what it is made from is brought up to date; else nothing is done.
$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit("Blameflow needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Say make run PYTHON=python3.12, for example.") if sys.version_info < (3, 11) else None'
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "Python's venv module is missing. On Debian or Ubuntu: sudo apt install python3-venv"; exit 1; }

$(VENV)/.run: pyproject.toml constraints.txt package.json package-lock.json hatch_build.py | $(BIN)/python
	@echo "Making the environment in $(VENV)/ (once; a minute or so) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable .
	@$(BIN)/python -c "import hatch_build, sys; sys.exit(hatch_build.main())"
	@touch $@

$(VENV)/.dev: $(VENV)/.run
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --group dev
	@touch $@

node_modules/.package-lock.json: package.json package-lock.json $(VENV)/.dev
	$(BIN)/npm ci --ignore-scripts --no-audit --no-fund
	@touch $@
