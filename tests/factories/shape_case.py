"""A cycle of one programme shape with entries ready for the stage it stands in."""

from __future__ import annotations

from django.utils import timezone

from portal.accounts.scopes import scope_of
from portal.core.scoping import scope, system_scope
from portal.lifecycle.clearance.models import Clearance
from portal.lifecycle.entries.display import display_status
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.entries.queries import entries as entries_of
from portal.lifecycle.programmes.models import CycleStage
from portal.lifecycle.selection import domain
from portal.lifecycle.selection.models import Selection
from tests.factories.entries import make_cycle, make_entry
from tests.factories.shapes import shape


class Case:
    """A cycle of one shape with entries ready for its selection, at the manager's desk."""

    def __init__(self, tree, name, *, state, count=3, stage="selection", **params):
        self.tree = tree
        with system_scope("fixture"):
            self.cycle = make_cycle(tree, shape(name), stage=stage, params=params)
            units = (tree.filer, tree.group_filer)
            self.entries = [make_entry(self.cycle, units[n % 2], state, title=f"第{n + 1}件") for n in range(count)]
            self.stage = CycleStage.objects.select_related("cycle__owner").filter(cycle=self.cycle, kind=stage).first()

    def clear(self, *opinions):
        with system_scope("fixture"):
            for entry, opinion in zip(self.entries, opinions, strict=True):
                Clearance.objects.create(entry=entry, key="check:eligible", title="符合申报条件", opinion=opinion)

    def act(self, function, actor=None, **payload):
        actor = actor or self.tree.manager
        with scope(scope_of(actor)):
            return function(actor=actor, now=timezone.now(), **payload)

    def produce(self):
        return self.act(domain.produce_round, stage_id=self.stage.pk, number=1)

    def approve(self, round_):
        return self.act(domain.approve_round, round_=round_, note="主席办公会审定")

    def rows(self, round_):
        with system_scope("test"):
            found = {s.entry_id: s for s in Selection.objects.filter(round=round_)}
            return [found[entry.pk] for entry in self.entries]

    def outcomes(self, round_):
        return [row.outcome for row in self.rows(round_)]

    def states(self):
        with system_scope("test"):
            return [Entry.objects.get(pk=entry.pk).state for entry in self.entries]

    def fresh(self, number=0):
        with system_scope("test"):
            return Entry.objects.get(pk=self.entries[number].pk)

    def shown(self, actor, number=0):
        """What an entry's situation is called for this desk."""
        with scope(scope_of(actor)):
            entry = entries_of(actor=actor).get(pk=self.entries[number].pk)
            return display_status(entry, actor, timezone.now()).label
