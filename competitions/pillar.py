"""劳动和技能竞赛: all this pillar adds to the engine."""

from portal.lifecycle.engine.registry import Pillar

PILLAR = Pillar(code="competitions", title="劳动和技能竞赛")
