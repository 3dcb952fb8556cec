"""Harvesting: catalogues of others, fetched, compared, taken in, and watched while it goes on."""
