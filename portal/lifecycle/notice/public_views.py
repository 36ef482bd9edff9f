"""Public pages of notices: the frozen list, objecting, and following one's objection."""

from __future__ import annotations

from typing import Any

from django.core.cache import cache
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.core.context import PUBLIC
from portal.core.dates import local_date
from portal.core.errors import DomainError
from portal.lifecycle.notice import queries
from portal.lifecycle.notice.forms import ObjectionForm, QueryForm
from portal.lifecycle.notice.models import Notice
from portal.lifecycle.notice.objections import file_objection
from portal.lifecycle.programmes.feeds import call_items
from portal.lifecycle.programmes.ical import Item, calendar_response, calendar_text
from portal.web.ratelimit import limit
from portal.web.ui import Action, Crumb, PageContext
from portal.web.views import DetailView, FormView, PageView

PAGE_SIZE = 20
FEED_SECONDS = 300
FEED_NOTICES = 200


def notices_crumb() -> Crumb:
    return Crumb(_("公示公告"), reverse("lifecycle:public.notices"))


class PublicNotices(PageView):
    public = True
    layout = "public"
    template_name = "public/notices.html"
    title = _("公示公告")

    def get(self, request: Any) -> HttpResponse:
        paginator = Paginator(queries.public_notices(), PAGE_SIZE)
        page = paginator.get_page(request.GET.get("page"))
        return self.render(notices=page)


class PublicNotice(DetailView):
    public = True
    layout = "public"
    template_name = "public/notice.html"
    lookup_field = "code"
    context_name = "notice"

    def get_queryset(self):
        return queries.public_notices()

    def page(self) -> PageContext:
        return PageContext(title="", crumbs=[notices_crumb()])

    def context(self) -> dict[str, Any]:
        items = list(queries.items_of(self.object))
        return {
            "items": items,
            "bundle": queries.bundle_behind(self.object),
            "labels": [fact["label"] for fact in items[0].shown["facts"]] if items else [],
            "may_object": self.object.takes_objections(self.now),
            "object_action": Action(
                _("提出异议"),
                reverse("lifecycle:public.object", kwargs={"code": self.object.code}),
                icon="message-report",
            ),
        }


class PublicObject(FormView):
    """Anyone may object while the notice runs; ten tries an hour from one address."""

    public = True
    policy_action = "notice.object"
    layout = "public"
    form_class = ObjectionForm
    template_name = "public/object.html"
    lookup_field = "code"
    title = _("提出异议")
    submit_label = _("提交异议")

    def get_queryset(self):
        return queries.public_notices()

    def page_crumbs(self) -> list[Crumb]:
        url = reverse("lifecycle:public.notice", kwargs={"code": self.object.code})
        return [notices_crumb(), Crumb(self.object.title, url)]

    def get_form_kwargs(self) -> dict[str, Any]:
        self.items = [i for i in queries.items_of(self.object) if not i.removed_reason]
        return {"items": self.items}

    def get_initial(self) -> dict[str, Any]:
        return {"entry": self.request.GET.get("entry", "")}

    def perform(self, form: Any) -> HttpResponse:
        limit("objection", times=10, seconds=3600)
        data = form.cleaned_data
        by_entry = {str(i.entry_id): i.entry for i in self._with_entries()}
        receipt = file_objection(
            notice=self.object,
            entry=by_entry.get(data["entry"]),
            category=data["category"],
            grounds=data["grounds"],
            is_named=data["is_named"],
            name=data["name"],
            phone=data["phone"],
            files=data["files"],
            actor=PUBLIC,
            now=self.now,
        )
        return self.render(template="public/object_done.html", receipt=receipt)

    def _with_entries(self):
        return queries.items_of(self.object).select_related("entry")


class PublicObjectionStatus(FormView):
    """Follow a case with the code one was given; twenty tries an hour."""

    public = True
    layout = "public"
    form_class = QueryForm
    template_name = "public/objection_status.html"
    title = _("异议查询")
    submit_label = _("查询")

    def page_crumbs(self) -> list[Crumb]:
        return [notices_crumb()]

    def perform(self, form: Any) -> HttpResponse:
        limit("objection-query", times=20, seconds=3600)
        objection = queries.objection_by_query_code(form.cleaned_data["code"])
        if objection is None:
            raise DomainError(_("没有找到这个查询码，请核对后重试。"))
        return self.render(form=form, objection=objection)


class PublicFeed(PageView):
    """正在征集与公示公告 as a calendar to subscribe to: the same for everybody."""

    public = True

    def get(self, request: HttpRequest) -> HttpResponse:
        limit("public-calendar", times=60, seconds=600)
        text = cache.get_or_set("ics:public", self.text, FEED_SECONDS)
        return calendar_response(request, text, private=False)

    def text(self) -> bytes:
        site = self.request.build_absolute_uri("/")
        calls = queries.announced_calls()
        notices = queries.public_notices()[:FEED_NOTICES]
        items = [*call_items(calls, site=site), *(_notice_item(notice, site) for notice in notices)]
        return calendar_text(_t("正在征集与公示公告"), items)


def _notice_item(notice: Notice, site: str) -> Item:
    first = local_date(notice.published_at)
    last = local_date(notice.closes_at) if notice.closes_at and notice.kind != "decision" else first
    address = reverse("lifecycle:public.notice", kwargs={"code": notice.code})
    return Item(
        uid=f"notice-{notice.pk}@{site.rsplit('//', maxsplit=1)[-1].strip('/')}",
        title=notice.title,
        changed=notice.published_at,
        first=first,
        last=max(first, last),
        text=notice.organisation.name,
        url=f"{site.rstrip('/')}{address}",
        category=str(notice.get_kind_display()),
    )
