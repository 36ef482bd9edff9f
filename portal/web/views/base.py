"""What all pages share: policy first, the page's head, the fragment rule, refusals as 403, 404 or 409."""

from __future__ import annotations

from functools import cached_property
from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View

from portal.core.context import PUBLIC
from portal.core.decisions import ALLOWED, Decision
from portal.core.errors import Conflict, DomainError, Refused
from portal.core.policies import may
from portal.web.ui import Action, Crumb, PageContext, Tab
from portal.web.views.errors import conflict_page, error_page, refused_page

LAYOUTS = ("desk", "public", "focus", "print")


class PolicyError(ImproperlyConfigured):
    """A view class without ``policy_action`` and not ``public``: it would be open to everybody who signed in."""


def may_open(url: str, actor: Any) -> bool:
    """Whether the desk may open this list; pages about one object answer for themselves (True)."""
    try:
        found = resolve(url.partition("?")[0])
    except Resolver404:
        return True
    action = getattr(getattr(found.func, "view_class", None), "policy_action", "")
    return not action or bool(found.kwargs) or bool(may(actor, action))


class PageView(View):
    """Base of all views.

    ``policy_action``  asked before anything else, on the object when there is one
    ``public``         everybody may; the active scope alone decides what is seen
    ``layout``         desk, public, focus or print
    """

    policy_action: ClassVar[str] = ""
    public: ClassVar[bool] = False
    abstract: ClassVar[bool] = True
    layout: ClassVar[str] = "desk"
    template_name: ClassVar[str] = ""
    fragment_name: ClassVar[str] = ""
    title: ClassVar[Any] = ""
    subtitle: ClassVar[Any] = ""
    lookup_field: ClassVar[str] = "pk"
    view_action: ClassVar[str] = ""  # who may know that the object exists; by default “<policy>.view”
    context_name: ClassVar[str] = "object"
    narrow: ClassVar[bool] = False

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if cls.__dict__.get("abstract", False):
            return
        cls.abstract = False
        if not cls.public and not cls.policy_action:
            raise PolicyError(f"{cls.__module__}.{cls.__qualname__} sets neither policy_action nor public = True")
        if cls.layout not in LAYOUTS:
            raise PolicyError(f"{cls.__qualname__}: unknown layout {cls.layout!r}")

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Any:
        if cls.abstract:
            raise PolicyError(f"{cls.__qualname__} is abstract")
        view = super().as_view(**initkwargs)
        view.login_required = not cls.public  # read by LoginRequiredMiddleware
        return view

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.actor = getattr(request, "actor", PUBLIC)

    @cached_property
    def now(self) -> Any:
        """One moment for the whole request."""
        return timezone.now()

    # --- may I -------------------------------------------------------------------------------------
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            if self.policy_action and not self._method_unknown():
                self.check_policy()
            return super().dispatch(request, *args, **kwargs)
        except Refused as error:
            return self.refused(error)
        except Conflict as error:
            return conflict_page(request, error)
        except DomainError as error:
            return error_page(request, error.status, message=error.message)

    def _method_unknown(self) -> bool:
        return self.request.method.lower() not in self.http_method_names or not hasattr(
            self, self.request.method.lower()
        )

    def check_policy(self) -> None:
        """Raises Refused unless the policy allows ``policy_action`` on this view's object."""
        decision = may(self.actor, self.policy_action, self.policy_object())
        if not decision:
            raise Refused(decision)

    def policy_object(self) -> Any:
        """What the policy is asked about: the looked-up object, or None for lists and creation."""
        return self.object if self.has_object else None

    def refused(self, error: Refused) -> HttpResponse:
        """404 when the object must not be known to exist, a 403 page with the reason otherwise."""
        if self.has_object and not self.may_see(self.object):
            raise Http404
        return refused_page(self.request, error)

    def may_see(self, obj: Any) -> Decision:
        if self.public and not (self.view_action or self.policy_action):
            return ALLOWED  # the public scope has shown it
        action = self.view_action or f"{self.policy_action.split('.', 1)[0]}.view"
        return may(self.actor, action, obj)

    # --- the object --------------------------------------------------------------------------------
    def get_queryset(self) -> QuerySet | None:
        """Rows of a queries function, inside the active scope; None for views about no object."""
        return None

    @property
    def has_object(self) -> bool:
        return self.lookup_field in self.kwargs

    @cached_property
    def object(self) -> Any:
        """The row of ``get_queryset`` that the URL names; 404 when the scope does not have it."""
        queryset = self.get_queryset()
        if queryset is None:
            return None
        try:
            return queryset.get(**{self.lookup_field: self.kwargs[self.lookup_field]})
        except (queryset.model.DoesNotExist, ValueError, ValidationError) as error:
            raise Http404 from error

    # --- the page ----------------------------------------------------------------------------------
    def page_title(self) -> Any:
        return self.title

    def page_crumbs(self) -> list[Crumb]:
        return []

    def page_actions(self) -> list[Action]:
        return []

    def page_tabs(self) -> list[Tab]:
        return []

    def page(self) -> PageContext:
        """Head of the page; override the parts, or the whole."""
        return PageContext(
            title=self.page_title(),
            subtitle=self.subtitle,
            crumbs=self.page_crumbs(),
            actions=self.page_actions(),
            tabs=self.page_tabs(),
            narrow=self.narrow,
        )

    def context(self) -> dict[str, Any]:
        """More context for the template; override and extend."""
        return {}

    @property
    def wants_fragment(self) -> bool:
        htmx = getattr(self.request, "htmx", None)
        return bool(self.fragment_name and htmx and not htmx.boosted and not htmx.history_restore_request)

    def render(self, status: int = 200, template: str = "", **context: Any) -> HttpResponse:
        """The page – or, for htmx, only its fragment."""
        name = template or (self.fragment_name if self.wants_fragment else self.template_name)
        page = self.page()
        # A path that ends in a refusal leads nowhere: lists this desk may not open are named without a link.
        page.crumbs = [crumb if may_open(crumb.url, self.actor) else Crumb(crumb.label) for crumb in page.crumbs]
        above = [*page.crumbs[:1], *page.tabs[:1]]
        self.request.page_above = above[0].url if above else ""  # the menu marks where the page hangs
        if len(page.crumbs) > 1 and str(page.crumbs[-1].label) == str(page.title):  # a tab of a record bears its title
            page.crumbs.pop()
        everything = {
            "page": page,
            "layout_template": f"layouts/{self.layout}.html",
            "fragment_name": self.fragment_name,
            "view": self,
            "actor": self.actor,
            "now": self.now,
        }
        if self.has_object and self.get_queryset() is not None:
            everything |= {"object": self.object, self.context_name: self.object}
        response = render(self.request, name, everything | self.context() | context, status=status)
        if self.fragment_name:
            response["Vary"] = "HX-Request"
        return response

    def done(self, message: Any, url: str) -> HttpResponse:
        """Says what is now so, and leads on."""
        if message:
            messages.success(self.request, str(message))
        return self.redirect(url)

    def redirect(self, url: str) -> HttpResponse:
        if getattr(self.request, "htmx", False):
            return HttpResponse(status=204, headers={"HX-Redirect": url})
        return HttpResponseRedirect(url)

    def fail(self, message: Any, url: str) -> HttpResponse:
        """Says what did not work, and leads on."""
        messages.error(self.request, str(message) or _("没有办理，请检查后重试。"))
        return self.redirect(url)


class FragmentView(PageView):
    """A part of a page on its own address: renders ``fragment_name`` always."""

    abstract = True

    @property
    def wants_fragment(self) -> bool:
        return True

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render()
