# Two commands: `make serve` and `make test`. The README gives the same lines without make.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

.PHONY: serve test test-milvus soak bench check format docs chromium tesseract clean

serve: $(VENV)/installed
	-$(BIN)/pinpoint index seeds  # a file that cannot be read is reported and stops nothing
	$(BIN)/pinpoint serve --open

test: check chromium tesseract
	@$(BIN)/python -m pytest -m milvus > $(VENV)/milvus.log 2>&1 & milvus=$$!; \
	$(BIN)/python -m pytest -n 3 --dist loadfile -m "not milvus"; others=$$?; \
	wait $$milvus; milvus=$$?; cat $(VENV)/milvus.log; \
	test $$others = 0 && test $$milvus = 0

# One process, and so one server, for all of them. `make test` runs them beside the others, as they
# mostly wait for the server.
test-milvus: $(VENV)/installed-dev
	$(BIN)/python -m pytest -m milvus

# Ten minutes of fifty clients; the tests run it for seconds. docs/load.md has the figures.
soak: $(VENV)/installed-dev
	$(BIN)/python -m bench.soak --minutes 10 --clients 50

# The figures of quality, compared with bench/measured.json: make bench DATA=FOLDER
bench: $(VENV)/installed-dev
	$(BIN)/python -m bench --data "$(DATA)"

check: $(VENV)/installed-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

format: $(VENV)/installed-dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# The references are generated; tests fail when they are out of date.
docs: $(VENV)/installed-dev
	$(BIN)/typer ui.cli utils docs --name pinpoint --title "The pinpoint command" --output docs/cli.md
	$(BIN)/python docs/make_python.py > docs/python.md

$(VENV)/installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install -c constraints.txt -e .
	touch $@

$(VENV)/installed-dev: $(VENV)/installed
	$(BIN)/pip install -c constraints.txt -e '.[dev]'
	touch $@

# The browser tests skip themselves, with a message, where there is no Chromium.
# A page takes twice as long in a whole browser, so one that is there is the second choice.
chromium:
	@if command -v chromium-headless-shell; then :; \
	elif command -v apt-get && [ "$$(id -u)" = 0 ] && apt-get update -qq \
	  && apt-get install -y -qq --no-install-recommends chromium-headless-shell; then :; \
	elif command -v chromium || command -v chromium-browser || command -v google-chrome; then :; \
	else echo "no Chromium: the browser tests will be skipped; install it to run them"; fi

# So do the tests of text recognition where there is no tesseract.
tesseract:
	@if command -v tesseract; then :; \
	elif command -v apt-get && [ "$$(id -u)" = 0 ]; then \
	  apt-get update -qq && apt-get install -y -qq --no-install-recommends tesseract-ocr tesseract-ocr-eng; \
	else echo "no tesseract: the tests of text recognition will be skipped; install it to run them"; fi

clean:
	rm -rf $(VENV) .milvus .mypy_cache .pytest_cache .ruff_cache
