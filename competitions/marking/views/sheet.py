"""The judge's pages: own sub-criteria, the marking page, and the two addresses its script talks to."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_aware
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from competitions.marking import queries, sheet
from competitions.marking.domain import closing
from competitions.marking.domain.entering import BATCH, Entered, Outcome, record_marks, seat_of
from competitions.marking.forms import ReopenForm
from competitions.marking.models import Aspect
from competitions.marking.tables import HistoryFilters, HistoryTable
from portal.core.policies import may
from portal.web.ui import Action, Crumb, PageContext
from portal.web.views import ActionView, FormView, ListView, PageView

# What the marking page is made of (templates/layouts/base.html and marking_sheet.html); a test compares.
KEPT = (
    "vendor/tabler/css/tabler.min.css", "css/tokens.css", "css/base.css", "css/components.css", "css/data.css",
    "css/pages.css", "css/print.css", "css/marking.css", "vendor/htmx/htmx.min.js", "js/app.js", "js/dialogs.js",
    "js/forms.js", "js/tables.js", "js/ranking.js", "js/picker.js", "js/charts.js", "js/marking.js",
)  # fmt: skip
LONGEST = 14  # characters of a typed figure
OVERLAP = dt.timedelta(seconds=30)  # what began before the answer may be committed after it


class OfPart:
    """A page about one sub-criterion."""

    view_action = "marking.view"
    context_name = "part"

    def get_queryset(self) -> Any:
        return queries.parts().filter(**queries.IN_FORCE)

    @cached_property
    def seat(self) -> int | None:
        return seat_of(self.actor, self.object)

    @cached_property
    def aspects(self) -> dict[int, Aspect]:
        return {a.pk: a for a in Aspect.objects.filter(part=self.object)}

    def page_crumbs(self) -> list[Crumb]:
        return [Crumb(str(self.object.scheme.marking), self.object.scheme.marking.get_absolute_url())]

    def get_failure_url(self) -> str:
        return self.object.get_absolute_url()

    def address(self, name: str) -> str:
        return reverse(f"competitions:marking.{name}", kwargs={"pk": self.object.pk})


class MarkingSheet(OfPart, PageView):
    """One aspect, many benches, in landscape on a tablet; no name anywhere."""

    policy_action = "marking.view"
    layout = "focus"
    template_name = "competitions/marking_sheet.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render()

    def page(self) -> PageContext:
        return PageContext(
            title=str(self.object), badge=self.object.badge, crumbs=self.page_crumbs(), actions=self.page_actions()
        )

    def page_actions(self) -> list[Action]:
        part = self.object
        lock = _("锁定后不能再评。确定锁定？")
        sure = _("确认已逐项核对，本小项评分无误？复核后不能再评。")
        possible = (
            ("confirm", Action(_("复核"), self.address("confirm"), icon="checks", kind="primary", post=True, confirm=sure)),
            ("lock", Action(_("锁定"), self.address("lock"), icon="lock", kind="primary", post=True, confirm=lock)),
            ("reopen", Action(_("退回重评"), self.address("reopen"), icon="arrow-back-up", kind="secondary")),
        )  # fmt: skip
        return [action for name, action in possible if may(self.actor, f"marking.{name}", part)]

    def context(self) -> dict[str, Any]:
        part, decision = self.object, may(self.actor, "marking.score", self.object)
        benches = [sheet.bench_data(b) for b in queries.benches_of(part.scheme.marking_id)]
        data = {
            "user": self.actor.user_id,
            "part": part.pk,
            "seat": self.seat,
            "aspects": [sheet.aspect_data(a) for a in self.aspects.values()],
            "benches": benches,
            "marks_url": self.address("marks"),
            "worker_url": reverse("competitions:marking.worker"),
            "state": state_of(self, self.request),
        }
        sessions = sorted({b["session"] for b in benches if b["session"]})
        return {"data": data, "decision": decision, "sessions": sessions, "benches": benches}


def state_of(view: OfPart, request: HttpRequest, since: Any = None) -> dict[str, Any]:
    """What the script needs to know now: whether marks are taken, a fresh token, cells."""
    decision = may(view.actor, "marking.score", view.object)
    return {
        "open": bool(decision),
        "reason": decision.message,
        "state": view.object.state,
        "label": str(view.object.get_state_display()),
        "csrf": get_token(request),
        "time": (view.now - OVERLAP).isoformat(),  # the next question begins here
        "cells": sheet.cells_of(view.object, view.aspects, view.seat, since),
    }


class Marks(OfPart, PageView):
    """GET: what is new since a moment. POST: entries of the device, each answered for itself."""

    policy_action = "marking.view"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        since = parse_datetime(request.GET.get("since", "").replace(" ", "+"))
        if since is not None and not is_aware(since):
            since = None
        return self.answer(state_of(self, request, since))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            entries = parsed(request.body)
        except ValueError:
            return JsonResponse({"error": _("数据格式不正确。")}, status=400)
        outcomes = record_marks(actor=self.actor, part=self.object, entries=entries, now=self.now)
        self.__dict__.pop("object", None)  # it may have been confirmed meanwhile
        touched = {sheet.key_of(e.aspect, e.bench) for e in entries}
        state = state_of(self, request)
        state["cells"] = {key: cell for key, cell in state["cells"].items() if key in touched}
        return self.answer(state | {"results": [told(outcome) for outcome in outcomes]})

    def answer(self, data: dict[str, Any]) -> JsonResponse:
        response = JsonResponse(data)
        response["Cache-Control"] = "no-store"
        return response


def told(outcome: Outcome) -> dict[str, Any]:
    there = outcome.current
    figure = "" if there is None else str(there.score) if there.value is None else sheet.plain(there.value)
    return {
        "id": str(outcome.client_id),
        "status": outcome.status,
        "message": outcome.message,
        "current": {"id": str(there.client_id), "figure": figure} if there is not None else None,
    }


def parsed(body: bytes) -> list[Entered]:
    """The entries of a request. Raises ValueError for anything that is not a list of well-formed entries."""
    data = json.loads(body or b"{}")
    rows = data.get("marks") if isinstance(data, dict) else None
    if not isinstance(rows, list) or not 0 < len(rows) <= BATCH:
        raise ValueError("marks")
    return [_entered(row) for row in rows]


def _entered(row: Any) -> Entered:
    try:
        made = parse_datetime(str(row.get("at") or ""))
        text = str(row["figure"])
        figure = Decimal(text if len(text) <= LONGEST else "NaN")
        if not figure.is_finite() or abs(figure) >= 10**8 or figure != figure.quantize(Decimal("0.0001")):
            raise ValueError(text)
        return Entered(
            uuid.UUID(row["id"]), int(row["aspect"]), int(row["bench"]), figure,
            uuid.UUID(row["base"]) if row.get("base") else None, made if made and is_aware(made) else None,
        )  # fmt: skip
    except (KeyError, TypeError, AttributeError, InvalidOperation) as error:
        raise ValueError(str(error)) from error


class ConfirmPart(OfPart, ActionView):
    policy_action = "marking.confirm"

    def perform(self) -> HttpResponse:
        closing.confirm_part(actor=self.actor, part=self.object, now=self.now)
        return self.done(_("“%s”已复核，等待裁判长锁定。") % self.object, self.object.get_absolute_url())


class LockPart(OfPart, ActionView):
    policy_action = "marking.lock"

    def perform(self) -> HttpResponse:
        closing.lock_part(actor=self.actor, part=self.object, now=self.now)
        return self.done(_("“%s”已锁定。") % self.object, self.object.scheme.marking.get_absolute_url())


class ReopenPart(OfPart, FormView):
    policy_action = "marking.reopen"
    form_class = ReopenForm
    title = gettext_lazy("退回重评")
    submit_label = gettext_lazy("退回重评")
    submit_kind = "danger"
    intro = gettext_lazy("退回后裁判可以更正评分，更正前的评分都会保留；之后须重新复核、锁定。")

    def perform(self, form: Any) -> HttpResponse:
        closing.reopen_part(actor=self.actor, part=self.object, now=self.now, **form.cleaned_data)
        return self.done(_("“%s”已退回，裁判可以更正。") % self.object, self.object.get_absolute_url())


class Worker(PageView):
    """The service worker of /marking/: keeps the marking page readable while the network is away. Holds no data itself."""

    public = True

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        kind = "text/javascript; charset=utf-8"
        response = render(request, "competitions/marking_worker.js", {"files": KEPT}, content_type=kind)
        response["Cache-Control"] = "no-cache"
        return response


class MarkHistory(OfPart, ListView):
    """Every entry and correction at the sub-criterion; for the organiser and those who supervise."""

    policy_action = "marking.totals"
    table_class = HistoryTable
    filters_class = HistoryFilters
    export_name = gettext_lazy("评分记录")

    @cached_property
    def part(self) -> Any:
        found = queries.parts().filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise Http404
        return found

    def policy_object(self) -> Any:
        return self.part

    def get_queryset(self) -> Any:
        return queries.history(self.part)

    def page_title(self) -> Any:
        return _("%s评分记录") % self.part

    def page_crumbs(self) -> list[Crumb]:
        marking = self.part.scheme.marking
        return [
            Crumb(_("现场评分"), reverse("competitions:marking.list")),
            Crumb(marking.title, marking.get_absolute_url()),
        ]
