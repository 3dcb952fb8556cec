"""Pages and endpoints: every sub-module's `__all__` names its blueprints."""
