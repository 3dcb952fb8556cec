"""The web outside, as far as LandLab goes there: one way to fetch, within bounds, and never into the own network."""
