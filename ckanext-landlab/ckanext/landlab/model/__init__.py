"""Tables of our own; each is made by a migration under migration/landlab/versions."""
