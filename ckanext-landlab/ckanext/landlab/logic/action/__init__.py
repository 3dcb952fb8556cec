"""Actions: every sub-module's `__all__` is offered through CKAN's API."""
