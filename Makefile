# Five verbs: demo, test, lint, bench, coverage. Each makes .venv first, and again only when pyproject.toml or constraints.txt changed.
PYTHON ?= python3
BIN := .venv/bin
INSTALL := PIP_USER=0 PIP_REQUIRE_VIRTUALENV=0 $(BIN)/python -m pip install --quiet --no-input --disable-pip-version-check -c constraints.txt

.PHONY: demo test lint bench coverage setup golden pictures

demo: .venv/base        ## three projects of an invented company, with their pages
	$(BIN)/salesplaybook demo

test: .venv/dev         ## the whole suite
	$(BIN)/python -m pytest -n 2 --dist worksteal

lint: .venv/dev         ## ruff, mypy, and which room may import which
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: .venv/dev        ## CPU seconds and peak memory of runs on the demo and on 100,000 deals
	@OPENBLAS_NUM_THREADS=1 $(BIN)/python tests/bench.py

coverage: .venv/dev     ## how often the forecast's range holds on simulated quarters (some minutes), and whom the noise verdict accuses
	@OPENBLAS_NUM_THREADS=1 $(BIN)/python tests/coverage.py
	@OPENBLAS_NUM_THREADS=1 $(BIN)/python tests/teams.py

golden: .venv/dev       ## renews the executed notebooks in tests/golden
	$(BIN)/python tests/golden/renew.py

pictures: .venv/dev     ## renews the pictures of docs/tour.md and the README
	PICTURES=docs $(BIN)/python -m pytest -q tests/test_monday.py

setup: .venv/dev        ## all that people who carry on need

.venv/base: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make demo PYTHON=python3.11")'
	@echo "Installing into .venv (a minute or so) ..."
	@$(PYTHON) -m venv .venv
	@$(INSTALL) -e .
	@touch $@

.venv/dev: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make test PYTHON=python3.11")'
	@echo "Installing into .venv, with JupyterLab and what tests need (some minutes) ..."
	@$(PYTHON) -m venv .venv
	@$(INSTALL) -e '.[lab,paper,dev]'
	@touch .venv/base $@
