"""劳动和技能竞赛: all this pillar adds to the engine."""

from competitions.challenges.sheets import CHALLENGES, RESULTS, TOPICS
from competitions.contests.panels import HONOUR
from competitions.contests.sheets import CONTESTS, PROMOTIONS
from competitions.exchange.sheets import CASES as EXCHANGE_CASES
from competitions.exchange.sheets import DUTIES as EXCHANGE_DUTIES
from competitions.exchange.sheets import EFFECTS as EXCHANGE_EFFECTS
from competitions.exchange.sheets import EVENTS as EXCHANGE_EVENTS
from competitions.filings.sheets import FILINGS, FORMS, FUNDS
from competitions.green.panels import PROPOSAL
from competitions.green.sheets import GROUPS as GREEN_GROUPS
from competitions.green.sheets import SUGGESTIONS as GREEN_SUGGESTIONS
from competitions.growth.sheets import DRILLS, MENTORSHIPS
from competitions.labels.sheets import LABELS, RATINGS, RECHECKS
from competitions.learning.sheets import COMPLETIONS, RESOURCES, TRAINING
from competitions.nonpublic.panels import POOL_PANEL
from competitions.nonpublic.sheets import ASSESSMENTS, BENEFITS, COVERAGE, POOL, WEAK
from competitions.projects.panels import PROJECT
from competitions.projects.sheets import CARE, PROJECTS
from competitions.rosters.sheets import PARTICIPATION
from portal.lifecycle.engine.registry import Pillar

PILLAR = Pillar(
    code="competitions",
    title="劳动和技能竞赛",
    panels=(PROJECT, POOL_PANEL, PROPOSAL, HONOUR),
    sheets=(
        CONTESTS,
        PROMOTIONS,
        FILINGS,
        FUNDS,
        FORMS,
        TOPICS,
        RESULTS,
        CHALLENGES,
        PROJECTS,
        CARE,
        GREEN_GROUPS,
        GREEN_SUGGESTIONS,
        MENTORSHIPS,
        DRILLS,
        LABELS,
        RECHECKS,
        RATINGS,
        COVERAGE,
        POOL,
        BENEFITS,
        WEAK,
        ASSESSMENTS,
        RESOURCES,
        COMPLETIONS,
        TRAINING,
        EXCHANGE_CASES,
        EXCHANGE_EVENTS,
        EXCHANGE_EFFECTS,
        EXCHANGE_DUTIES,
        PARTICIPATION,
    ),
)
