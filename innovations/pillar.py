"""职工创新: all this pillar adds to the engine."""

from innovations.guards import GUARDS
from portal.lifecycle.engine.registry import Pillar

PILLAR = Pillar(code="innovations", title="职工创新", guards=GUARDS)
