"""Who may call which action: every sub-module's `__all__`, named as the actions are."""
