"""The servers of `make run`: start, wait, supervise, stop."""
