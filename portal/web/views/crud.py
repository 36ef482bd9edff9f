"""Record, form and action pages. Mutations are POST, one domain function per view, redirect after."""

from __future__ import annotations

from typing import Any, ClassVar

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from portal.core.errors import Conflict, DomainError, Refused
from portal.core.policies import may
from portal.web.views.base import PageView


class DetailView(PageView):
    """Shows one record (archetype 3)."""

    abstract = True

    def page_title(self) -> Any:
        return self.title or str(self.object)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render()


class FormView(PageView):
    """Shows a form, and on POST hands its clean data to one domain function in ``perform``."""

    abstract = True
    form_class: ClassVar[type[BaseForm] | None] = None
    template_name = "web/form.html"
    submit_label: ClassVar[Any] = _("保存")
    submit_kind: ClassVar[str] = "primary"
    confirm: ClassVar[Any] = ""
    intro: ClassVar[Any] = ""
    narrow = True

    def get_form_class(self) -> type[BaseForm]:
        if self.form_class is None:
            raise NotImplementedError(f"{type(self).__name__} needs form_class")
        return self.form_class

    def get_form_kwargs(self) -> dict[str, Any]:
        """More keyword arguments for the form (choices by desk, the object …)."""
        return {}

    def get_initial(self) -> dict[str, Any]:
        return {}

    def get_form(self) -> Any:
        kwargs = {"initial": self.get_initial()} | self.get_form_kwargs()
        if self.request.method == "POST":
            kwargs |= {"data": self.request.POST, "files": self.request.FILES}
        return self.get_form_class()(**kwargs)

    def perform(self, form: Any) -> HttpResponse:
        """Calls one domain function and returns ``self.done(message, url)``."""
        raise NotImplementedError

    def get_cancel_url(self) -> str:
        obj = self.object if self.has_object else None
        if hasattr(obj, "get_absolute_url"):
            return obj.get_absolute_url()
        crumbs = [c.url for c in self.page_crumbs() if c.url]
        return crumbs[-1] if crumbs else ""

    def context(self) -> dict[str, Any]:
        return {
            "submit_label": self.submit_label,
            "submit_kind": self.submit_kind,
            "confirm": self.confirm,
            "intro": self.intro,
            "cancel_url": self.get_cancel_url(),
        }

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render(form=self.get_form())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.get_form()
        if form.is_valid():
            try:
                return self.perform(form)
            except Conflict:
                raise
            except Refused as error:
                return self.refused_form(form, error)
            except DomainError as error:
                form.add_domain_error(error)
                return self.render(form=form, status=max(error.status, 422))
        return self.render(form=form, status=422)

    def refused_form(self, form: Any, error: Refused) -> HttpResponse:
        """Who may do this in principle keeps what was typed and reads what still stands against it; others get the refusal."""
        if not self.policy_action or not may(self.actor, self.policy_action, self.policy_object()):
            raise error
        for decision in error.decisions:
            form.add_error(None, decision.message)
        return self.render(form=form, status=error.status)


class ActionView(PageView):
    """One POST, one domain function, redirect. A DomainError becomes a message on the page it came from."""

    abstract = True
    http_method_names = ("post", "options")

    def perform(self) -> HttpResponse:
        """Calls one domain function and returns ``self.done(message, url)``."""
        raise NotImplementedError

    def get_failure_url(self) -> str:
        """Where the message about a refused act is shown."""
        if self.has_object and hasattr(self.object, "get_absolute_url"):
            return self.object.get_absolute_url()
        return "/"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return self.perform()
        except (Refused, Conflict):
            raise
        except DomainError as error:
            return self.fail(error.message, self.get_failure_url())
