"""服务评价 at the desk: codes, figures, odd ratings, remarks."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.http import Http404, HttpResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from competitions.labels import forms, queries
from competitions.labels.domain import ratings
from competitions.labels.enums import Dimension, RemarkStatus
from competitions.labels.figures import MIN_COUNT
from competitions.labels.papers import poster
from competitions.labels.policies import reads_remarks
from competitions.labels.tables import PointFilters, PointTable, RatingFilters, RatingTable
from competitions.labels.views.base import ROOM, home_crumb, url
from portal.core.policies import may
from portal.core.text import safe_file_name
from portal.web.ui import Action, Chart, Crumb, PageContext, SavedView, Series
from portal.web.views import ActionView, DetailView, FileDownloadView, FormView, ListView, Tabbed

TONES = ("primary", "info", "gold", "ok", "neutral")


class PointList(Tabbed, ListView):
    room_tabs = ROOM
    policy_action = "rating.view"
    table_class = PointTable
    filters_class = PointFilters
    title = _("服务评价")
    subtitle = _("机关事业单位服务“五比”：服务对象扫码评价，结果仅供参考。")
    export_name = _("服务五比评价")
    saved_views = (SavedView(_("有待审看留言"), "pending=on"),)

    def get_queryset(self) -> Any:
        return queries.points()


class PointOpen(FormView):
    """Of a team: makes its code, or changes what it says about the service."""

    policy_action = "rating.open"
    view_action = "workteam.view"
    form_class = forms.PointForm
    title = _("服务评价码")
    submit_label = _("启用评价码")
    intro = _("启用后打印海报贴在窗口。公众不用登录，按五个方面打1到5分；单位不能删改评价。")

    def get_queryset(self) -> Any:
        return queries.teams()

    def page_crumbs(self) -> list[Crumb]:
        return [home_crumb(), Crumb(self.object.name, self.object.get_absolute_url())]

    def get_initial(self) -> dict[str, Any]:
        point = queries.points().filter(team=self.object).first()
        return {"service": point.service if point else ""}

    def perform(self, form: Any) -> HttpResponse:
        point = ratings.open_point(actor=self.actor, team=self.object, now=self.now, **form.cleaned_data)
        return self.done(_("评价码已启用，请打印海报。"), point.get_absolute_url())


class OnePoint:
    view_action = "rating.view"
    context_name = "point"

    def get_queryset(self) -> Any:
        return queries.points()

    def page_crumbs(self) -> list[Crumb]:
        return [home_crumb(), Crumb(_("服务评价"), url("ratingpoint.list"))]


class OfPointTeam(OnePoint):
    """The policy of the code is asked about the team."""

    def policy_object(self) -> Any:
        return self.object.team


class PointDetail(OnePoint, DetailView):
    policy_action = "rating.view"
    template_name = "competitions/rating_point.html"

    def page(self) -> PageContext:
        point, pk = self.object, self.object.pk
        actions = [Action(_("逐条评价"), url("rating.list", pk=pk), icon="list")]
        if may(self.actor, "rating.open", point.team):
            if point.is_open:
                actions += [
                    Action(_("停用"), url("ratingpoint.close", pk=pk), kind="ghost", post=True,
                           confirm=_("停用后公众扫码不能再评价，已有评价保留。")),
                    Action(_("换新码"), url("ratingpoint.renew", pk=pk), kind="ghost", post=True,
                           confirm=_("原来的海报立即失效，需要重新打印张贴。确定换新码？")),
                    Action(_("打印海报"), url("ratingpoint.poster", pk=pk), icon="printer", kind="primary", new_tab=True),
                ]  # fmt: skip
            else:
                again = url("ratingpoint.open", pk=point.team_id)
                actions.append(Action(_("重新启用"), again, icon="qrcode", kind="primary"))
        return PageContext(
            title=point.team.name, subtitle=point.service, badge=point.badge, crumbs=self.page_crumbs(),
            actions=actions,
        )  # fmt: skip

    def context(self) -> dict[str, Any]:
        point = self.object
        scores, months = queries.scores(point), queries.scores_by_month(point)
        remarks = queries.ratings(self.actor).filter(point=point).exclude(shown_remark="")
        return {
            "scores": scores,
            "least": MIN_COUNT,
            "means": [(d.label, scores.mean(d.value)) for d in Dimension],
            "chart": self._chart(months) if sum(s.is_enough for _m, s in months) > 1 else None,
            "remarks": remarks.order_by("-at")[:20],
            "reads_all": reads_remarks(self.actor, point.team.organisation.path),
            "judges": may(self.actor, "rating.judge", point),
            "hidden": RemarkStatus.HIDDEN,
        }

    def _chart(self, months: list[Any]) -> Chart:
        series = [
            Series(d.label, [None if (m := s.mean(d.value)) is None else float(m) for _month, s in months], tone)
            for d, tone in zip(Dimension, TONES, strict=True)
        ]
        return Chart(
            "line", _("逐月均值"), [f"{m:%Y-%m}" for m, _s in months], series, unit=_("分"), from_zero=False,
            definition=_t("每月计入的评价不足%d次的，该月不显示均值。") % MIN_COUNT, label_heading=_("月份"),
        )  # fmt: skip


class PointClose(OfPointTeam, ActionView):
    policy_action = "rating.open"

    def get_failure_url(self) -> str:
        return self.object.get_absolute_url()

    def perform(self) -> HttpResponse:
        ratings.close_point(actor=self.actor, point=self.object, now=self.now)
        return self.done(_("已停用。"), self.object.get_absolute_url())


class PointRenew(OfPointTeam, ActionView):
    policy_action = "rating.open"

    def perform(self) -> HttpResponse:
        ratings.renew_token(actor=self.actor, point=self.object, now=self.now)
        return self.done(_("已换新码，请重新打印海报。"), self.object.get_absolute_url())


class PointPoster(OfPointTeam, FileDownloadView):
    policy_action = "rating.open"
    inline = True

    def get_file(self) -> tuple[Any, str, str]:
        point = self.object
        address = self.request.build_absolute_uri(url("public.rate", token=point.token))
        return BytesIO(poster(point, address)), safe_file_name(f"服务评价海报-{point.team.name}.pdf"), "application/pdf"


class RatingList(ListView):
    """Every rating of one code, with what was left out and why."""

    policy_action = "rating.view"
    table_class = RatingTable
    filters_class = RatingFilters
    title = _("逐条评价")
    export_name = _("服务评价明细")
    saved_views = (SavedView(_("不计入的"), "left_out=on"), SavedView(_("待审看留言"), "remark_status=pending"))

    @cached_property
    def point(self) -> Any:
        found = queries.points().filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise Http404
        return found

    def policy_object(self) -> Any:
        return self.point

    def page(self) -> PageContext:
        crumbs = [home_crumb(), Crumb(self.point.team.name, self.point.get_absolute_url())]
        return PageContext(title=self.title, subtitle=self.point.service, crumbs=crumbs)

    def table_context(self) -> dict[str, Any]:
        return {"judges": bool(may(self.actor, "rating.judge", self.point))}

    def get_queryset(self) -> Any:
        return queries.ratings(self.actor).filter(point=self.point)


class OneRating(FormView):
    abstract = True
    policy_action = "rating.judge"
    view_action = "rating.view"

    def get_queryset(self) -> Any:
        return queries.ratings(self.actor)

    def policy_object(self) -> Any:
        return self.object.point

    def may_see(self, obj: Any) -> Any:
        return may(self.actor, "rating.view", obj.point)

    def page_crumbs(self) -> list[Crumb]:
        point = self.object.point
        return [home_crumb(), Crumb(point.team.name, point.get_absolute_url())]

    def get_cancel_url(self) -> str:
        return url("rating.list", pk=self.object.point_id)


class RatingJudge(OneRating):
    form_class = forms.JudgeForm
    title = _("核定是否计入")

    def get_initial(self) -> dict[str, Any]:
        return {"left_out": "1" if self.object.left_out else "0"}

    def perform(self, form: Any) -> HttpResponse:
        left_out = form.cleaned_data["left_out"] == "1"
        ratings.judge(
            actor=self.actor, rating=self.object, left_out=left_out, reason=form.cleaned_data["reason"], now=self.now
        )
        return self.done(_("已核定。"), self.get_cancel_url())


class RemarkModerate(OneRating):
    form_class = forms.ModerateForm
    title = _("审看留言")

    @property
    def intro(self) -> Any:
        return self.object.shown_remark

    def perform(self, form: Any) -> HttpResponse:
        shown = form.cleaned_data["shown"] == "1"
        ratings.moderate(
            actor=self.actor, rating=self.object, shown=shown, reason=form.cleaned_data["reason"], now=self.now
        )
        return self.done(_("已审看。"), self.get_cancel_url())
