"""安康杯: all this pillar adds to the engine."""

from portal.lifecycle.engine.registry import Pillar
from safety.guards import GUARDS

PILLAR = Pillar(code="safety", title="安康杯", guards=GUARDS)
