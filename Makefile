PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test check format docs bench clean

demo: $(VENV)/installed
	$(BIN)/movie-reports sample films.zip
	$(BIN)/movie-reports ingest films.zip
	$(BIN)/movie-reports company "Pixar" --metric profit
	$(BIN)/movie-reports company "Pixar" --genres
	$(BIN)/movie-reports genres --year 1995
	@echo "Now ask yourself: source .venv/bin/activate, then movie-reports --help"

test: $(VENV)/developing
	$(BIN)/pytest -m "not slow and not component" -rs

check: $(VENV)/developing
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	MOVIE_REPORTS_FUZZ=$${MOVIE_REPORTS_FUZZ:-5} $(BIN)/pytest --cov --cov-report=term:skip-covered $(PYTEST)

format: $(VENV)/developing
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

docs: $(VENV)/developing
	$(BIN)/python docs/make.py

bench:
	$(PYTHON) benchmarks/compare.py

clean:
	rm -rf $(VENV) .bench build dist films.zip movies.duckdb

$(VENV)/installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[charts,serve]'
	touch $@

$(VENV)/developing: $(VENV)/installed
	$(BIN)/pip install --quiet --disable-pip-version-check --upgrade "pip>=25.1"
	$(BIN)/pip install --quiet --disable-pip-version-check --group dev
	touch $@
