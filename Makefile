# Every target sets up what it needs; nothing but Python 3.11 or later and make has to be there.
# PYTHON names the interpreter to build .venv from; JOBS is how many test processes run at once.

JOBS ?= 2
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.DEFAULT_GOAL := help
.PHONY: help demo test quick check types lint bless bench fuzz suite modules clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(VENV)/test.stamp ## Rewrite a module built by rustc, then prove that it behaves the same
	@$(BIN)/python tools/demo.py

test: $(VENV)/test.stamp ## Run all tests
	$(BIN)/python -m pytest -n $(JOBS)

quick: lint $(VENV)/test.stamp ## Style, and the tests of what you changed: while you work
	$(BIN)/python tools/quick.py --jobs $(JOBS)

check: lint types $(VENV)/test.stamp ## Style, types and the fast tests: before every commit
	$(BIN)/python -m pytest -n $(JOBS) -m "not slow and not fuzz" -q

lint: $(VENV)/dev.stamp
	$(BIN)/ruff check .

types: $(VENV)/dev.stamp
	$(BIN)/mypy

bless: $(VENV)/test.stamp ## Rewrite the expectations of golden tests; review the difference
	$(BIN)/python -m pytest --bless -q -m "not slow and not fuzz"

bench: $(VENV)/test.stamp ## Measure, against peers where they are installed
	$(BIN)/python tools/bench

fuzz: $(VENV)/test.stamp ## Search for failures until interrupted
	WASMREWRITE_PROFILE=fuzz $(BIN)/python -m pytest -n $(JOBS) -m fuzz

suite: $(VENV)/test.stamp ## Convert the official test suite in $WASM_SPEC_TESTSUITE for tests/spec
	$(BIN)/python tools/split_suite.py

modules: $(VENV)/test.stamp ## Fetch large real modules (needs npm) for measurements and wide round trips
	$(BIN)/python tools/fetch_modules.py

clean: ## Remove what the targets made
	rm -rf $(VENV) .cache build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(VENV)/test.stamp: pyproject.toml
	@tools/make_venv.sh $(VENV) "$(PYTHON)"
	@echo "installing wasmrewrite and its test tools into $(VENV)"
	@$(PIP) --editable '.[test]'
	@touch $@

$(VENV)/dev.stamp: $(VENV)/test.stamp
	@$(PIP) --editable '.[dev]'
	@touch $@
