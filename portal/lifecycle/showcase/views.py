"""Showcase: prepared and published at the owner's desk, read by everybody."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.lifecycle.entries.models import Attachment
from portal.lifecycle.showcase import domain, queries
from portal.lifecycle.showcase.forms import PublishForm
from portal.web.ui import Crumb, PageContext
from portal.web.views import ActionView, DetailView, FileDownloadView, FormView, PageView

PAGE_SIZE = 12


class ShowcaseDesk(PageView):
    """Pages that exist, and honours that have none yet."""

    policy_action = "conferral.showcase"
    template_name = "lifecycle/showcase_desk.html"
    title = _("成果展示")

    def get(self, request: Any) -> HttpResponse:
        return self.render(
            items=queries.showcase_of_desk(actor=self.actor).order_by("-pk")[:100],
            entries=queries.entries_without_page(actor=self.actor)[:100],
        )


class ShowcasePrepare(ActionView):
    policy_action = "conferral.showcase"

    def get_queryset(self):
        return queries.entries_without_page(actor=self.actor)

    def get_failure_url(self) -> str:
        return reverse("lifecycle:showcase.desk")

    def may_see(self, obj: Any) -> Any:
        return True

    def perform(self) -> HttpResponse:
        item = domain.prepare_page(entry=self.object, actor=self.actor, now=self.now)
        return self.done("", reverse("lifecycle:showcase.publish", kwargs={"pk": item.pk}))


class ShowcasePublish(FormView):
    policy_action = "conferral.showcase"
    form_class = PublishForm
    template_name = "lifecycle/showcase_publish.html"
    submit_label = _("发布到成果展示")
    context_name = "item"

    def get_queryset(self):
        return queries.showcase_of_desk(actor=self.actor)

    def policy_object(self) -> Any:
        return self.object.entry

    def page_title(self) -> Any:
        return self.object.title

    def page_crumbs(self) -> list[Crumb]:
        return [Crumb(_("成果展示"), reverse("lifecycle:showcase.desk"))]

    def get_form_kwargs(self) -> dict[str, Any]:
        pictures = Attachment.objects.filter(
            entry=self.object.entry, removed_at__isnull=True, content_type__startswith="image/"
        )
        return {"pictures": pictures}

    def get_initial(self) -> dict[str, Any]:
        return {"summary": self.object.summary, "picture": self.object.picture_id}

    def perform(self, form: Any) -> HttpResponse:
        domain.publish_page(item=self.object, actor=self.actor, now=self.now, **form.cleaned_data)
        return self.done(_("已发布，公众现在可以在“成果展示”看到。"), reverse("lifecycle:showcase.desk"))


class ShowcaseWithdraw(ActionView):
    policy_action = "conferral.showcase"

    def get_queryset(self):
        return queries.showcase_of_desk(actor=self.actor)

    def policy_object(self) -> Any:
        return self.object.entry

    def perform(self) -> HttpResponse:
        domain.withdraw_page(item=self.object, actor=self.actor, now=self.now, reason=str(_("主办工会撤下")))
        return self.done(_("已从成果展示撤下。"), reverse("lifecycle:showcase.desk"))


class PublicShowcase(PageView):
    public = True
    layout = "public"
    template_name = "public/showcase.html"
    title = _("成果展示")

    def get(self, request: Any) -> HttpResponse:
        page = Paginator(queries.public_showcase(), PAGE_SIZE).get_page(request.GET.get("page"))
        return self.render(items=page)


class PublicShowcaseItem(DetailView):
    public = True
    layout = "public"
    template_name = "public/showcase_item.html"
    context_name = "item"

    def get_queryset(self):
        return queries.public_showcase()

    def page(self) -> PageContext:
        crumb = Crumb(_("成果展示"), reverse("lifecycle:public.showcase"))
        return PageContext(title=self.object.title, subtitle=self.object.unit_name, crumbs=[crumb])


class PublicShowcasePicture(FileDownloadView):
    """The one picture a person chose for the page."""

    public = True
    inline = True

    def get_queryset(self):
        return queries.public_showcase()

    def get_file(self) -> tuple[Any, str, str]:
        picture = self.object.picture
        if picture is None:
            raise Http404
        return picture.file.open("rb"), picture.name, picture.content_type
