"""Sample data: invented bodies of the Upper Rhine, their records, files and users."""
