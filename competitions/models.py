"""No models of its own yet: its programmes are data of the engine."""
