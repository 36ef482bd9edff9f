"""What the unit's code opens on a worker's phone: quizzes, courses, handing in the picture of one's points."""

from __future__ import annotations

from typing import Any

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from competitions.learning import forms, queries
from competitions.learning.calculations import score_of
from competitions.learning.domain import doors, quizzes
from portal.core.dates import local_date
from portal.core.errors import DomainError, Invalid
from portal.web.ratelimit import limit
from portal.web.ui import PageContext
from portal.web.views import PageView

WRONG_ADDRESSES, TRIES = 30, 60  # an hour and client: a workshop's network is one address
HOUR = 3600
SALT = "competitions.learning.result"
TRAP = "website"  # a field that people do not see


class AtDoor(PageView):
    """Reached by the unit's own address: never cached, never indexed."""

    abstract = True
    public = True
    layout = "public"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().dispatch(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        response["X-Robots-Tag"] = "noindex, nofollow"
        response["Referrer-Policy"] = "same-origin"
        return response

    @cached_property
    def door(self) -> Any:
        found = queries.by_token(self.kwargs["token"])
        if found is None:
            limit("learning-address", times=WRONG_ADDRESSES, seconds=HOUR)
            raise Http404
        return found

    def address(self, name: str, **more: Any) -> str:
        return reverse(f"competitions:public.{name}", kwargs={"token": self.door.token} | more)

    def page(self) -> PageContext:
        return PageContext(title=self.page_title(), subtitle=self.door.organisation.name, narrow=True)


class DoorHome(AtDoor):
    template_name = "competitions/public_door.html"
    title = _("职工学习入口")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        offered = queries.offered_at(self.door, local_date(self.now))
        for row in offered:
            row.quiz_url = self.address("quiz", pk=row.pk) if row.kind == "quiz" else ""
        return self.render(
            quizzes=[r for r in offered if r.quiz_url], courses=[r for r in offered if not r.quiz_url],
            proof_url=self.address("proof"),
        )  # fmt: skip


class FormAtDoor(AtDoor):
    abstract = True

    def form(self, *data: Any) -> Any:
        raise NotImplementedError

    def act(self, form: Any) -> str:
        """One domain function; where to go on."""
        raise NotImplementedError

    def show(self, form: Any, status: int = 200) -> HttpResponse:
        return self.render(status=status, form=form, trap=TRAP, home_url=self.address("door"))

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(self.form())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.form(request.POST, request.FILES)
        if not form.is_valid():
            return self.show(form, 422)
        if request.POST.get(TRAP):  # told the same as everybody, kept nowhere
            return self.redirect(self.address("door"))
        try:
            limit("learning-act", times=TRIES, seconds=HOUR)
            return self.redirect(self.act(form))
        except DomainError as error:
            form.add_domain_error(error)
            return self.show(form, 422 if isinstance(error, Invalid) else error.status)


class DoorQuiz(FormAtDoor):
    template_name = "competitions/public_quiz.html"

    @cached_property
    def quiz(self) -> Any:
        found = queries.quiz_at(self.door, self.kwargs["pk"], local_date(self.now))
        if found is None:
            raise Http404
        return found

    def page_title(self) -> Any:
        return self.quiz[0].title

    def form(self, *data: Any) -> Any:
        return forms.QuizForm(*data, questions=self.quiz[1])

    def context(self) -> dict[str, Any]:
        return {"quiz": self.quiz[0], "count": len(self.quiz[1])}

    def act(self, form: Any) -> str:
        data = form.cleaned_data
        row = quizzes.take_quiz(
            actor=self.actor, door=self.door, resource=self.quiz[0], name=data["name"], id_number=data["id_number"],
            answers=form.answers, now=self.now,
        )  # fmt: skip
        return self.address("quiz_result", key=signing.dumps(row.pk, salt=SALT))


class DoorResult(AtDoor):
    """One's own result for an hour, by a signed address; the person is not named on it."""

    template_name = "competitions/public_quiz_result.html"

    @cached_property
    def attempt(self) -> Any:
        try:
            pk = signing.loads(self.kwargs["key"], salt=SALT, max_age=HOUR)
        except signing.BadSignature as error:
            raise Http404 from error
        found = queries.attempt(pk)
        if found is None or found.organisation_id != self.door.organisation_id:
            raise Http404
        return found

    def page_title(self) -> Any:
        return self.attempt.resource.title

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        row = self.attempt
        lines = []
        for question in queries.questions_of(row):
            chosen = sorted(row.answers.get(str(question.pk), []))
            letters = "".join(quizzes.LETTERS[n] for n in chosen)
            lines.append({"question": question, "chosen": letters, "ok": chosen == sorted(question.right)})
        return self.render(
            attempt=row, lines=lines, score=score_of(row.right, row.total), home_url=self.address("door"),
            again_url="" if row.passed else self.address("quiz", pk=row.resource_id),
        )  # fmt: skip


class DoorProof(FormAtDoor):
    template_name = "competitions/public_proof.html"
    title = _("提交学习积分截图")

    def form(self, *data: Any) -> Any:
        return forms.ProofForm(*data)

    def act(self, form: Any) -> str:
        doors.hand_in_proof(
            actor=self.actor, organisation=self.door.organisation, door=self.door, facts=form.facts,
            upload=form.cleaned_data["file"], now=self.now,
        )  # fmt: skip
        return self.address("proof_done")


class DoorProofDone(AtDoor):
    template_name = "competitions/public_proof_done.html"
    title = _("已提交")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render(home_url=self.address("door"))
