"""This bench needs CKAN."""

from bench_site import pytest_configure, pytest_unconfigure, reset_db  # noqa: F401 for pytest
