"""The page of the evidence chain, for those who check the federation."""

from __future__ import annotations

import json

import pytest
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from portal.audit import sealing, verification
from portal.audit.domain import record
from portal.core.context import system_actor
from portal.core.dates import local_date

CHAIN, LOG, ROOTS = (reverse(f"accounts:audit.{name}") for name in ("chain", "log", "roots"))


@pytest.fixture
def sealed(tianjin, hebei, all_rows):
    with transaction.atomic():
        for organisation in (tianjin.district, hebei.district):
            record("accounts.organisation.changed", organisation, actor=system_actor("test"), now=timezone.now())
    now = timezone.now()
    sealing.seal(now=now, everything=True)
    sealing.write_roots(day=local_date(now), now=now)
    verification.verify_all(now=now)
    return tianjin


def test_the_auditor_reads_that_the_chain_is_complete(sealed, desk_client):
    page = desk_client(sealed.auditor)
    for url in (CHAIN, LOG):
        assert "证据链：完整" in page.get(url).content.decode()
    assert "没有发现问题" in page.get(CHAIN).content.decode()


def test_the_auditor_reads_what_was_changed(sealed, desk_client):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE audit_auditevent SET actor_label = 'x' WHERE owner_path = %s", [sealed.district.path])
    verification.verify_all(now=timezone.now())
    text = desk_client(sealed.auditor).get(CHAIN).content.decode()
    assert "证据链不完整" in text
    assert "被改动" in text


def test_downloaded_roots_are_those_of_the_own_federation(sealed, desk_client):
    roots = json.loads(desk_client(sealed.auditor).get(ROOTS).getvalue())
    assert {root["chain"] for root in roots["roots"]} == {sealed.municipal.path}


def test_a_district_is_told_where_the_chain_is(sealed, desk_client):
    page = desk_client(sealed.district_manager)
    assert page.get(CHAIN).status_code == 403
    assert "证据链" not in page.get(LOG).content.decode()
