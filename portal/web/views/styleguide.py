"""The living style guide: every component in every state, for those who build and review pages."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.web.samples import STATUSES, sample_context
from portal.web.ui import Action, Crumb, PageContext, Tab
from portal.web.views.base import PageView


class StyleGuide(PageView):
    """Served only with DEBUG or PORTAL_DEMO (see ``portal/web/urls.py``)."""

    public = True
    template_name = "web/styleguide/index.html"
    parts = ("components", "forms", "data", "charts", "record")

    def part(self) -> str:
        return self.kwargs.get("part", "components")

    def page(self) -> PageContext:
        labels = {
            "components": _("基本组件"),
            "forms": _("表单"),
            "data": _("列表"),
            "charts": _("统计图"),
            "record": _("记录"),
        }
        tabs = [
            Tab(labels[p], reverse("web:styleguide.part", kwargs={"part": p}), p == self.part()) for p in self.parts
        ]
        return PageContext(
            title=_("设计样板"),
            badge=STATUSES[1],
            subtitle=_("页面只用这里的组件，缺什么先补到这里。"),
            crumbs=[Crumb(_("工作台"), "/desk/"), Crumb(_("设置"))],
            actions=[Action(_("导出"), "#", icon="download"), Action(_("新建申报"), "#", icon="plus", kind="primary")],
            tabs=tabs,
        )

    def context(self) -> dict[str, Any]:
        return sample_context(self.now, self.request.GET) | {"part_template": f"web/styleguide/{self.part()}.html"}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render()


class StyleGuideFocus(StyleGuide):
    """The same components in the other layouts."""

    template_name = "web/styleguide/layout.html"

    def part(self) -> str:
        return "record"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render(layout_template=f"layouts/{kwargs['layout']}.html")
