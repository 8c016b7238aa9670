PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
SHELL := /bin/bash

.PHONY: setup setup-dev demo test check serve bench cassettes lock clean

setup: .venv/.installed  ## install into .venv

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/.installed: requirements.lock pyproject.toml | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

setup-dev: .venv/.installed-dev

.venv/.installed-dev: requirements-dev.lock .venv/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	touch $@

demo: setup  ## the main job on real data, ending in a report
	$(BIN)/fieldmark demo

test: setup-dev  ## the tests: no network, no model
	$(BIN)/python -m pytest

check: setup-dev  ## lint, types, direction
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/pyright

serve: setup  ## the server on loopback
	$(BIN)/fieldmark serve

bench: setup-dev  ## the benchmarks, into docs/benchmarks.md's terms
	$(BIN)/fieldmark bench all

cassettes: setup-dev  ## record the model's answers again, from FIELDMARK_LLM_BASE_URL
	PYTHONPATH=. $(BIN)/python cassettes/record.py $(RECORD)

lock:  ## resolve the dependencies again (needs uv)
	uv pip compile --universal --generate-hashes --python-version 3.11 --no-header --quiet --extra build pyproject.toml -o requirements.lock
	uv pip compile --universal --generate-hashes --python-version 3.11 --no-header --quiet --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock

clean:
	rm -rf .venv .fieldmark demo
