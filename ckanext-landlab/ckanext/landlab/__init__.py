"""A municipal open-data catalogue on CKAN; docs/architecture.md is the map of the house."""
