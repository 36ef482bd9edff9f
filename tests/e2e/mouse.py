"""A person with a mouse: what ``portal.demo.desk.Desk`` does with requests, done by clicking and typing in a browser.

A form that cannot be seen, a button that is missing, a page that no link leads to is a ``PageProblem``: the walk through
a programme then proves that people find their way, not only that the views answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.core.files.base import File
from django.urls import Resolver404, resolve, reverse
from playwright.sync_api import Error, Locator
from playwright.sync_api import Page as BrowserPage

from portal.core.context import Actor
from portal.demo.desk import Page as Seen
from portal.demo.desk import PageProblem

OK, REDIRECT, REFUSED = 200, 300, 400
REMEMBERED = 6  # pages a person goes back to before asking around
PLAIN = "button[type=submit]:visible:not([name=_add_row])"
FAR = 40  # pages after which a person gives up
WRONG = "[data-toast].toast-error, .toast-line.toast-error"


@dataclass
class Map:
    """Which kinds of pages were opened by address, and which were seen as a link by anybody with that desk."""

    typed: dict[str, str] = field(default_factory=dict)
    linked: set[str] = field(default_factory=set)

    def lost(self) -> dict[str, str]:
        """Kinds of pages that somebody had to know the address of, with one example."""
        return {name: url for name, url in self.typed.items() if name not in self.linked}


def kind_of(url: str) -> str:
    try:
        return resolve(urlsplit(url).path).view_name
    except Resolver404:
        return ""


def room_of(url: str) -> str:
    """``lifecycle:review`` of ``/desk/reviews/7/``."""
    return kind_of(url).partition(".")[0]


def pages_above(url: str) -> list[str]:
    """The page of an address and those it stands below, nearest first: ``/review/1/save/`` is pressed on ``/review/1/``."""
    parts = url.strip("/").split("/")
    return [address for n in range(len(parts), 0, -1) if is_page(address := "/" + "/".join(parts[:n]) + "/")]


def is_page(url: str) -> bool:
    try:
        view = getattr(resolve(url).func, "view_class", None)
    except Resolver404:
        return False
    return hasattr(view, "get") and "get" in view.http_method_names


class MouseDesk:
    """The interface of ``Desk``. ``places`` names addresses where a person looks for a button (the cycle's page)."""

    def __init__(self, actor: Actor | None, page: BrowserPage, known: Map, places: Callable[[], list[str]]) -> None:
        self.actor, self.page, self.map, self.places = actor, page, known, places
        self.seen: list[str] = []

    # --- going -------------------------------------------------------------------------------------

    def open(self, name: str, /, *args: Any, query: str = "") -> Seen:
        url = reverse(name, args=args) + (f"?{query}" if query else "")
        link = self.page.locator(f'a[href="{url}"]')
        if not link.count() and name not in self.map.linked:
            self._wander(url, "", lambda: bool(link.count()))
        if not link.count():
            self.map.typed.setdefault(name, url)
        self._go(url)
        return self._look()

    def _go(self, url: str) -> None:
        """By a link of this page if there is one, else by the address; the map keeps who had to know it."""
        link = self.page.locator(f'a[href="{url}"]:visible').first
        if link.count() and not link.get_attribute("target"):
            link.click()
            self.page.wait_for_load_state()
        else:
            try:
                answer = self.page.goto(url)
            except Error as problem:  # an empty answer with an error code is no page for the browser
                raise PageProblem(url, "打不开") from problem
            if answer is not None and answer.status >= REFUSED:
                raise PageProblem(url, f"打不开（{answer.status}）")
        self._remember()

    def _remember(self) -> None:
        here = urlsplit(self.page.url)
        url = here.path + (f"?{here.query}" if here.query else "")
        self.seen = [url, *(u for u in self.seen if u != url)][:REMEMBERED]
        links = self.page.eval_on_selector_all("a[href]", "all => all.map(a => a.getAttribute('href'))")
        self.map.linked |= {kind_of(urljoin(url, link)) for link in links if link and link[:1] in "/?"}

    def _look(self) -> Seen:
        return Seen(self.seen[0], self.page.content().encode())

    def download(self, name: str, /, *args: Any) -> bytes:
        url = reverse(name, args=args)
        link = self.page.locator(f'a[href="{url}"]').first
        for place in [*self.seen, *self.places()]:
            if link.count() and link.is_visible():
                break
            self._go(place)
        else:
            raise PageProblem(self.page.url, f"没有下载 {url} 的链接")
        with self.page.expect_download() as waiting:
            link.click()
        return waiting.value.path().read_bytes()

    # --- doing -------------------------------------------------------------------------------------

    def fill_in(self, name: str, /, *args: Any, query: str = "", **values: Any) -> str:
        self.open(name, *args, query=query)
        return self.press(name, *args, query=query, **values)

    def press(self, name: str, /, *args: Any, query: str = "", **values: Any) -> str:
        """Types ``values`` into the form that posts to this address and clicks its button."""
        url = reverse(name, args=args)
        values = dict(values)
        if len(values) == 1 and isinstance(next(iter(values.values())), File) and self._upload(url, *values.values()):
            return self.seen[0]
        if "selected" in values and values.pop("confirmed", None):
            self._choose(url, query, values.pop("selected"))
        elif not self._found(url, values):
            self._search(url, query, lambda: self._found(url, values))
        return self._send(url, values)

    def _search(self, url: str, query: str, found: Callable[[], bool]) -> None:
        if not self._wander(url, query, found):
            raise PageProblem(self.page.url, f"没有找到提交到 {url} 的按钮")

    def _wander(self, url: str, query: str, found: Callable[[], bool]) -> bool:
        """Goes where a person would look: pages seen before, the form's own page and those above it, the places, and
        from there the links of the same room."""
        own = [address + (f"?{query}" if query else "") for address in pages_above(url)]
        ahead, been = [*self.seen, *own, *self.places()], set()
        while ahead and len(been) < FAR:
            place = ahead.pop(0)
            if place in been:
                continue
            been.add(place)
            try:
                self._go(place)
            except PageProblem:
                continue
            if found():
                return True
            ahead += self._links(room_of(url))
        return False

    def _links(self, room: str) -> list[str]:
        """Visible links of this page into a room, and those of the menu."""
        links = self.page.locator("main a[href]:visible, #menu a[href]").evaluate_all(
            "all => all.map(a => a.getAttribute('href'))"
        )
        return [link for link in links if link[:1] == "/" and room_of(link) == room]

    def _found(self, url: str, values: dict[str, Any]) -> bool:
        return any(True for _button in self._buttons(url, values)) or bool(self._self_saving(url, values))

    def _self_saving(self, url: str, values: dict[str, Any]) -> list[Locator]:
        """Fields that are saved as soon as one leaves them."""
        return [f for f in self.page.locator(f'[hx-post="{url}"]').all() if f.get_attribute("name") in values]

    def _buttons(self, url: str, values: dict[str, Any]) -> Iterable[Locator]:
        """Visible buttons that post to ``url``; of several forms the one that holds what is to be typed."""
        here = urlsplit(self.page.url).path
        named = [n for n in values if values[n] not in ("", None)]
        for button in self.page.locator(PLAIN).all():
            action, method, names = button.evaluate(
                "b => [b.getAttribute('formaction') || (b.form && b.form.getAttribute('action')) || '',"
                " (b.form && b.form.method) || '', b.form ? [...b.form.elements].map(e => e.name) : []]"
            )
            path = urlsplit(action).path or here
            if method != "post" or path != url:
                continue
            if named and not set(named) & set(names) and not self._is_only_action(names):
                continue
            yield button

    @staticmethod
    def _is_only_action(names: list[str]) -> bool:
        return not {n for n in names if n and n != "csrfmiddlewaretoken"}

    def _choose(self, url: str, query: str, chosen: list[Any]) -> None:
        """Ticks rows of a list, presses the button under it: the page then asks once more."""
        button = self.page.locator(f'button[formaction="{url}"]').first
        boxes = [self.page.locator(f'input[name=selected][value="{pk}"]').first for pk in chosen]
        if not button.count() or not all(box.count() for box in boxes):
            self._search(url, query, lambda: bool(button.count()) and all(box.count() for box in boxes))
        for box in boxes:
            box.check()
        button.click()
        self.page.wait_for_url(f"**{url}")

    def _upload(self, url: str, file: File) -> bool:
        """A file box that sends what was chosen at once; False where the page has a button for it."""
        box = self.page.locator(f'input[type=file][hx-post="{url}"]')
        for place in self.seen:
            if box.count():
                break
            self._go(place)
        else:
            return False
        with self.page.expect_response(lambda r: r.request.method == "POST" and urlsplit(r.url).path == url) as got:
            box.set_input_files(self._file(file))
        self.page.get_by_text(file.name).first.wait_for()
        if got.value.status >= REFUSED:
            raise PageProblem(url, self._complaints())
        return True

    def _send(self, url: str, values: dict[str, Any]) -> str:
        buttons = list(self._buttons(url, values))
        if not buttons and self._self_saving(url, values):
            return self._leave_fields(url, values)
        if not buttons:
            raise PageProblem(self.page.url, f"没有提交到 {url} 的按钮")
        button = max(buttons, key=lambda b: self._fits(b, values))
        form = button.evaluate_handle("b => b.form").as_element()
        for name, value in values.items():
            self._type(form, name, value)
        try:
            with self.page.expect_response(lambda r: r.request.method == "POST" and urlsplit(r.url).path == url) as got:
                button.click()
                dialog = self.page.locator("[data-confirm-dialog][open] [data-confirm-yes]")
                if dialog.count():
                    dialog.click()
        except Error as problem:
            raise PageProblem(
                url, self._complaints() or f"点了没有反应：{problem.message.splitlines()[0]}"
            ) from problem
        self.page.wait_for_load_state()
        self._remember()
        status = got.value.status
        stays = status < REDIRECT and "hx-request" not in got.value.request.headers  # the form again, with its errors
        if status >= REFUSED or stays or self.page.locator(WRONG).count():
            raise PageProblem(url, self._complaints() or f"没有办成（{status}）")
        return self.seen[0]

    def _leave_fields(self, url: str, values: dict[str, Any]) -> str:
        form = self._self_saving(url, values)[0].evaluate_handle("e => e.form").as_element()
        for name, value in values.items():
            if not self.page.locator(f'[name="{name}"]:visible').count():  # a reason that is asked for only at times
                continue
            with self.page.expect_response(lambda r: r.request.method == "POST" and urlsplit(r.url).path == url) as got:
                self._type(form, name, value)
                self.page.keyboard.press("Tab")
            if got.value.status >= REFUSED:
                raise PageProblem(url, self._complaints())
        return self.seen[0]

    @staticmethod
    def _fits(button: Locator, values: dict[str, Any]) -> tuple[bool, bool, bool]:
        """The button that says what is wanted, else the form's own one, else the main one."""
        name, look = button.get_attribute("name") or "", button.get_attribute("class") or ""
        return name in values, not name, "btn-primary" in look

    def _complaints(self) -> str:
        wrong = [" ".join(text.split()) for text in self.page.locator(WRONG).all_inner_texts()]
        invalid = self.page.evaluate(
            "[...document.querySelectorAll(':invalid')].filter(e => e.name)"
            ".map(e => e.name + '：' + e.validationMessage).slice(0, 4)"
        )
        return "；".join([*wrong, *filter(None, [self._look().problems()]), *invalid])

    # --- typing ------------------------------------------------------------------------------------

    def _type(self, form: Any, name: str, value: Any) -> None:
        wanted = value if isinstance(value, list | tuple) else [value]
        inputs = form.query_selector_all(f'[name="{name}"]')
        if not inputs and (button := self._row_button(form, name)):
            button.click()
            self.page.wait_for_timeout(300)
            inputs = form.query_selector_all(f'[name="{name}"]')
        shown = [e for e in inputs if e.get_attribute("type") == "file" or e.is_visible() or self._is_tickable(e)]
        if not shown or (isinstance(value, str) and not value):
            return
        kind = shown[0].evaluate("e => e.type")
        if kind == "file":
            shown[0].set_input_files([self._file(f) for f in wanted])
        elif kind in {"radio", "checkbox"}:
            texts = {str(w) for w in wanted}
            for box in shown:
                wish = (box.get_attribute("value") or "on") in texts
                if wish != box.is_checked() and (wish or kind == "checkbox"):
                    (box if box.is_visible() else box.evaluate_handle("e => e.labels[0]").as_element()).click()
        elif kind == "select-multiple":
            shown[0].select_option([str(w) for w in wanted])
        elif kind == "select-one":
            shown[0].select_option(str(wanted[0]))
        elif kind != "submit" and shown[0].is_editable() and shown[0].input_value() != str(wanted[0]):
            shown[0].fill(str(wanted[0]))

    @staticmethod
    def _is_tickable(element: Any) -> bool:
        """Boxes that are drawn by their label have no size of their own."""
        label = "e => e.labels && e.labels.length && e.labels[0].offsetParent !== null"
        return element.get_attribute("type") in {"radio", "checkbox"} and bool(element.evaluate(label))

    @staticmethod
    def _row_button(form: Any, name: str) -> Any:
        """Tables of a form: ``field-3-column`` may need another row."""
        parts = name.rsplit("-", 2)
        return form.query_selector(f'[name="_add_row"][value="{parts[0]}"]') if len(parts) == 3 else None

    @staticmethod
    def _file(file: File) -> dict[str, Any]:
        file.seek(0)
        return {
            "name": file.name,
            "mimeType": getattr(file, "content_type", "application/octet-stream"),
            "buffer": file.read(),
        }
