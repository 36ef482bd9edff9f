"""日历订阅 in the personal centre: one secret address per desk, renewed and stopped here."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.accounts.authentication import FEED_PREFIX
from portal.accounts.domain.feeds import create_feed, revoke_feed
from portal.accounts.models import Membership
from portal.accounts.queries.feeds import feeds_of
from portal.accounts.views.profile import profile_tabs
from portal.web.ui import Crumb, Tab
from portal.web.views import ActionView, PageView


class FeedList(PageView):
    policy_action = "profile.tokens"
    template_name = "accounts/feeds.html"
    title = _("日历订阅")

    def page_tabs(self) -> list[Tab]:
        return profile_tabs("accounts:feed.list")

    def get(self, request: HttpRequest) -> HttpResponse:
        feeds = feeds_of(self.actor.user)
        return self.render(
            desks=[(membership, feeds.get(membership.pk)) for membership in request.memberships],
            public_url=request.build_absolute_uri(reverse("lifecycle:public.feed")),
        )


class FeedView(ActionView):
    """Something about the address of one of the person's own desks."""

    abstract = True
    policy_action = "profile.tokens"
    lookup_field = "membership_id"

    @property
    def has_object(self) -> bool:
        return False

    @cached_property
    def membership(self) -> Membership:
        """404 for a desk that is not the person's own."""
        wanted = self.kwargs["membership_id"]
        found = next((m for m in self.request.memberships if m.pk == wanted), None)
        if found is None:
            raise Http404
        return found

    def get_failure_url(self) -> str:
        return reverse("accounts:feed.list")


class FeedCreate(FeedView):
    title = _("订阅地址已生成")

    def page_crumbs(self) -> list[Crumb]:
        return [Crumb(_t("日历订阅"), reverse("accounts:feed.list"))]

    def perform(self) -> HttpResponse:
        secret = create_feed(membership=self.membership, actor=self.actor, now=self.now)
        address = self.request.build_absolute_uri(f"{FEED_PREFIX}{secret}.ics")
        response = self.render(template="accounts/feed_once.html", address=address, membership=self.membership)
        response["Cache-Control"] = "no-store"
        return response


class FeedRevoke(FeedView):
    def perform(self) -> HttpResponse:
        revoke_feed(membership=self.membership, actor=self.actor, now=self.now)
        return self.done(_t("订阅地址已停用，用它的日历不再更新。"), self.get_failure_url())
