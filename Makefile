# `make` alone prints what there is to call.
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --disable-pip-version-check --no-deps --use-pep517
PYTEST := $(BIN)/python -m pytest -rs
PLAIN := -p no:ckan -p no:ckan_fixtures
READY := .venv/.ready
READY_FOR_TESTS := .venv/.ready-for-tests
MESSAGES := $(shell find ckanext-landlab/ckanext/landlab/i18n -name '*.po')

help: ## print this list
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 16

install: $(READY) $(MESSAGES:.po=.mo) ## make the environment in .venv, nothing else

run: install ## start the site; Ctrl-C stops it
	@$(BIN)/landlab up

stop: ## stop the site
	@test ! -x $(BIN)/landlab || $(BIN)/landlab down

test: $(READY_FOR_TESTS) install ## run every test
	@sh tests/run $(PYTEST)

bench: $(READY_FOR_TESTS) install ## measure; never part of the tests
	@$(PYTEST) -s $(PLAIN) tests/bench --ignore=tests/bench/feeds --ignore=tests/bench/harvest --ignore=tests/bench/pages
	@$(PYTEST) -s tests/bench/harvest
	@$(PYTEST) -s tests/bench/feeds
	@$(PYTEST) -s tests/bench/pages

audit: install ## compare the lock files with published weaknesses; says aloud where the web cannot be asked
	@$(BIN)/landlab audit --lock requirements.txt --lock requirements-dev.txt

lint: $(READY_FOR_TESTS) install audit ## style, types, the import rule, and the audit
	$(BIN)/hadolint Dockerfile
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright

image: ## build the image with docker or buildah, as landlab:latest
	@sh config/image/build

test-image: $(READY_FOR_TESTS) install ## build the image and try it on real servers behind nginx (as root; 10 minutes)
	@$(PYTEST) $(PLAIN) tests/image

check-fresh: ## try `make run` and `make test` on a bare Debian 12 (as root; takes half an hour)
	@sh tests/fresh

i18n: install ## compile the messages after a .po file has changed

lock: ## renew requirements.txt and requirements-dev.txt (needs uv)
	uv pip compile -q --universal --python-version 3.10 --generate-hashes --override requirements-override.txt pyproject.toml requirements.in -o requirements.txt
	uv pip compile -q --universal --python-version 3.10 --generate-hashes --override requirements-override.txt requirements-dev.in -o requirements-dev.txt

.venv/bin/python:
	@command -v $(PYTHON) >/dev/null || { echo "Please install the Debian package python3-venv: sudo apt install python3-venv"; exit 1; }
	@$(PYTHON) ckanext-landlab/ckanext/landlab/stack/preflight.py
	@echo "Making a virtual environment in .venv …"
	@$(PYTHON) -m venv .venv

# The .pth file has every Python of this environment find the libmagic that comes as a wheel; CKAN imports it early.
$(READY): requirements.txt pyproject.toml setup.py | .venv/bin/python
	@echo "Installing what requirements.txt lists; this takes some minutes at the first time …"
	@$(PIP) --require-hashes -r requirements.txt
	@$(PIP) --quiet --no-build-isolation --editable .
	@echo "import pylibmagic" >$$($(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/pylibmagic.pth
	@touch $@

$(READY_FOR_TESTS): requirements-dev.txt $(READY)
	@echo "Installing what the tests need …"
	@$(PIP) --require-hashes -r requirements-dev.txt
	@touch $@

%.mo: %.po $(READY)
	@$(BIN)/pybabel --quiet compile --input-file $< --output-file $@

.PHONY: help install run stop test bench audit lint image test-image check-fresh i18n lock
