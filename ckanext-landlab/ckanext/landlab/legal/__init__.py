"""Notices, responsibilities, attribution and the release check."""
