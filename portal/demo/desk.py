"""A person at a desk: opens pages and presses their buttons by the real views, and says what a page refused."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.contrib.messages import ERROR, get_messages
from django.test import Client
from django.urls import reverse
from lxml import html

from portal.accounts.middleware import SESSION_KEY
from portal.core.context import Actor

OK, REFUSED = 200, 400


class PageProblem(Exception):
    """A page did not do what the person wanted; names the page and repeats what it said."""

    def __init__(self, page: str, message: str) -> None:
        super().__init__(f"{page}：{message}")
        self.page, self.message = page, message


class Page:
    """What a desk sees: the address, the words, the forms with what stands in them."""

    def __init__(self, url: str, content: bytes) -> None:
        self.url = url
        self.tree = html.fromstring(content) if content.strip() else html.fromstring("<p></p>")

    @property
    def title(self) -> str:
        return "".join(self.tree.xpath("//h1[1]//text()")).strip() or self.url

    def problems(self) -> str:
        found = [
            " ".join("".join(node.itertext()).split())
            for node in self.tree.xpath(
                '//*[@role="alert" and not(@hidden)] | //*[contains(@class,"field-error")] | //*[contains(@class,"refusal")]'
            )
        ]
        return "；".join(dict.fromkeys(text for text in found if text))

    def form(self, action: str = "") -> dict[str, Any]:
        """What stands in the form that posts to ``action`` (the page itself without one)."""
        wanted = urlsplit(action or self.url).path
        for form in self.tree.forms:
            target = urlsplit(form.get("action") or self.url).path
            if form.method == "POST" and target == wanted:
                values: dict[str, Any] = {}
                for name, value in form.form_values():
                    values.setdefault(name, []).append(value)
                values.pop("csrfmiddlewaretoken", None)
                return values
        raise PageProblem(self.url, f"没有提交到 {wanted} 的表单")

    def options(self, name: str) -> list[str]:
        """Values that a choice of the page offers, without the blank."""
        nodes = self.tree.xpath(f'//select[@name="{name}"]/option/@value | //input[@name="{name}"]/@value')
        return [str(value) for value in nodes if value]

    def names(self, beginning: str) -> list[str]:
        nodes = self.tree.xpath(f'//*[starts-with(@name, "{beginning}")]/@name')
        return list(dict.fromkeys(map(str, nodes)))


class Desk:
    """One signed-in person, or anybody (without an actor). Every refusal of a page is a ``PageProblem``."""

    def __init__(self, actor: Actor | None) -> None:
        self.actor, self.client = actor, Client()
        if actor is None:
            return
        self.client.force_login(actor.user, backend="allauth.account.auth_backends.AuthenticationBackend")
        session = self.client.session
        session[SESSION_KEY] = actor.desk.membership_id
        session.save()

    def open(self, name: str, /, *args: Any, query: str = "") -> Page:
        url = reverse(name, args=args) + (f"?{query}" if query else "")
        answer = self.client.get(url, follow=True)
        if answer.status_code != OK:
            raise PageProblem(url, f"打不开（{answer.status_code}）")
        if answer.redirect_chain:
            url = answer.redirect_chain[-1][0]
        return Page(url, answer.content)

    def download(self, name: str, /, *args: Any) -> bytes:
        url = reverse(name, args=args)
        answer = self.client.get(url)
        if answer.status_code != OK:
            raise PageProblem(url, f"不能下载（{answer.status_code}）")
        return answer.getvalue()

    def press(self, name: str, /, *args: Any, query: str = "", **values: Any) -> str:
        """Posts; returns where it leads. What the page refuses, beside its fields or as a message, is raised."""
        url = reverse(name, args=args) + (f"?{query}" if query else "")
        answer = self.client.post(url, values)
        if answer.status_code >= OK + 100 and answer.status_code < REFUSED:
            said = [str(m) for m in get_messages(answer.wsgi_request) if m.level >= ERROR]
            if said:
                raise PageProblem(url, "；".join(said))
            return answer.url
        content = answer.content if "html" in answer.get("Content-Type", "") else b""
        raise PageProblem(url, Page(url, content).problems() or f"没有办成（{answer.status_code}）")

    def fill_in(self, name: str, /, *args: Any, query: str = "", **values: Any) -> str:
        """Opens the form, keeps what stands in it, types ``values``, sends it."""
        page = self.open(name, *args, query=query)
        return self.press(name, *args, query=query, **(page.form(reverse(name, args=args)) | values))
