"""安康杯: all this pillar adds to the engine."""

from portal.lifecycle.engine.registry import Pillar

PILLAR = Pillar(code="safety", title="安康杯")
