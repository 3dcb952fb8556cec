"""Records and graphs: how a dataset is said in DCAT-AP.de, and read back from it."""
