"""The draft as others will see it: applicants, unions, experts."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.lifecycle.blueprints.fields import display_rows, form_class
from portal.lifecycle.blueprints.schema import Blueprint as Rules
from portal.lifecycle.blueprints.stages import ReviewParams
from portal.lifecycle.blueprints.vocabulary import DocumentKind, StageKind
from portal.lifecycle.entries.documents import EntryData, application_pdf, letter_pdf
from portal.lifecycle.review.sheet import Line, StoredMark
from portal.lifecycle.workshop import queries
from portal.lifecycle.workshop.views import DraftPage
from portal.web.ui import Tab
from portal.web.views import FileDownloadView

_PLACEHOLDER = re.compile(r"\{([a-z0-9_]+)\}")
FILLED_IN: Mapping[str, Any] = {
    "organisation": _("主办工会"),
    "nominating": _("推荐单位"),
    "cycle": _("届次"),
    "title": _("申报名称"),
    "subject": _("申报名称"),
    "programme": _("项目名称"),
    "honour": _("荣誉名称"),
    "date": _("日期"),
    "year": _("年份"),
}
SIDES = (("applicant", _("填报单位看到的")), ("union", _("各级工会看到的")), ("expert", _("评审专家看到的")))


def with_names(text: str, rules: Rules) -> str:
    """A letter's line with what will be filled in by its name: ``{title}`` → 〔申报名称〕."""

    def name(match: re.Match[str]) -> str:
        code = match[1]
        known = rules.field(code).label if rules.has_field(code) else FILLED_IN.get(code, code)
        return f"〔{known}〕"

    return _PLACEHOLDER.sub(name, text)


class DraftPreview(DraftPage):
    """Real form, check sheet and review sheet, made from the draft; nothing that is typed here is kept."""

    template_name = "lifecycle/workshop_preview.html"
    tab = "preview"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        side = request.GET.get("as", "")
        side = side if side in dict(SIDES) else SIDES[0][0]
        rules = queries.rules_of(self.object.definition)
        tabs = [Tab(label, f"?as={name}", name == side) for name, label in SIDES]
        more = getattr(self, f"as_{side}")(rules) if rules else {}
        return self.render(side=side, side_tabs=tabs, rules=rules, found=self.found, **more)

    def as_applicant(self, rules: Rules) -> dict[str, Any]:
        return {"form": form_class(rules)(answers={}, draft=True)}

    def as_union(self, rules: Rules) -> dict[str, Any]:
        recommendation, clearance = rules.stage(StageKind.RECOMMENDATION), rules.stage(StageKind.CLEARANCE)
        papers = [
            (
                paper,
                [with_names(line, rules) for line in paper.body],
                reverse("lifecycle:draft.paper", kwargs={"pk": self.object.pk, "code": paper.code}),
            )
            for paper in rules.documents
        ]
        return {
            "recommendation": recommendation.params if recommendation else None,
            "clearance": clearance.params if clearance else None,
            "papers": papers,
            "letter": DocumentKind.LETTER,
            "summary": DocumentKind.SUMMARY,
        }

    def as_expert(self, rules: Rules) -> dict[str, Any]:
        stage = rules.stage(StageKind.REVIEW)
        params = stage.params if stage and isinstance(stage.params, ReviewParams) else None
        sections = [(s.title, display_rows(rules, s.code, {}, viewer="expert")) for s in rules.sections]
        groups = [
            (group, [Line(c, StoredMark()) for c in params.rubric if c.group == group])
            for group in (params.groups if params else ())
        ]
        return {"params": params, "shown": [(title, rows) for title, rows in sections if rows], "groups": groups}


class DraftPaper(FileDownloadView):
    """A paper of the draft as it would be printed, with blanks instead of answers."""

    policy_action = "draft.view"
    inline = True

    def get_queryset(self) -> Any:
        return queries.drafts(actor=self.actor)

    def get_file(self) -> tuple[Any, str, str]:
        rules = queries.rules_of(self.object.definition)
        if rules is None or self.kwargs["code"] not in {paper.code for paper in rules.documents}:
            raise Http404
        paper = rules.document(self.kwargs["code"])
        data = EntryData(code=_t("预览"), cycle_label="", organisation="", answers={})
        if paper.kind == DocumentKind.LETTER:
            content = letter_pdf(rules, paper.code, data)
        elif paper.kind == DocumentKind.APPLICATION_FORM:
            content = application_pdf(rules, data)
        else:
            raise Http404
        return io.BytesIO(content), f"{paper.title}.pdf", "application/pdf"
