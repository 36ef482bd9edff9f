"""The showcase: only what was conferred and consented to, one picture a person chose, gone when the consent goes."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from portal.audit.models import AuditEvent
from portal.core.errors import Conflict, Invalid, Refused
from portal.core.scoping import PublicScope, scope, system_scope
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries.domain import withdraw_consent
from portal.lifecycle.entries.models import Attachment, ConsentRecord, Entry
from portal.lifecycle.showcase import domain, queries
from portal.lifecycle.showcase.models import ShowcaseItem
from tests.factories.notices import make_conferred, make_confirmed, take_back

pytestmark = pytest.mark.django_db


@pytest.fixture
def conferred(tianjin):
    return make_conferred(tianjin)


def prepare(entry, actor):
    return domain.prepare_page(entry=entry, actor=actor, now=timezone.now())


def publish(item, actor, picture=None, summary="减少返工，已在全厂推广。"):
    return domain.publish_page(item=item, summary=summary, picture=picture, actor=actor, now=timezone.now())


def picture_of(entry):
    return Attachment.objects.filter(entry=entry, content_type="image/png").first()


def public_count():
    with scope(PublicScope()):
        return queries.public_showcase().count()


def test_page_shows_the_released_fields_and_is_public_when_published(tianjin, conferred, all_rows):
    item = prepare(conferred[0], tianjin.manager)
    assert [line["label"] for line in item.shown] == ["成果名称", "成果简介"]
    assert public_count() == 0
    publish(item, tianjin.manager, picture_of(conferred[0]))
    assert public_count() == 1
    assert prepare(conferred[0], tianjin.manager) == item  # asked twice it is one page
    assert AuditEvent.objects.filter(action="lifecycle.showcase.prepared").count() == 1


def test_page_holds_nothing_that_is_not_public(tianjin, conferred, all_rows):
    item = prepare(conferred[0], tianjin.manager)
    text = str(item.shown) + item.summary
    assert "120199" not in text
    assert "enc1:" not in text


def test_without_consent_there_is_no_page(tianjin, conferred, all_rows):
    ConsentRecord.objects.filter(entry=conferred[0], purpose="publish").update(withdrawn_at=timezone.now())
    with pytest.raises(Invalid, match="没有同意公开"):
        prepare(conferred[0], tianjin.manager)
    item = prepare(conferred[1], tianjin.manager)
    ConsentRecord.objects.filter(entry=conferred[1], purpose="publish").update(withdrawn_at=timezone.now())
    with pytest.raises(Invalid, match="没有同意公开"):
        publish(item, tianjin.manager)


def test_only_what_was_conferred_is_shown(tianjin, all_rows):
    confirmed = make_confirmed(tianjin, 1)
    with pytest.raises(Invalid):
        prepare(confirmed[0], tianjin.manager)


def test_picture_is_one_of_the_entrys_own(tianjin, conferred, all_rows):
    item = prepare(conferred[0], tianjin.manager)
    with pytest.raises(Invalid) as refused:
        publish(item, tianjin.manager, picture_of(conferred[1]))
    assert set(refused.value.fields) == {"picture"}
    own = picture_of(conferred[0])
    Attachment.objects.filter(pk=own.pk).update(content_type="application/pdf")
    with pytest.raises(Invalid):
        publish(item, tianjin.manager, Attachment.objects.get(pk=own.pk))


def test_only_the_owners_managers_show_and_withdraw(tianjin, hebei, conferred, all_rows):
    item = prepare(conferred[0], tianjin.manager)
    for actor in (tianjin.checker, tianjin.supervisor, tianjin.district_manager, tianjin.filer, hebei.manager):
        with pytest.raises(Refused):
            publish(item, actor)
        with pytest.raises(Refused):
            domain.withdraw_page(item=item, actor=actor, now=timezone.now(), reason="撤下")


def test_page_is_taken_down_and_put_up_again(tianjin, conferred, all_rows):
    item = publish(prepare(conferred[0], tianjin.manager), tianjin.manager)
    for _ in range(2):
        domain.withdraw_page(item=item, actor=tianjin.manager, now=timezone.now(), reason="更正文字")
    assert public_count() == 0
    assert AuditEvent.objects.filter(action="lifecycle.showcase.withdrawn").count() == 1
    publish(item, tianjin.manager)
    assert public_count() == 1


def test_unit_that_takes_back_its_consent_takes_the_page_off(tianjin, conferred, in_scope):
    with system_scope("test"):
        publish(prepare(conferred[0], tianjin.manager), tianjin.manager)
        publish(prepare(conferred[1], tianjin.manager), tianjin.manager)
    assert public_count() == 2
    with in_scope(tianjin.filer) as actor:
        entry = Entry.objects.get(pk=conferred[0].pk)
        withdraw_consent(actor=actor, entry=entry, now=timezone.now())
    assert public_count() == 1
    with system_scope("test"):
        event = AuditEvent.objects.get(action="lifecycle.showcase.withdrawn")
        assert event.actor == tianjin.filer.user
        assert Entry.objects.get(pk=conferred[0].pk).state == EntryState.CONFERRED  # the honour stays


def test_revoked_honour_takes_its_page_off_and_cannot_be_shown_again(tianjin, conferred, all_rows):
    item = publish(prepare(conferred[0], tianjin.manager), tianjin.manager)
    take_back(conferred[0], tianjin.manager, reason="弄虚作假", now=timezone.now())
    assert public_count() == 0
    with pytest.raises(Conflict):
        publish(item, tianjin.manager)


def test_desk_lists_pages_and_honours_without_one(tianjin, hebei, conferred, in_scope):
    with system_scope("test"):
        prepare(conferred[0], tianjin.manager)
    with in_scope(tianjin.manager) as actor:
        assert queries.showcase_of_desk(actor=actor).count() == 1
        assert list(queries.entries_without_page(actor=actor)) == [conferred[1]]
    with in_scope(hebei.manager) as actor:
        assert not queries.showcase_of_desk(actor=actor).exists()
        assert not queries.entries_without_page(actor=actor).exists()
        assert not ShowcaseItem.objects.exists()


@pytest.mark.integration
def test_manager_prepares_and_publishes_at_the_desk(tianjin, conferred, desk_client):
    client = desk_client(tianjin.manager)
    desk = client.get(reverse("lifecycle:showcase.desk")).content.decode()
    assert conferred[0].title in desk
    response = client.post(reverse("lifecycle:showcase.prepare", kwargs={"pk": conferred[0].pk}))
    with system_scope("test"):
        item = ShowcaseItem.objects.get()
        picture = picture_of(conferred[0])
    publish_url = reverse("lifecycle:showcase.publish", kwargs={"pk": item.pk})
    assert response.url == publish_url
    assert client.get(publish_url).status_code == 200
    assert client.post(publish_url, {"summary": "", "picture": ""}).status_code == 422
    assert client.post(publish_url, {"summary": "减少返工。", "picture": picture.pk}).status_code == 302
    assert public_count() == 1
    client.post(reverse("lifecycle:showcase.withdraw", kwargs={"pk": item.pk}))
    assert public_count() == 0
