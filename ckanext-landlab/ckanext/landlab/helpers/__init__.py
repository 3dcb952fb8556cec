"""What templates may call: every sub-module's `__all__`, prefixed `landlab_`."""
