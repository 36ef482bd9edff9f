"""荣誉: all this pillar adds to the engine."""

from portal.lifecycle.engine.registry import Pillar

PILLAR = Pillar(code="awards", title="荣誉")
