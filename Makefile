# `make` alone prints what there is to call.
.DEFAULT_GOAL := help
PYTHON ?= python3

help: ## print this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 16

i18n: ## compile the messages after a .po file has changed
	.venv/bin/pybabel -q compile --domain ckanext-landlab --directory ckanext-landlab/ckanext/landlab/i18n

lock: ## renew requirements.txt and requirements-dev.txt (needs uv)
	uv pip compile -q --universal --python-version 3.10 --generate-hashes --override requirements-override.txt pyproject.toml requirements.in -o requirements.txt
	uv pip compile -q --universal --python-version 3.10 --generate-hashes --override requirements-override.txt requirements-dev.in -o requirements-dev.txt

.PHONY: help i18n lock
