"""Signed certificates: genuine, altered, forged, unknown key, revoked, re-issued and unregistered are told apart."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from io import StringIO

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from awards.certificates import keys, verify_certificate
from awards.certificates.domain import claims_of, reissue_certificate
from awards.certificates.lists import public_keys, revocation_list
from awards.certificates.models import CertificateIssue
from awards.certificates.signing import Claims, Signature, read, sign
from awards.certificates.verification import Verdict, check_token
from awards.register.models import HonourRecord
from portal.audit.models import AuditEvent
from portal.core.errors import Conflict, Invalid, Refused
from portal.core.scoping import system_scope
from tests.factories.notices import make_conferred, make_revoked

pytestmark = pytest.mark.django_db
CLAIMS = Claims("津工创〔2026〕0007", 1, "2026-05-01", "五一劳动奖章", "王海燕", "某机械公司", "某总工会")


@pytest.fixture
def entries(tianjin):
    return make_conferred(tianjin, 2)


@pytest.fixture
def honour(entries):
    with system_scope("test"):
        return HonourRecord.objects.select_related("issuer").get(entry=entries[0])


def token_of(honour):
    with system_scope("test"):
        return CertificateIssue.objects.get(honour=honour, superseded_at=None).token


def verdict(token):
    with system_scope("test"):
        return check_token(token).verdict


def reissue(honour, actor, **changes):
    facts = {"recipient": honour.recipient, "unit_name": honour.unit_name, "reason": "姓名有误，经核对更正"} | changes
    with system_scope("test"):
        return reissue_certificate(honour=honour, actor=actor, now=timezone.now(), **facts)


def page(client, token):
    return client.get(reverse("awards:public.certificate", kwargs={"token": token})).content.decode()


def test_conferral_signs_a_certificate_that_verifies(honour, client):
    token = token_of(honour)
    reading = read(token, keys.key_ring())
    assert reading.signature is Signature.GENUINE
    assert reading.claims == claims_of(honour, 1)
    assert verdict(token) is Verdict.VALID
    assert "核验通过" in page(client, token)


def test_signature_is_checked_without_the_database(django_assert_num_queries):
    ring = keys.key_ring()
    with django_assert_num_queries(0):
        assert read(sign(CLAIMS, ring), ring).signature is Signature.GENUINE


def test_altered_certificate_is_told_by_the_borrowed_signature(honour, client):
    first, second = token_of(honour).split(".")
    payload = keys.decode(first).decode().replace(honour.recipient[:2], "李四")
    token = f"{keys.encode(payload.encode())}.{second}"
    assert verdict(token) is Verdict.ALTERED
    text = page(client, token)
    assert "被改动过，与登记不符" in text
    assert honour.certificate_number in text
    assert honour.recipient in text


@pytest.mark.parametrize("place", [0, 11, -9])
def test_one_changed_letter_is_an_altered_certificate_not_an_unreadable_one(honour, client, place):
    token = token_of(honour)
    letter = "B" if token[place] != "B" else "C"
    altered = token[:place] + letter + token[place % len(token) + 1 :]
    assert verdict(altered) is Verdict.ALTERED
    assert "被改动过，与登记不符" in page(client, altered)


def test_certificate_whose_end_is_cut_off_is_incomplete_and_no_forgery(honour, client):
    cut = token_of(honour)[:-20]
    assert verdict(cut) is Verdict.MALFORMED
    assert "请对准二维码重新扫描" in page(client, cut)


def test_forged_certificate_names_our_key_but_never_had_our_signature(honour, client):
    forger = keys.ring_of(keys.new_seed(), [])
    payload = json.dumps(
        ["C1", keys.key_ring().current, "津工〔2026〕999号", 1, *["伪造"] * 5], ensure_ascii=False
    ).encode()
    token = f"{keys.encode(payload)}.{keys.encode(forger.sign(payload))}"
    assert verdict(token) is Verdict.FORGED
    assert "伪造的证书" in page(client, token)


def test_certificate_of_an_unknown_key_is_not_confirmed(honour, client):
    token = sign(claims_of(honour, 1), keys.ring_of(keys.new_seed(), []))
    assert verdict(token) is Verdict.UNKNOWN_KEY
    assert "不能确认" in page(client, token)


@pytest.mark.parametrize(
    "token", ["x", "a.b", "..", "é.b", keys.encode(b"[]") + ".AA", keys.encode(b'["C1",1,2]') + ".AA"]
)
def test_anything_else_is_no_certificate(token, db):
    assert verdict(token) is Verdict.MALFORMED


def test_revoked_certificate_is_genuine_and_void(tianjin, client):
    entry = make_revoked(tianjin)
    with system_scope("test"):
        honour = HonourRecord.objects.get(entry=entry)
    token = token_of(honour)
    assert verdict(token) is Verdict.REVOKED
    text = page(client, token)
    assert "撤销，证书作废" in text
    assert "真实" in text


def test_reissued_certificate_supersedes_the_old_one(honour, tianjin, client):
    old = token_of(honour)
    new = reissue(honour, tianjin.manager, recipient="更正后的名称")
    assert verdict(old) is Verdict.SUPERSEDED
    assert verdict(new.token) is Verdict.VALID
    assert new.version == 2
    text = page(client, old)
    assert "换发，请以新证书为准" in text
    assert "第2版" in text
    with system_scope("test"):
        event = AuditEvent.objects.get(action="awards.certificate.reissued")
        assert HonourRecord.objects.get(pk=honour.pk).recipient == "更正后的名称"
    assert event.after["version"] == 2
    assert event.data["reason"]


def test_certificate_that_the_register_does_not_know_is_said_to_be_so(honour):
    ring = keys.key_ring()
    assert verdict(sign(CLAIMS, ring)) is Verdict.UNREGISTERED
    assert verdict(sign(claims_of(honour, 7), ring)) is Verdict.UNREGISTERED


def test_name_changed_in_the_register_alone_is_seen(honour, client):
    token = token_of(honour)
    with system_scope("test"):
        HonourRecord.objects.filter(pk=honour.pk).update(recipient="另一个名称")
    assert verdict(token) is Verdict.DIFFERENT
    assert "与登记内容不一致" in page(client, token)


def test_second_token_for_the_same_version_is_not_the_registered_one(honour):
    """Whoever had the key, but not the register, is found."""
    assert verdict(sign(replace(claims_of(honour, 1), unit="另一单位"), keys.key_ring())) is Verdict.DIFFERENT


def test_old_certificates_verify_after_the_key_was_changed(honour, settings):
    old, ring = token_of(honour), keys.key_ring()
    settings.CERTIFICATE_PUBLIC_KEYS = [keys.encode(key) for key in ring.public.values()]
    settings.CERTIFICATE_SIGNING_KEY = keys.encode(keys.new_seed())
    assert keys.key_ring().current != ring.current
    assert verdict(old) is Verdict.VALID
    settings.CERTIFICATE_PUBLIC_KEYS = []
    assert verdict(old) is Verdict.UNKNOWN_KEY


def test_reissue_needs_a_reason_the_issuer_and_a_valid_honour(honour, entries, tianjin):
    with pytest.raises(Invalid):
        reissue(honour, tianjin.manager, reason="改")
    with pytest.raises(Invalid):
        reissue(honour, tianjin.manager, recipient=" ")
    for actor in (tianjin.district_manager, tianjin.checker, tianjin.auditor):
        with pytest.raises(Refused):
            reissue(honour, actor)
    with system_scope("test"):
        HonourRecord.objects.filter(pk=honour.pk).update(status="revoked", revoked_on=timezone.now())
    with pytest.raises(Conflict):
        reissue(honour, tianjin.manager)


def test_manager_reissues_in_the_browser(honour, tianjin, desk_client):
    client = desk_client(tianjin.manager)
    url = reverse("awards:certificate.reissue", kwargs={"pk": honour.pk})
    form = {"recipient": honour.recipient, "unit_name": honour.unit_name, "reason": "证书遗失，申请补发"}
    assert client.post(url, form).status_code == 302
    text = client.get(reverse("awards:honour.detail", kwargs={"pk": honour.pk})).content.decode()
    assert "第2版" in text
    assert "已换发" in text


# --- lists to take home ---


def offline(token, at=None):
    with system_scope("test"):
        revoked = json.loads(json.dumps(revocation_list(now=at or timezone.now())))
    return verify_certificate.check(public_keys(), revoked, token)


def test_offline_verifier_tells_them_apart(honour, tianjin):
    token = token_of(honour)
    found, words = offline(token)
    assert found == "valid"
    assert words["获得者"] == honour.recipient
    assert offline(f"https://portal.example/public/c/{token}/")[0] == "valid"
    first, second = token.split(".")
    altered = keys.encode(keys.decode(first).replace(b'",1,"', b'",2,"'))
    assert offline(f"{altered}.{second}")[0] == "wrong"
    assert offline(sign(CLAIMS, keys.ring_of(keys.new_seed(), [])))[0] == "unknown_key"
    assert offline("x")[0] == offline("a.b")[0] == "malformed"
    reissue(honour, tianjin.manager)
    assert offline(token)[0] == "superseded"
    with system_scope("test"):
        HonourRecord.objects.filter(pk=honour.pk).update(status="revoked", revoked_on=timezone.now())
    assert offline(token)[0] == "revoked"


def test_shortened_revocation_list_is_refused(tianjin):
    make_revoked(tianjin)
    with system_scope("test"):
        revoked = revocation_list(now=timezone.now())
    assert len(revoked["revoked"]) == 1
    revoked["revoked"] = []
    assert verify_certificate.check(public_keys(), revoked, "x") == ("list", None)


def test_plain_ed25519_agrees_with_the_library():
    for number in range(8):
        seed, message = keys.new_seed(), bytes([number]) * (number * 17)
        ring = keys.ring_of(seed, [])
        signature, public = ring.sign(message), keys.public_of(seed)
        assert verify_certificate.verifies(public, message, signature)
        assert not verify_certificate.verifies(public, message + b"x", signature)
        for place in (0, 31, 32, 63):
            wrong = bytearray(signature)
            wrong[place] ^= 1
            assert not verify_certificate.verifies(public, message, bytes(wrong))
    assert not verify_certificate.verifies(public, message, b"short")
    assert not verify_certificate.verifies(b"\xff" * 32, message, signature)


def test_downloaded_files_check_a_certificate_alone(honour, client, tmp_path):
    names = {"verifier": "verify_certificate.py", "keys": "keys.json", "revocations": "revocations.json"}
    for name, file in names.items():
        (tmp_path / file).write_bytes(client.get(reverse(f"awards:public.{name}")).getvalue())
    command = [sys.executable, "-I", "-S", "verify_certificate.py", "keys.json", "revocations.json"]

    def run(token):
        return subprocess.run([*command, token], capture_output=True, text=True, check=False, cwd=tmp_path)

    done = run(token_of(honour))
    assert done.returncode == 0, done.stderr
    assert honour.recipient in done.stdout
    assert run("x.y").returncode == 1


# --- keys ---


def test_development_makes_a_key_file_and_rotates_it(tmp_path, settings):
    settings.CERTIFICATE_SIGNING_KEY, settings.CERTIFICATE_KEY_FILE = "", tmp_path / "keys" / "certificate-keys.json"
    first = keys.key_ring()
    assert keys.key_ring() == first
    assert settings.CERTIFICATE_KEY_FILE.stat().st_mode & 0o077 == 0
    token = sign(CLAIMS, first)
    out = StringIO()
    call_command("certificate_keys", "new", stdout=out)
    second = keys.key_ring()
    assert second.current in out.getvalue()
    assert second.current != first.current
    assert read(token, second).signature is Signature.GENUINE
    assert read(sign(CLAIMS, second), second).signature is Signature.GENUINE


def test_production_without_a_key_says_so(settings):
    settings.CERTIFICATE_SIGNING_KEY, settings.CERTIFICATE_KEY_FILE = "", ""
    with pytest.raises(ImproperlyConfigured, match="CERTIFICATE_SIGNING_KEY"):
        keys.key_ring()


def test_command_prints_a_new_key_and_keeps_the_old_ones(settings):
    out = StringIO()
    call_command("certificate_keys", "new", stdout=out)
    lines = dict(line.split("=", 1) for line in out.getvalue().splitlines() if line.startswith("CERT"))
    old = keys.key_ring()
    settings.CERTIFICATE_SIGNING_KEY = lines["CERTIFICATE_SIGNING_KEY"]
    settings.CERTIFICATE_PUBLIC_KEYS = lines["CERTIFICATE_PUBLIC_KEYS"].split(",")
    assert old.current in keys.key_ring().public
    out = StringIO()
    call_command("certificate_keys", "list", stdout=out)
    assert out.getvalue().count("正在使用") == 1
    assert len(out.getvalue().splitlines()) == 2
