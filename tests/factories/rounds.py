"""A selection stage with reviewed entries, ready to produce rounds."""

from __future__ import annotations

from django.utils import timezone

from portal.accounts.scopes import scope_of
from portal.core.scoping import scope, system_scope
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.programmes.models import CycleStage
from portal.lifecycle.selection.domain import rounds
from portal.lifecycle.selection.models import Selection
from tests.factories.entries import make_cycle
from tests.factories.review import make_expert, make_panel, make_reviewed


class Case:
    """A selection stage with ``len(shares)`` reviewed entries, marked by five experts each."""

    def __init__(self, tree, shares=(0.95, 0.9, 0.85, 0.8), toml="five-small-top20", **params):
        with system_scope("fixture"):
            self._set_up(tree, shares, toml, params)

    def _set_up(self, tree, shares, toml, params):
        self.tree = tree
        params = {"places": 2, "reserves": 1, "cap_per_nominating": None, "min_score": "60"} | params
        self.cycle = make_cycle(tree, toml, stage="selection", params={"selection": params})
        self.experts = [make_expert(tree) for _ in range(5)]
        self.panel = make_panel(self.cycle, self.experts)
        units = (tree.filer, tree.group_filer)
        self.entries = [
            make_reviewed(self.cycle, units[n % 2], self.panel, self.experts, share) for n, share in enumerate(shares)
        ]
        self.stage = CycleStage.objects.select_related("cycle__owner").get(cycle=self.cycle, kind="selection")

    def produce(self, number=1, actor=None, **options):
        actor = actor or self.tree.manager
        with scope(scope_of(actor)):
            return rounds.produce_round(
                actor=actor, stage_id=self.stage.pk, number=number, now=timezone.now(), **options
            )

    def act(self, function, actor=None, **payload):
        actor = actor or self.tree.manager
        with scope(scope_of(actor)):
            return function(actor=actor, now=timezone.now(), **payload)

    def outcomes(self, round_):
        with system_scope("test"):
            rows = Selection.objects.filter(round=round_).select_related("entry")
            by_code = {row.entry.code: row for row in rows}
            return [by_code[e.code].outcome for e in self.entries]

    def states(self):
        with system_scope("test"):
            return [Entry.objects.get(pk=e.pk).state for e in self.entries]
