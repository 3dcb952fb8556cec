"""What can be done, by whom, and what is accepted."""
