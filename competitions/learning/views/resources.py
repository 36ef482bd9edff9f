"""The library of training resources: list, page, entering, publishing, withdrawing; for everybody: the public ones."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from competitions.learning import forms, queries
from competitions.learning.domain import resources
from competitions.learning.domain.resources import FACTS
from competitions.learning.enums import ResourceKind
from competitions.learning.tables import PublicFilters, ResourceFilters, ResourceTable
from competitions.learning.views.base import TABS, home_crumb
from portal.accounts.models import Organisation
from portal.core.dates import local_date
from portal.core.policies import may
from portal.web.formats import cn_date, cn_datetime
from portal.web.ui import Action, Crumb, Fact, PageContext, SavedView
from portal.web.views import (
    ActionView,
    BulkActionView,
    DetailView,
    FileDownloadView,
    FormView,
    ListView,
    PageView,
    Tabbed,
)

LINES = 60


class ResourceList(Tabbed, ListView):
    room_tabs = TABS
    policy_action = "learning.view"
    table_class = ResourceTable
    filters_class = ResourceFilters
    title = _("培训资源")
    subtitle = _("各单位开发的课程、题库、实训基地，写清版权和收费，供职工学习。")
    export_name = _("职工培训资源")
    saved_views = (
        SavedView(_("在架"), "state=published"),
        SavedView(_("节能降碳"), "theme=energy&state=published"),
        SavedView(_("在线测验"), "kind=quiz"),
        SavedView(_("本单位提供"), "mine=on"),
    )

    def get_queryset(self) -> Any:
        return queries.resources()

    def page_actions(self) -> list[Action]:
        if not may(self.actor, "learning.add"):
            return []
        return [Action(_("登记资源"), reverse("competitions:learning.add"), icon="plus", kind="primary")]


class ResourceAdd(FormView):
    policy_action = "learning.add"
    form_class = forms.ResourceForm
    title = _("登记培训资源")
    submit_label = _("保存")

    def page_crumbs(self) -> list[Crumb]:
        return [home_crumb()]

    def get_cancel_url(self) -> str:
        return reverse("competitions:learning.list")

    def perform(self, form: Any) -> HttpResponse:
        owner = Organisation.objects.get(pk=self.actor.at_desk.organisation_id)
        row = resources.add_resource(
            actor=self.actor, owner=owner, facts=form.facts, upload=form.cleaned_data["file"], now=self.now
        )
        return self.done(_("已保存，由本单位审核人核对版权后发布。"), row.get_absolute_url())


class OneResource:
    view_action = "learning.view"

    def get_queryset(self) -> Any:
        return queries.resources()

    def page_crumbs(self) -> list[Crumb]:
        return [home_crumb(), Crumb(self.object.title, self.object.get_absolute_url())]

    def get_cancel_url(self) -> str:
        return self.object.get_absolute_url()

    def get_failure_url(self) -> str:
        return self.object.get_absolute_url()


class ResourceDetail(OneResource, DetailView):
    policy_action = "learning.view"
    template_name = "competitions/learning_detail.html"
    context_name = "resource"

    def page(self) -> PageContext:
        row = self.object
        return PageContext(
            title=row.title, subtitle=f"{row.get_kind_display()} · {row.owner.name}", badge=row.badge,
            crumbs=[home_crumb()], actions=self.page_actions(),
        )  # fmt: skip

    def page_actions(self) -> list[Action]:
        row, here, actions = self.object, {"pk": self.object.pk}, []
        if row.kind == ResourceKind.QUIZ and may(self.actor, "learning.change", row):
            actions.append(Action(_("出题"), reverse("competitions:learning.question", kwargs=here), icon="plus"))
            load = reverse("competitions:learning.question_load", kwargs=here)
            actions.append(Action(_("用 Excel 出题"), load, icon="file-spreadsheet"))
        if may(self.actor, "learning.publish", row):
            words = _("发布后，所选范围内的职工和工会即可使用。确认已核对内容和版权？")
            url = reverse("competitions:learning.publish", kwargs=here)
            actions.append(Action(_("发布"), url, icon="send", kind="primary", post=True, confirm=words))
        if may(self.actor, "learning.change", row):
            url = reverse("competitions:learning.change", kwargs=here)
            actions.append(Action(_("修改"), url, icon="edit", kind="secondary"))
        if may(self.actor, "learning.withdraw", row):
            url = reverse("competitions:learning.withdraw", kwargs=here)
            actions.append(Action(_("下架"), url, icon="archive", kind="ghost"))
        return actions

    def context(self) -> dict[str, Any]:
        row = self.object
        until = cn_date(row.rights_until) if row.rights_until else _("长期")
        if not row.may_be_used_on(local_date(self.now)):
            until = _("%s（已到期）") % until
        published = f"{row.published_by.name}，{cn_datetime(row.published_at)}" if row.published_by else "—"
        is_quiz = row.kind == ResourceKind.QUIZ
        return {
            "is_quiz": is_quiz,
            "questions": list(queries.questions(row)) if is_quiz else [],
            "may_change": bool(may(self.actor, "learning.change", row)),
            "tries": queries.attempt_figures(row) if is_quiz else None,
            "contests": [x.contest for x in row.contests.select_related("contest")[:20]],
            "expired": row.is_published and not row.may_be_used_on(local_date(self.now)),
            "facts": [
                Fact(_("主题"), row.get_theme_display()),
                Fact(_("学习平台"), row.get_platform_display()),
                Fact(_("工种或领域"), row.field),
                Fact(_("适合人群"), row.audience),
                Fact(_("学时"), row.hours or "—"),
                Fact(_("收费"), _("免费") if row.is_free else row.fee_note),
                Fact(_("内容简介"), row.summary, wide=True),
            ],
            "rights": [
                Fact(_("版权所有人"), row.rights_holder),
                Fact(_("使用权利"), row.get_licence_display()),
                Fact(_("授权截止"), until),
                Fact(_("开放范围"), row.get_reach_display()),
                Fact(_("发布"), published),
            ],
        }


class ResourceChange(OneResource, FormView):
    policy_action = "learning.change"
    form_class = forms.ResourceForm
    title = _("修改培训资源")
    submit_label = _("保存")

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.object, name) for name in FACTS}

    def perform(self, form: Any) -> HttpResponse:
        row = resources.change_resource(
            actor=self.actor, resource=self.object, facts=form.facts, upload=form.cleaned_data["file"], now=self.now
        )
        return self.done(_("已修改。"), row.get_absolute_url())


class ResourcePublish(OneResource, ActionView):
    policy_action = "learning.publish"

    def perform(self) -> HttpResponse:
        row = resources.publish_resource(actor=self.actor, resource=self.object, now=self.now)
        return self.done(_("已发布。"), row.get_absolute_url())


class PublishChosen(BulkActionView):
    policy_action = "learning.publish"
    label = _("发布所选资源")

    def get_queryset(self) -> Any:
        return queries.resources()

    def back_url(self) -> str:
        return f"{reverse('competitions:learning.list')}?mine=on"

    def perform_one(self, obj: Any, data: dict[str, Any]) -> None:
        resources.publish_resource(actor=self.actor, resource=obj, now=self.now)


class ResourceWithdraw(OneResource, FormView):
    policy_action = "learning.withdraw"
    form_class = forms.ReasonForm
    title = _("下架培训资源")
    submit_label = _("下架")
    intro = _("下架后其他单位和职工不再看到，已登记的结业记录不受影响；修改后可以重新发布。")

    def perform(self, form: Any) -> HttpResponse:
        row = resources.withdraw_resource(
            actor=self.actor, resource=self.object, reason=form.cleaned_data["reason"], now=self.now
        )
        return self.done(_("已下架。"), row.get_absolute_url())


class ResourceFile(FileDownloadView):
    policy_action = "learning.view"

    def get_queryset(self) -> Any:
        return queries.plain_resources().exclude(file="")

    def get_file(self) -> tuple[Any, str, str]:
        return self.object.file.open("rb"), self.object.file_name, self.object.content_type


class PublicLearning(PageView):
    """For everybody: what is open to all workers and free."""

    public = True
    layout = "public"
    template_name = "competitions/public_learning.html"
    title = _("职工培训资源")
    subtitle = _("各级工会向职工免费开放的课程、题库和实训基地。")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        filters = PublicFilters(request.GET, actor=self.actor, now=self.now)
        rows = filters.apply(queries.public_resources(local_date(self.now)).order_by("field", "title", "pk"))
        return self.render(resources=list(rows[:LINES]), count=rows.count(), filters=filters)


class PublicLearningFile(FileDownloadView):
    public = True
    layout = "public"

    def get_queryset(self) -> Any:
        return queries.public_resources(local_date(self.now)).exclude(file="")

    def get_file(self) -> tuple[Any, str, str]:
        return self.object.file.open("rb"), self.object.file_name, self.object.content_type
