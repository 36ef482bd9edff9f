"""职工创新: all this pillar adds to the engine."""

from innovations.guards import GUARDS
from innovations.studios.sheets import CHECKS, STUDIOS
from portal.lifecycle.engine.registry import Pillar

PILLAR = Pillar(code="innovations", title="职工创新", guards=GUARDS, sheets=(STUDIOS, CHECKS))
