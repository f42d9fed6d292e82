# Two commands matter: `make demo` shows cinefile working, `make test` proves it.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check -q
ARGS   ?=

.PHONY: demo setup test test-core check docs bench figures starter clean

demo: setup  ## a short tour of the starter catalogue, then the page at http://127.0.0.1:8000
	@$(BIN)/cinefile demo $(ARGS)

setup: $(VENV)/.core  ## the core install, nothing else

$(VENV)/bin/python:
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.core: pyproject.toml | $(VENV)/bin/python
	@echo "Installing cinefile into $(VENV) …"
	@$(PIP) install -e . && touch $@

# Torch is pinned here, and only here, so that the machine's CPU build is used where there is one.
$(VENV)/.full: pyproject.toml | $(VENV)/bin/python
	@echo "Installing everything the full test suite needs …"
	@$(PIP) install torch==2.13.0 && $(PIP) install -e ".[train,spark,dev]" && touch $@ $(VENV)/.core

test: $(VENV)/.full check  ## lint, types, import rules and every test
	$(BIN)/python -m pytest $(ARGS)

check: $(VENV)/.full
	$(BIN)/ruff check . && $(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test-core:  ## the core install stands alone: a fresh environment without the extras
	@$(PYTHON) -m venv .venv-core && .venv-core/bin/python -m pip --disable-pip-version-check -q install -e . pytest hypothesis
	.venv-core/bin/python -m pytest -m "not train and not spark and not browser" $(ARGS)

docs: $(VENV)/.full  ## the documentation site, in artefacts/site; a broken link or anchor is an error
	NO_MKDOCS_2_WARNING=1 PYTHONPATH=src $(BIN)/mkdocs build --strict

bench: $(VENV)/.full  ## regenerate benchmarks/results (ARGS=--full for the long ones)
	$(BIN)/python -m benchmarks $(ARGS)

figures: $(VENV)/.full  ## put the figures of benchmarks/results into README and docs
	$(BIN)/python -m benchmarks._figures --write

starter: $(VENV)/.core  ## rebuild the starter catalogue from the public data sets (DATA=folder)
	$(BIN)/python -m cinefile.starter.catalogue "$(DATA)"
	$(BIN)/cinefile ingest $(addprefix "$(DATA)"/,movielens/ml-latest-small the-movies-dataset tmdb-5000 tmdb-api) --db artefacts/texts.duckdb
	$(BIN)/cinefile train similar --db src/cinefile/starter/starter.duckdb --texts artefacts/texts.duckdb

clean:
	rm -rf $(VENV) .venv-core build dist artefacts
