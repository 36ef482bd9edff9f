"""Public boards: pages and data out of the published files, without a question to the database; and their switches."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from competitions.marking import published
from competitions.marking.domain.boards import TO, turn_board
from competitions.marking.forms import BoardForm
from competitions.marking.published import Published
from competitions.marking.views.setup import OfMarkingPage
from portal.web.ui import Crumb, PageContext
from portal.web.views import ActionView, FormView, PageView

KEEP = 3  # seconds in which a reader, or a proxy for thousands of them, need not ask again
DONE = {
    "freeze": _("榜单已封存，停在现在的名次。"),
    "reveal": _("最终榜单已揭晓。"),
    "hide": _("榜单已撤下，公众不再能看到。"),
}


class BoardShow(OfMarkingPage, FormView):
    policy_action = "marking.board"
    form_class = BoardForm
    title = _("公开榜单")
    submit_label = _("公开榜单")
    intro = _("公开后任何人都能看到：名次、姓名（隐去一个字）、工会和得分。只计已复核的小项。")

    def perform(self, form: Any) -> HttpResponse:
        turn_board(actor=self.actor, marking=self.object, step="show", now=self.now, **form.cleaned_data)
        return self.done(_("榜单已公开，小项复核后自动更新。"), self.object.get_absolute_url())


class BoardTurn(OfMarkingPage, ActionView):
    """Freeze, reveal, hide."""

    policy_action = "marking.board"

    def perform(self) -> HttpResponse:
        step = self.kwargs["step"]
        if step not in TO or step == "show":
            raise Http404
        turn_board(actor=self.actor, marking=self.object, step=step, now=self.now)
        return self.done(DONE[step], self.object.get_absolute_url())


def data_response(request: HttpRequest, found: Published | None) -> HttpResponse:
    """The bytes as published, or 304 to who has them."""
    if found is None:
        raise Http404
    response = get_conditional_response(request, etag=found.etag)
    if response is None:
        response = HttpResponse(found.content, content_type="application/json; charset=utf-8")
    response["ETag"], response["Cache-Control"] = found.etag, f"public, max-age={KEEP}"
    return response


class BoardData(PageView):
    public = True

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return data_response(request, published.read(kwargs["pk"]))


class UnionsData(PageView):
    public = True

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return data_response(request, published.read(published.UNIONS))


class BoardIndex(PageView):
    """All boards, and the table of unions."""

    public = True
    layout = "public"
    template_name = "competitions/board_index.html"
    title = _("竞赛榜单")
    subtitle = _("正在进行和刚刚结束的技能竞赛名次，以及各区、局、集团公司工会的成绩。")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        index, unions = published.read(published.INDEX), published.read(published.UNIONS)
        return self.render(boards=index.data["boards"] if index else [], unions=unions.data["unions"] if unions else [])


class BoardPage(PageView):
    public = True
    layout = "public"
    template_name = "competitions/board.html"
    every, lines = 5, 0

    @property
    def found(self) -> Published:
        found = published.read(self.kwargs["pk"])
        if found is None:
            raise Http404
        return found

    def page(self) -> PageContext:
        return PageContext(title=self.found.data["title"], crumbs=[Crumb(_("竞赛榜单"), "/public/boards/")])

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        found = self.found
        return self.render(
            board=found.data, etag=found.etag, every=self.every, lines=self.lines,
            updated_at=parse_datetime(found.data["updated_at"]),
        )  # fmt: skip


class BoardWall(BoardPage):
    """The same for a big screen: large, ten lines at once, one after the other."""

    layout = "print"
    template_name = "competitions/board_wall.html"
    every, lines = 5, 10
