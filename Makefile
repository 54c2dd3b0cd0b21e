# Each target says what it does: `make help`. Python code in launch/ decides what is stale.
.DEFAULT_GOAL := help
.PHONY: help setup prepare run test lint bench eval lock clean
PY := .venv/bin/python

help:  ## list the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup:  ## make both environments (only where stale)
	@python3 -m launch setup

prepare:  ## setup, then encoders, database, index and training (only where stale)
	@python3 -m launch prepare

run:  ## prepare, then start rasa, actions and web; Ctrl-C stops them
	@exec python3 -m launch run

test: prepare lint  ## lint and all tests
	$(PY) -m pytest

lint: setup  ## ruff and mypy strict
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy settings.py support.py launch policy index desk actions web bot benchmarks

bench: prepare  ## speed against baselines, as ratios
	$(PY) -m benchmarks

eval: prepare  ## measure understanding and search; tables and plots in var/eval/report.md
	$(PY) -m benchmarks.evaluate $(EVAL)

lock:  ## compile the pinned and hashed requirement files
	UV_FIND_LINKS=$(PIP_FIND_LINKS) uv pip compile --quiet --generate-hashes --python-version 3.11 --no-emit-package torch --no-emit-package setuptools requirements/modern.in -o requirements/modern.txt
	uv pip compile --quiet --generate-hashes --python-version 3.10 requirements/rasa.in -o requirements/rasa.txt
	UV_FIND_LINKS=$(PIP_FIND_LINKS) uv pip compile --quiet --generate-hashes --python-version 3.11 --no-emit-package torch --no-emit-package setuptools requirements/peers.in -o requirements/peers.txt

clean:  ## remove state and environments
	rm -rf .venv .venv-rasa .tools var
