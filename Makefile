# Two commands are enough on a fresh clone: `make demo` to see it, `make test` to check it.
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: help demo run test check format screenshots share snapshots bench clean

help: ## What there is to make
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "mailtui needs Python 3.11 or newer, and '$(PYTHON)' is not: install it (Debian: apt-get install python3) or run make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
	  echo "Python's venv module is missing: install it (Debian: apt-get install python3-venv) and run make again" >&2; exit 1; }
	@echo "Setting up $(VENV) (once) ..."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

demo: $(READY) ## Open the screens on a sample company, with mail servers of its own
	@$(BIN)/mailtui demo

run: $(READY) ## Open the screens on your own company
	@$(BIN)/mailtui

# Two more than there are processors: many tests wait for a server, a clock or another process.
test: check ## Check everything and run all tests
	@$(BIN)/python -m pytest -n $$($(BIN)/python -c 'import os; print((os.cpu_count() or 1) + 2)') --dist loadgroup -q

check: $(READY) ## Lint, format, types, layers
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo 2>/dev/null || $(BIN)/lint-imports

format: $(READY) ## Put the code in order
	@$(BIN)/ruff check --fix --quiet .
	@$(BIN)/ruff format --quiet .

screenshots: $(READY) ## Draw the pictures of screenshots/ from the demo
	@$(BIN)/python -m tests.pictures screenshots

share: $(READY) ## Write the manual pages and the completions of shells from the help
	@$(BIN)/python -m tests.shared_data share

snapshots: $(READY) ## Accept the screens as they now are, after looking at them
	@$(BIN)/python -m pytest -q -n auto tests/tui --snapshot-update

bench: $(READY) ## Print the speed figures
	@kept=0; for part in startup bytes outbox size; do $(BIN)/python bench/$$part.py || kept=1; done; exit $$kept

clean: ## Remove what make made
	rm -rf $(VENV) dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
