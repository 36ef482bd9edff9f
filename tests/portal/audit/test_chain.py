"""The evidence chain: events are sealed in order, and whatever is done to the tables behind its back is found."""

from __future__ import annotations

import datetime as dt
import json
import threading
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from portal.audit import chain as codes
from portal.audit import sealing, verification
from portal.audit.domain import follow_move, record, record_many
from portal.audit.models import AuditEvent, AuditHead, AuditLink, AuditRoot
from portal.audit.queries import chain_status, roots_as_json
from portal.audit.tasks import close_day, seal
from portal.core.context import Actor, system_actor
from portal.core.scoping import system_scope

NOW = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)
ACTION = "accounts.organisation.changed"


def write(obj, *, actor=None, count=1, now=NOW):
    with transaction.atomic():
        for number in range(count):
            record(
                ACTION, obj, actor=actor or system_actor("test"), now=now, before={"name": "甲"},
                after={"name": f"乙{number}"}, ratio=0.1, list=[1, None, True],
            )  # fmt: skip


def sql(text, *parameters):
    with connection.cursor() as cursor:
        cursor.execute(text, parameters)


def kinds(chain, outside=(), now=NOW):
    check = verification.verify_chain(chain, now=now, outside=outside)
    return [finding["kind"] for finding in check.findings]


@pytest.fixture
def sealed(tianjin, all_rows):
    """Ten sealed events of one federation; returns its chain and the ids in order."""
    sealing.seal(now=NOW, everything=True)
    AuditLink.objects.count()
    chain = tianjin.municipal.path
    start = AuditHead.objects.filter(chain=chain).values_list("sequence", flat=True).first() or 0
    write(tianjin.district, count=10)
    sealing.seal(now=NOW)
    links = AuditLink.objects.filter(chain=chain, sequence__gt=start).order_by("sequence")
    return chain, list(links.values_list("pk", flat=True))


def test_sealing_orders_events_of_each_federation_in_a_chain_of_its_own(tianjin, hebei, all_rows):
    write(tianjin.district, count=3)
    write(hebei.unit, count=2)
    write(None)
    assert sealing.seal(now=NOW) == AuditEvent.objects.count()
    for chain in (tianjin.municipal.path, hebei.municipal.path, ""):
        links = list(AuditLink.objects.filter(chain=chain).order_by("sequence"))
        assert [link.sequence for link in links] == list(range(1, len(links) + 1))
        assert [link.previous for link in links] == [codes.GENESIS, *(link.code for link in links[:-1])]
        assert kinds(chain) == []
    assert {a.owner_path for a in AuditEvent.objects.filter(link__chain=hebei.municipal.path)} == {hebei.unit.path}


def test_sealing_twice_seals_nothing_twice(sealed):
    count = AuditLink.objects.count()
    assert sealing.seal(now=NOW) == 0
    assert AuditLink.objects.count() == count


def test_sealing_takes_several_batches(tianjin, all_rows, monkeypatch):
    monkeypatch.setattr(sealing, "BATCH", 4)
    write(tianjin.district, count=10)
    assert sealing.seal(now=NOW) == AuditEvent.objects.count()
    assert kinds(tianjin.municipal.path) == []


def test_verify_finds_a_changed_event(sealed):
    chain, ids = sealed
    sql('UPDATE audit_auditevent SET after = \'{"name": "丙"}\' WHERE id = %s', ids[4])
    assert kinds(chain) == ["changed"]


@pytest.mark.parametrize(
    "change",
    [
        "at = at + interval '1 second'",
        "actor_label = 'x'",
        "object_id = 5",
        "client = '10.0.0.1'",
        "data = data || '{\"ratio\": 0.2}'",
    ],
)
def test_verify_finds_every_kind_of_fact_changed(sealed, change):
    chain, ids = sealed
    sql(f"UPDATE audit_auditevent SET {change} WHERE id = %s", ids[0])
    assert kinds(chain) == ["changed"]


def test_verify_finds_a_deleted_event(sealed):
    chain, ids = sealed
    sql("DELETE FROM audit_auditevent WHERE id = %s", ids[4])
    assert kinds(chain) == ["deleted"]


def test_verify_finds_an_event_deleted_with_its_link(sealed):
    chain, ids = sealed
    sql("DELETE FROM audit_auditlink WHERE event_id = %s", ids[4])
    sql("DELETE FROM audit_auditevent WHERE id = %s", ids[4])
    assert kinds(chain) == ["missing"]


def test_verify_finds_reordered_events(sealed):
    chain, ids = sealed
    one, two = (AuditLink.objects.get(pk=pk).sequence for pk in ids[3:5])
    sql("UPDATE audit_auditlink SET sequence = 9999 WHERE event_id = %s", ids[3])
    sql("UPDATE audit_auditlink SET sequence = %s WHERE event_id = %s", one, ids[4])
    sql("UPDATE audit_auditlink SET sequence = %s WHERE event_id = %s", two, ids[3])
    assert set(kinds(chain)) == {"reordered"}


def test_verify_finds_a_rewritten_link(sealed):
    """Without the key nobody can make a code that fits."""
    chain, ids = sealed
    link = AuditLink.objects.get(pk=ids[-1])
    sql("UPDATE audit_auditevent SET actor_label = 'x' WHERE id = %s", ids[-1])
    event = AuditEvent.objects.filter(pk=ids[-1]).values(*codes.FACTS).get()
    forged = codes.link_code(
        "another key", chain=chain, sequence=link.sequence, previous=link.previous, event_id=link.pk,
        digest=codes.digest(event),
    )  # fmt: skip
    sql("UPDATE audit_auditlink SET digest = %s, code = %s WHERE event_id = %s", codes.digest(event), forged, link.pk)
    assert set(kinds(chain)) == {"reordered", "head"}


def test_verify_finds_a_cut_end(sealed):
    chain, ids = sealed
    sql("DELETE FROM audit_auditlink WHERE event_id = ANY(%s)", ids[-3:])
    sql("DELETE FROM audit_auditevent WHERE id = ANY(%s)", ids[-3:])
    assert kinds(chain) == ["cut"]


def test_verify_finds_a_cut_end_with_a_changed_or_removed_head(sealed):
    chain, ids = sealed
    last = AuditLink.objects.get(pk=ids[-4])
    sql("DELETE FROM audit_auditlink WHERE event_id = ANY(%s)", ids[-3:])
    sql("DELETE FROM audit_auditevent WHERE id = ANY(%s)", ids[-3:])
    sql("UPDATE audit_audithead SET sequence = %s, last = %s WHERE chain = %s", last.sequence, last.code, chain)
    assert kinds(chain) == ["head"]
    sql("DELETE FROM audit_audithead WHERE chain = %s", chain)
    assert kinds(chain) == ["head"]


def test_verify_finds_a_rollback_to_an_older_state_by_the_roots_kept_outside(sealed, tianjin):
    """Somebody who restores an old copy of everything, its end included, is found by what was kept elsewhere."""
    chain, ids = sealed
    old = AuditHead.objects.filter(chain=chain).values("sequence", "last", "code").get()
    sealing.write_roots(day=NOW.date(), now=NOW)
    write(tianjin.unit, count=2)
    sealing.seal(now=NOW)
    sealing.write_roots(day=NOW.date() + dt.timedelta(days=1), now=NOW)
    outside = [root for root in roots_as_json()["roots"] if root["chain"] == chain]
    assert kinds(chain, outside) == []
    gone = list(AuditLink.objects.filter(chain=chain, sequence__gt=old["sequence"]).values_list("pk", flat=True))
    sql("DELETE FROM audit_auditlink WHERE event_id = ANY(%s)", gone)
    sql("DELETE FROM audit_auditevent WHERE id = ANY(%s)", gone)
    sql("DELETE FROM audit_auditroot WHERE chain = %s AND sequence > %s", chain, old["sequence"])
    sql(
        "UPDATE audit_audithead SET sequence = %s, last = %s, code = %s WHERE chain = %s",
        old["sequence"], old["last"], old["code"], chain,
    )  # fmt: skip
    assert kinds(chain) == []
    assert kinds(chain, outside) == ["outside"]
    assert len(ids) == 10


def test_verify_finds_a_changed_root(sealed):
    chain, _ids = sealed
    sealing.write_roots(day=NOW.date(), now=NOW)
    sql("UPDATE audit_auditroot SET sequence = sequence - 1 WHERE chain = %s", chain)
    assert kinds(chain) == ["root"]


def test_verify_finds_events_that_were_never_sealed(sealed, tianjin):
    chain, _ids = sealed
    write(tianjin.unit)
    assert kinds(chain, now=NOW + dt.timedelta(minutes=9)) == []
    assert kinds(chain, now=NOW + dt.timedelta(minutes=11)) == ["unsealed"]


def test_verify_with_a_rotated_key_still_fits_and_without_the_old_one_says_so(sealed, tianjin, settings):
    chain, ids = sealed
    settings.AUDIT_CHAIN_KEYS = ["a new key", *settings.AUDIT_CHAIN_KEYS]
    write(tianjin.unit)
    sealing.seal(now=NOW)
    assert kinds(chain) == []
    settings.AUDIT_CHAIN_KEYS = ["a new key"]
    assert set(kinds(chain)) == {"key"}
    assert ids


def test_a_move_in_the_tree_changes_readers_not_evidence(sealed, tianjin):
    chain, _ids = sealed
    with transaction.atomic():
        follow_move(tianjin.district.path, tianjin.municipal.path + "9999999/")
    assert AuditEvent.objects.filter(owner_path=tianjin.municipal.path + "9999999/").exists()
    assert kinds(chain) == []


def test_an_event_of_a_long_transaction_is_sealed_later_in_its_turn(tianjin, all_rows):
    write(tianjin.unit)
    early = AuditEvent.objects.order_by("-pk").values_list("pk", flat=True)[0] + 1
    sql("SELECT nextval(pg_get_serial_sequence('audit_auditevent', 'id'))")
    write(tianjin.unit)
    sealing.seal(now=NOW)
    event = AuditEvent.objects.order_by("-pk").values(*codes.FACTS).first()
    AuditEvent.objects.bulk_create([AuditEvent(**event | {"id": early, "owner_path": tianjin.unit.path})])
    assert sealing.seal(now=NOW) == 1
    assert AuditHead.objects.get(chain=tianjin.municipal.path).sequence == AuditLink.objects.get(pk=early).sequence
    assert kinds(tianjin.municipal.path) == []


def test_the_log_and_the_chain_refuse_changes_in_code(sealed):
    for model in (AuditEvent, AuditLink):
        with pytest.raises(TypeError):
            model.objects.all().delete()
        with pytest.raises(TypeError):
            model.objects.update(pk=0)
        with pytest.raises(TypeError):
            model.objects.first().delete()


def test_daily_roots_follow_one_another_and_are_written_once(sealed, tianjin):
    chain, _ids = sealed
    day = NOW.date()
    sealing.write_roots(day=day, now=NOW)
    assert sealing.write_roots(day=day, now=NOW) == []
    assert sealing.write_roots(day=day + dt.timedelta(days=1), now=NOW) == []  # nothing happened
    write(tianjin.unit)
    sealing.seal(now=NOW)
    sealing.write_roots(day=day + dt.timedelta(days=1), now=NOW)
    one, two = AuditRoot.objects.filter(chain=chain).order_by("day")
    assert (one.previous, two.previous) == (codes.GENESIS, one.sha256)
    assert kinds(chain) == []


def test_tasks_seal_and_close_the_day(tianjin, all_rows):
    write(tianjin.unit, now=timezone.now())
    seal()
    status = chain_status(tianjin.municipal.path)
    assert status.head.sequence >= 1
    assert status.waiting == 0
    close_day()
    status = chain_status(tianjin.municipal.path)
    assert status.root.sequence == status.head.sequence
    assert status.check.events == status.head.sequence
    assert not status.is_broken


def test_command_verifies_and_fails_when_something_was_changed(sealed, tmp_path):
    chain, ids = sealed
    out = StringIO()
    call_command("audit", "roots", "--today", stdout=out)
    roots = tmp_path / "roots.json"
    roots.write_text(out.getvalue(), encoding="utf-8")
    assert json.loads(out.getvalue())["roots"]
    out = StringIO()
    call_command("audit", "verify", "--roots", str(roots), stdout=out)
    assert f"证据链 {chain}：" in out.getvalue()
    assert "完整" in out.getvalue()
    sql("UPDATE audit_auditevent SET actor_label = 'x' WHERE id = %s", ids[0])
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("audit", "verify", stdout=out)
    assert f"事件编号{ids[0]}" in out.getvalue()


@pytest.mark.django_db(transaction=True)
def test_sealers_at_the_same_time_make_one_chain(tianjin):
    """Many desks write while three sealers work."""

    def run(function):
        try:
            with system_scope("test"):
                function()
        finally:
            connection.close()

    def desks():
        for _ in range(15):
            write(tianjin.unit, count=2)

    def sealer():
        for _ in range(8):
            sealing.seal(now=NOW)

    threads = [threading.Thread(target=run, args=(f,)) for f in (desks, desks, desks, sealer, sealer, sealer)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with system_scope("test"):
        sealing.seal(now=NOW)
        assert AuditLink.objects.count() == AuditEvent.objects.count() >= 90
        assert kinds(tianjin.municipal.path) == []


def test_many_events_of_an_import_are_sealed(tianjin, all_rows):
    actor = Actor(user=None, desk=None, system="import")
    with transaction.atomic():
        record_many(ACTION, [(tianjin.unit, {}, {"name": str(n)}) for n in range(1200)], actor=actor, now=NOW)
    sealing.seal(now=NOW)
    assert kinds(tianjin.municipal.path) == []


@given(st.dictionaries(st.text(max_size=5), st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=9))))
def test_digest_depends_on_content_not_on_order(data):
    facts = dict.fromkeys(codes.FACTS, 1) | {"data": data}
    same = dict.fromkeys(reversed(codes.FACTS), 1) | {"data": dict(reversed(data.items()))}
    assert codes.digest(facts) == codes.digest(same)
    assert codes.digest(facts) != codes.digest(facts | {"data": data | {"more": 0}})
