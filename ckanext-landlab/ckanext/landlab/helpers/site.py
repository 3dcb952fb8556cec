"""What the site says of itself."""

from __future__ import annotations

from ckanext.landlab import config

__all__ = ["landlab_publisher_name"]


def landlab_publisher_name() -> str:
    """The body that publishes the catalogue."""
    return config.publisher_name()
