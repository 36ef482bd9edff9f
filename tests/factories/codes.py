"""A contest whose marks stand under codes."""

from __future__ import annotations

from django.utils import timezone

from portal.accounts.enums import Role
from portal.accounts.scopes import scope_of
from portal.core.scoping import scope, system_scope
from portal.lifecycle.programmes.models import CycleStage
from portal.lifecycle.review.codes import domain, marking, queries
from tests.factories.entries import make_cycle
from tests.factories.people import make_actor
from tests.factories.review import make_entry_in_review
from tests.factories.shapes import shape

MARKS = {"theory": "80", "practice": "90"}


def coded_shape(layers=2, code="shape-contest"):
    definition = shape("contest")
    definition["programme"]["code"] = code
    review = next(stage for stage in definition["stages"] if stage["kind"] == "review")
    review["codes"] = {"layers": layers}
    return definition


class Contest:
    """A contest with four entries; officers a and b draw, c records, d confirms."""

    def __init__(self, tree, layers=2, code="shape-contest"):
        self.tree, self.a = tree, tree.manager
        with system_scope("fixture"):
            self.b = make_actor(tree.municipal, Role.CHECKER, "乙保管")
            self.c = make_actor(tree.municipal, Role.MANAGER, "丙录入")
            self.d = make_actor(tree.municipal, Role.CHECKER, "丁复核")
            self.cycle = make_cycle(tree, coded_shape(layers, code), stage="review")
            self.entries = [make_entry_in_review(self.cycle, tree.filer, title=f"选手姓名{n}") for n in range(4)]
            self.stage = CycleStage.objects.select_related("cycle__owner").get(cycle=self.cycle, kind="review")

    def act(self, function, actor, **payload):
        with scope(scope_of(actor)):
            return function(actor=actor, stage=self.stage, now=timezone.now(), **payload)

    def draw_both(self):
        return self.act(domain.draw, self.a, layer=1), self.act(domain.draw, self.b, layer=2)

    def mark(self, code, typed=MARKS, actor=None):
        return self.act(marking.mark, actor or self.c, code=code, typed=typed, absent=False, note="")

    def codes(self):
        with system_scope("test"):
            return queries.last_codes(self.stage)

    def mark_all(self):
        """Recorded by c, confirmed by d."""
        for number, code in enumerate(self.codes()):
            self.mark(code, {"theory": str(60 + number), "practice": "90"})
        self.act(marking.confirm_marks, self.d)

    def content(self, layer):
        with system_scope("test"):
            return queries.content(queries.tables(self.stage)[layer])
