from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig

# In the order of time; each room may bring policies, audit actions, effects, guards, receivers and jobs.
ROOMS = (
    "engine",
    "programmes",
    "programmes.hosts",
    "entries",
    "entries.eligibility",
    "entries.recusals",
    "recommendation",
    "recommendation.ledger",
    "clearance",
    "clearance.opinions",
    "clearance.departments",
    "similarity",
    "review",
    "review.imported",
    "review.codes",
    "review.checklist",
    "review.visits",
    "review.presentation",
    "review.vote",
    "review.discussion",
    "review.remarking",
    "review.meeting",
    "selection",
    "selection.countersigning",
    "notice",
    "conferral",
    "showcase",
    "editions",
    "workshop",
    "worklist",
    "letters",
    "letters.invitations",
)
PARTS = (
    "audit",
    "policies",
    "effects",
    "guards",
    "stage",
    "provisional",
    "flags",
    "receivers",
    "panels",
    "navigation",
    "sources",
    "sheets",
    "jobs",
)


class LifecycleConfig(AppConfig):
    name = "portal.lifecycle"
    label = "lifecycle"
    verbose_name = "竞赛评选流程"

    def ready(self) -> None:
        for room in ROOMS:
            for part in PARTS:
                module = f"{self.name}.{room}.{part}"
                if find_spec(module):
                    import_module(module)
