"""国家平台: the two platforms the plan names, what is listed of them, and the catalogue by workbook."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from competitions.learning import forms, lists, queries
from competitions.learning.domain import resources
from competitions.learning.enums import NATIONAL, ResourceKind, ResourceState
from competitions.learning.views.base import TABS, home_crumb
from portal.accounts.imports.template import template
from portal.accounts.models import Organisation
from portal.core.policies import may
from portal.web.exports import XLSX
from portal.web.ui import Action, Crumb
from portal.web.views import FileDownloadView, FormView, PageView, Tabbed

NONE = {"courses": 0, "unions": 0}
NO_PROOFS = {"n": 0, "people": 0}


class Platforms(Tabbed, PageView):
    room_tabs = TABS
    policy_action = "learning.view"
    template_name = "competitions/learning_platforms.html"
    title = _("国家平台")
    subtitle = _("职工在国家平台免费学习；课程目录列在资源库，结业名单和积分截图登记在这里。")

    def page_actions(self) -> list[Action]:
        if not may(self.actor, "learning.add"):
            return []
        return [Action(_("导入课程目录"), reverse("competitions:platform.load"), icon="upload", kind="primary")]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        courses, proofs = queries.platform_figures(), queries.proof_figures()
        homes = queries.plain_resources().filter(
            kind=ResourceKind.PLATFORM, platform__in=NATIONAL, state=ResourceState.PUBLISHED
        )
        home = {row.platform: row for row in homes.order_by("-owner__path")}  # the federation's own entry wins
        shown = [
            {
                "platform": p, "home": home.get(p), "courses": courses.get(p, NONE), "proofs": proofs.get(p, NO_PROOFS),
                "list": f"{reverse('competitions:learning.list')}?platform={p}&state=published",
                "proof_list": f"{reverse('competitions:proof.list')}?platform={p}",
            }
            for p in NATIONAL
        ]  # fmt: skip
        return self.render(platforms=shown)


class CatalogueTemplate(FileDownloadView):
    policy_action = "learning.add"

    def get_file(self) -> tuple[Any, str, str]:
        return BytesIO(template(lists.COURSES)), "平台课程目录模板.xlsx", XLSX


class CatalogueLoad(FormView):
    policy_action = "learning.add"
    form_class = forms.SheetForm
    title = _("导入课程目录")
    submit_label = _("导入")
    intro = _("只登记课程名称和链接，不复制平台内容。导入后是待发布的资源，核对后在资源库里勾选、一次发布。")

    def page_crumbs(self) -> list[Crumb]:
        return [home_crumb(), Crumb(_("国家平台"), reverse("competitions:platform.list"))]

    def page_actions(self) -> list[Action]:
        return [Action(_("下载模板"), reverse("competitions:platform.template"), icon="download", download=True)]

    def perform(self, form: Any) -> HttpResponse:
        courses = lists.read_courses(form.cleaned_data["file"].read())
        owner = Organisation.objects.get(pk=self.actor.at_desk.organisation_id)
        added, passed = resources.load_catalogue(actor=self.actor, owner=owner, courses=courses, now=self.now)
        words = _t("新增%(a)d门课程，已有的%(b)d门跳过。请核对后发布。") % {"a": added, "b": passed}
        return self.done(words, f"{reverse('competitions:learning.list')}?state=draft&mine=on")
