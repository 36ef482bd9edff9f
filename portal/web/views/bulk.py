"""Bulk acts in two steps: a page that shows what will be touched and what will be skipped, then the act."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from portal.core.decisions import Decision
from portal.core.errors import DomainError
from portal.core.policies import may
from portal.web.views.base import PageView

MAX_ROWS = 200


@dataclass(frozen=True, slots=True)
class BulkRow:
    object: Any
    title: str
    decision: Decision


class BulkActionView(PageView):
    """POST ``selected`` → preview; POST ``confirmed=1`` → ``perform_one`` for each row, each in its own transaction.

    ``policy_action`` is asked for every row; ``form_class`` adds input that holds for all rows (an opinion, a date).
    """

    abstract = True
    http_method_names = ("post", "options")
    template_name = "web/bulk.html"
    label: ClassVar[Any] = ""
    form_class: ClassVar[type[BaseForm] | None] = None

    def policy_object(self) -> Any:
        """None: whether this desk's role may do it at all; ``preview`` asks again for each row and shows reasons."""
        return None

    def row_title(self, obj: Any) -> str:
        return str(obj)

    def back_url(self) -> str:
        raise NotImplementedError

    def perform_one(self, obj: Any, data: dict[str, Any]) -> None:
        """One domain function on one row; DomainErrors are collected."""
        raise NotImplementedError

    def page_title(self) -> Any:
        return self.title or self.label

    def preview(self) -> list[BulkRow]:
        wanted = [pk for pk in self.request.POST.getlist("selected") if pk.isdigit()][:MAX_ROWS]
        objects = self.get_queryset().filter(pk__in=wanted)
        return [BulkRow(obj, self.row_title(obj), may(self.actor, self.policy_action, obj)) for obj in objects]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        rows = self.preview()
        if not rows:
            return self.fail(_("没有选中记录，请先勾选要办理的行。"), self.back_url())
        confirmed = request.POST.get("confirmed") == "1"
        form = self.form_class(data=request.POST if confirmed else None) if self.form_class else None
        if confirmed and (form is None or form.is_valid()):
            return self.perform([r.object for r in rows if r.decision], form.cleaned_data if form else {})
        return self.render(
            rows=rows,
            allowed=[r for r in rows if r.decision],
            refused=[r for r in rows if not r.decision],
            label=self.label,
            form=form,
            back_url=self.back_url(),
        )

    def perform(self, objects: list[Any], data: dict[str, Any]) -> HttpResponse:
        """All rows one by one; what failed is named with its reason, what worked stays."""
        failures: list[str] = []
        for obj in objects:
            try:
                self.perform_one(obj, data)
            except DomainError as error:
                failures.append(f"{self.row_title(obj)}：{error.message}")
        worked = len(objects) - len(failures)
        if failures:
            text = _("已办理 %(n)s 条，%(f)s 条没有办理：%(list)s") % {
                "n": worked, "f": len(failures), "list": "；".join(failures[:5]),
            }  # fmt: skip
            return self.fail(text, self.back_url())
        return self.done(self.message(worked), self.back_url())

    def message(self, count: int) -> str:
        return _("%(label)s：已办理 %(n)s 条。") % {"label": self.label, "n": count}
