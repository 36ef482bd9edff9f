"""荣誉: all this pillar adds to the engine."""

from awards.guards import GUARDS
from awards.register.sheets import HONOURS
from portal.lifecycle.engine.registry import Pillar

PILLAR = Pillar(code="awards", title="荣誉", guards=GUARDS, sheets=(HONOURS,))
