"""The desk's home and the search over everything."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from portal.accounts.enums import Role
from portal.core.policies import may
from portal.lifecycle.worklist.aside import running_cycles
from portal.lifecycle.worklist.queries import WorkList, todo_count, work_of
from portal.lifecycle.worklist.search import search
from portal.web.formats import cn_weekday
from portal.web.tables import BulkButton
from portal.web.ui import PageContext, Tab
from portal.web.views import FragmentView, PageView


class Home(PageView):
    """工作台: what waits for me, grouped by deadline; experts go to their own desk."""

    policy_action = "worklist.view"
    template_name = "lifecycle/worklist_home.html"
    fragment_name = "lifecycle/_worklist.html"
    title = _("工作台")

    def get(self, request: HttpRequest) -> HttpResponse:
        if self.actor.role == Role.EXPERT and not any(k.count for k in self.work.kinds if k.source.for_experts):
            return self.redirect("/review/")
        return self.render()

    @cached_property
    def text(self) -> str:
        return self.request.GET.get("q", "").strip()[:100]

    @cached_property
    def work(self) -> WorkList:
        return work_of(self.actor, now=self.now, search=self.text, kind=self.request.GET.get("kind", ""))

    def page(self) -> PageContext:
        total = self.work.total
        subtitle = _("%(day)s，待办 %(n)s 项") if total else _("%(day)s，没有待办事项")
        return PageContext(title=self.title, subtitle=subtitle % {"day": cn_weekday(self.now), "n": total})

    def context(self) -> dict[str, Any]:
        context: dict[str, Any] = {"work": self.work, "text": self.text, "tabs": self.kind_tabs(), "bulk": self.bulk()}
        if not self.wants_fragment:
            context["cycles"] = running_cycles(self.actor, now=self.now)
        return context

    def kind_tabs(self) -> list[Tab]:
        """全部, and one for each kind of work that has any."""
        if len(self.work.kinds) < 2 and self.work.chosen is None:
            return []
        chosen = self.work.chosen
        tabs = [Tab(_("全部"), self._address(""), chosen is None, self.work.total)]
        return tabs + [
            Tab(k.source.title, self._address(k.source.key), k.source is chosen, k.count) for k in self.work.kinds
        ]

    def _address(self, kind: str) -> str:
        pairs = {key: value for key, value in (("kind", kind), ("q", self.text)) if value}
        return f"{self.request.path}?{urlencode(pairs)}" if pairs else self.request.path

    def bulk(self) -> list[BulkButton]:
        """Acts on several lines at once, when one kind of work is shown (or is the only one)."""
        source = self.work.chosen
        if source is None and len(self.work.kinds) == 1:
            source = self.work.kinds[0].source
        if source is None:
            return []
        return [
            BulkButton(b.label, reverse(b.url_name), b.icon, b.kind)
            for b in source.bulk
            if not b.policy_action or may(self.actor, b.policy_action)
        ]


class Count(FragmentView):
    """The figure beside 待办 at the top of every page, fetched by the page when nobody counted lately."""

    policy_action = "worklist.view"
    fragment_name = "layouts/_todo.html"

    def context(self) -> dict[str, Any]:
        return {"count": todo_count(self.actor, now=self.now)}


class Search(PageView):
    """全站搜索: entries, cycles, honours, notices and organisations of the desk's scope."""

    policy_action = "worklist.search"
    template_name = "lifecycle/worklist_search.html"
    title = _("搜索")

    def get(self, request: HttpRequest) -> HttpResponse:
        text = request.GET.get("q", "").strip()[:100]
        return self.render(text=text, results=search(text, actor=self.actor, now=self.now))
