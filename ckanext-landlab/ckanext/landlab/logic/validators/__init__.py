"""Validators that presets and schemas name: every sub-module's `__all__`."""
