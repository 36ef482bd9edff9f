"""Files of objections are kept like every other upload: checked by content, without a camera's notes."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from portal.core.errors import Invalid
from portal.core.scoping import PublicScope, scope, system_scope
from portal.lifecycle.notice.models import NoticeItem, Objection, ObjectionFile
from portal.lifecycle.notice.objections import file_objection
from tests.factories.notices import GROUNDS, PUBLIC, make_notice, make_selected

pytestmark = pytest.mark.django_db


def objected(notice, upload):
    with system_scope("test"):
        entry = NoticeItem.objects.filter(notice=notice).first().entry
    words = {"grounds": GROUNDS, "is_named": False, "name": "", "phone": ""}
    with scope(PublicScope()):
        return file_objection(notice=notice, entry=entry, **words, files=[upload], actor=PUBLIC, now=timezone.now())


def test_picture_is_kept_without_what_the_camera_wrote(tianjin):
    """Place and device would tell who objects without giving a name."""
    image, notes, data = Image.new("RGB", (64, 48), "white"), Image.Exif(), io.BytesIO()
    notes[0x010F] = "Kamera 17"
    image.save(data, "JPEG", exif=notes)
    assert b"Kamera 17" in data.getvalue()
    receipt = objected(
        make_notice(make_selected(tianjin), tianjin.manager), SimpleUploadedFile("现场.jpg", data.getvalue())
    )
    with system_scope("test"):
        stored = ObjectionFile.objects.get(objection=receipt.objection)
        kept = stored.file.read()
    assert b"Kamera 17" not in kept
    assert stored.size == len(kept)
    assert stored.content_type == "image/jpeg"


def test_file_that_is_not_what_its_name_says_is_refused_beside_the_field(tianjin):
    notice = make_notice(make_selected(tianjin), tianjin.manager)
    with pytest.raises(Invalid) as refused:
        objected(notice, SimpleUploadedFile("现场.jpg", b"text"))
    assert "files" in refused.value.fields
    with system_scope("test"):
        assert not Objection.objects.exists()
