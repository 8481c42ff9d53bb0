PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DEMO := demo/movies.duckdb

.PHONY: demo test check format docs bench clean

demo: $(VENV)/installed
	mkdir -p demo
	$(BIN)/movie-reports sample demo/films.zip
	$(BIN)/movie-reports ingest demo/films.zip --database $(DEMO)
	$(BIN)/movie-reports company "Pixar" --metric profit --database $(DEMO)
	$(BIN)/movie-reports company "Pixar" --genres --database $(DEMO)
	$(BIN)/movie-reports genres --year 1995 --database $(DEMO)
	@echo "Now ask yourself: $(BIN)/movie-reports --help"

test: $(VENV)/developing
	$(BIN)/pytest -m "not slow"

check: $(VENV)/developing
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest --cov --cov-report=term:skip-covered

format: $(VENV)/developing
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

docs: $(VENV)/developing
	$(BIN)/python docs/make.py

bench:
	$(PYTHON) benchmarks/compare.py

clean:
	rm -rf $(VENV) .bench demo build dist

$(VENV)/installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --editable .
	touch $@

$(VENV)/developing: $(VENV)/installed
	$(BIN)/pip install --quiet --disable-pip-version-check --upgrade "pip>=25.1"
	$(BIN)/pip install --quiet --disable-pip-version-check --group dev
	touch $@
