"""劳动和技能竞赛: all this pillar adds to the engine."""

from competitions.nonpublic.panels import POOL_PANEL
from competitions.nonpublic.sheets import BENEFITS, COVERAGE, POOL
from competitions.projects.panels import PROJECT
from competitions.projects.sheets import CARE, PROJECTS
from competitions.rosters.sheets import PARTICIPATION
from portal.lifecycle.engine.registry import Pillar

PILLAR = Pillar(
    code="competitions",
    title="劳动和技能竞赛",
    panels=(PROJECT, POOL_PANEL),
    sheets=(PROJECTS, CARE, COVERAGE, POOL, BENEFITS, PARTICIPATION),
)
