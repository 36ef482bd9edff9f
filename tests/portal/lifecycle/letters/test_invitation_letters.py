"""Invitations by letter: nothing leaves before a person sends it, and the link is in the letter only."""

from __future__ import annotations

import json
import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.accounts.domain.invitations import (
    Invitee,
    NewAccount,
    accept_invitation,
    ask_for_letter,
    cancel_invitation,
    hash_of,
    invite_by_letter,
    renew_invitation,
)
from portal.accounts.enums import Role
from portal.accounts.models import Invitation
from portal.accounts.queries.memberships import invitation_by_token_hash
from portal.audit.models import AuditEvent
from portal.core.errors import Conflict, Invalid, Refused
from portal.core.scoping import system_scope
from portal.jobs.models import JobRun
from portal.jobs.tasks import run_job
from portal.lifecycle.letters.invitations.domain import JOB, deliver, edit_letter, send_letters
from portal.lifecycle.letters.invitations.models import InvitationLetter, InviteState
from tests.factories.accounts import make_invitation

pytestmark = pytest.mark.django_db
LINK = re.compile(r"https?://\S+/invitation/([\w-]+)/")


def drafted(tree, organisation=None, **facts):
    facts = {"name": "李新明", "email": "li@example.org"} | facts
    invitee = Invitee(organisation or tree.zone, Role.CHECKER, **facts)
    invitation = invite_by_letter(actor=tree.manager, invitee=invitee, now=timezone.now())
    return InvitationLetter.objects.get(pk=invitation.pk)


def sent(letter, actor):
    run = send_letters(chosen=[letter], actor=actor, base_url="https://portal.example/", now=timezone.now())
    run_job(run.pk)
    letter.refresh_from_db()
    return LINK.search(mail.outbox[-1].body)[1] if mail.outbox else ""


def link_of(token):
    return invitation_by_token_hash(hash_of(token))


def test_nothing_leaves_before_the_letter_is_sent_and_then_its_link_works(tianjin, all_rows):
    letter = drafted(tianjin)
    invitation = letter.invitation
    assert (letter.state, invitation.token_hash, invitation.expires_at) == (InviteState.DRAFT, None, None)
    assert not mail.outbox
    assert not JobRun.objects.filter(kind=JOB).exists()
    token = sent(letter, tianjin.manager)
    assert letter.state == InviteState.SENT
    assert mail.outbox[0].to == ["li@example.org"]
    assert "{" not in mail.outbox[0].subject + mail.outbox[0].body
    assert link_of(token) == invitation
    _user, membership = accept_invitation(
        invitation=link_of(token), account=NewAccount("lixinming", "Tianjin-Gonghui-2026"), now=timezone.now()
    )
    assert membership.organisation == tianjin.zone
    with pytest.raises(Conflict):
        sent(letter, tianjin.manager)
    assert len(mail.outbox) == 1


def test_sending_again_voids_the_former_link(tianjin, all_rows):
    letter = drafted(tianjin)
    first = sent(letter, tianjin.manager)
    run = JobRun.objects.get(kind=JOB)
    run_job(run.pk)  # the same run twice sends nothing twice
    assert len(mail.outbox) == 1
    second = sent(letter, tianjin.manager)
    assert link_of(first) is None
    assert link_of(second).pk == letter.pk
    assert not letter.has_dead_link
    renew_invitation(actor=tianjin.manager, invitation=letter.invitation, now=timezone.now())
    assert InvitationLetter.objects.get(pk=letter.pk).has_dead_link
    assert link_of(second) is None


def test_no_page_row_or_record_of_the_portal_ever_holds_the_token(tianjin, desk_client, all_rows):
    letter = drafted(tianjin)
    token = sent(letter, tianjin.manager)
    manager = desk_client(tianjin.manager)
    base = reverse("lifecycle:invitation_letter.list")
    part = token[8:]  # the search box gives back what was typed, so only a part is typed
    urls = [base, f"{base}{letter.pk}/", f"{base}?q={part}", f"/desk/members/invitations/{letter.pk}/"]
    urls += [f"/desk/audit/?q={part}", f"/desk/jobs/{JobRun.objects.get(kind=JOB).pk}/"]
    for url in urls:
        response = manager.get(url)
        assert response.status_code == 200, url
        assert token not in response.content.decode(), url
    assert "没有符合条件" in manager.get(f"{base}?q={part}").content.decode()
    rows = [*InvitationLetter.objects.values(), *Invitation.objects.values(), *JobRun.objects.values()]
    assert token not in json.dumps([rows, list(AuditEvent.objects.values())], default=str)


def test_what_was_refused_waits_for_a_person_and_goes_again(tianjin, settings, all_rows):
    letter = drafted(tianjin)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9  # nobody listens
    sent(letter, tianjin.manager)
    assert letter.state == InviteState.FAILED
    assert "没有接收" in letter.error
    assert "127" not in letter.error
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert link_of(sent(letter, tianjin.manager)).pk == letter.pk
    actions = set(AuditEvent.objects.values_list("action", flat=True))
    assert {f"lifecycle.invitation_letter.{name}" for name in ("drafted", "sending", "failed", "sent")} <= actions


def test_text_message_carries_the_link(tianjin, settings, tmp_path, all_rows):
    settings.SMS_GATEWAY, settings.DATA_DIR = "portal.lifecycle.letters.channels.FileGateway", tmp_path
    letter = drafted(tianjin, email="", phone="138 0000 0000")
    assert letter.channel == "sms"
    sent(letter, tianjin.manager)
    line = json.loads((tmp_path / "sms.jsonl").read_text(encoding="utf-8"))
    assert link_of(LINK.search(line["text"])[1]).pk == letter.pk


def test_without_a_way_to_the_person_there_is_no_letter(tianjin, settings, all_rows):
    settings.SMS_GATEWAY = ""
    for facts in ({"email": ""}, {"email": "", "phone": "13800000000"}):  # no text messages in this installation
        with pytest.raises(Invalid) as error:
            drafted(tianjin, **facts)
        assert "email" in error.value.fields
    assert not Invitation.objects.exists()
    plain, token = make_invitation(tianjin.manager, tianjin.zone, Role.CHECKER)
    with pytest.raises(Invalid):
        ask_for_letter(actor=tianjin.manager, invitation=plain, now=timezone.now())
    Invitation.objects.update(email="li@example.org")
    ask_for_letter(actor=tianjin.manager, invitation=plain, now=timezone.now())
    assert link_of(token) == plain  # what was handed over works until the letter leaves
    sent(InvitationLetter.objects.get(), tianjin.manager)
    assert link_of(token) is None


def test_cancelled_between_queue_and_worker_is_not_sent(tianjin, all_rows):
    letter, now = drafted(tianjin), timezone.now()
    send_letters(chosen=[letter], actor=tianjin.manager, base_url="https://portal.example", now=now)
    cancel_invitation(actor=tianjin.manager, invitation=letter.invitation, now=now)
    counts = deliver(pks=[letter.pk], base_url="", actor=tianjin.manager, now=now, report=lambda *_: None)
    assert counts == {"sent": 0, "failed": 1}
    assert not mail.outbox


def test_words_are_checked_and_only_managers_above_write(tianjin, all_rows):
    letter = drafted(tianjin)
    words = {"heading": "邀请", "channel": "email", "now": timezone.now()}
    for body in ("{收件人}，请来。", "{邀请链接}{密码}"):
        with pytest.raises(Invalid) as error:
            edit_letter(letter=letter, body=body, actor=tianjin.manager, **words)
        assert "body" in error.value.fields
    with pytest.raises(Refused):
        edit_letter(letter=letter, body="{邀请链接}", actor=tianjin.zone_checker, **words)


def test_invitation_by_letter_through_the_pages(tianjin, desk_client):
    manager = desk_client(tianjin.manager)
    page = reverse("accounts:invitation.create")
    data = {
        "name": "李新明",
        "organisation": f"{tianjin.unit.name}（{tianjin.unit.code}）",
        "role": "filer",
        "way": "letter",
    }
    refused = manager.post(page, data)
    assert refused.status_code == 422
    assert "email" in refused.context["form"].errors
    made = manager.post(page, data | {"email": "li@example.org"})
    text = manager.get(made.url).content.decode()
    assert "发送时生成的邀请链接" in text
    home = manager.get(reverse("lifecycle:worklist.home")).content.decode()
    assert "邀请李新明担任" in home
    listing = reverse("lifecycle:invitation_letter.list")
    with system_scope("test"):
        pk = InvitationLetter.objects.get().pk
    words = {"channel": "email", "heading": "请开通账号", "body": "{收件人}：{邀请链接}"}
    assert manager.post(f"{listing}{pk}/change/", words).status_code == 302
    preview = manager.post(f"{listing}send/", {"selected": [pk]}).content.decode()
    assert "李新明" in preview
    assert not mail.outbox
    assert manager.post(f"{listing}send/", {"selected": [pk], "confirmed": "1"}).status_code == 302
    assert "正在发送" in manager.get(f"{listing}{pk}/").content.decode()
    assert manager.post(f"{listing}{pk}/send/").status_code == 409
    with system_scope("test"):
        run_job(JobRun.objects.get(kind=JOB).pk)
    (message,) = mail.outbox
    assert message.subject == "请开通账号"
    assert Client().get(LINK.search(message.body)[0].removeprefix("http://testserver")).status_code == 200
    assert "邀请李新明担任" not in manager.get(reverse("lifecycle:worklist.home")).content.decode()
