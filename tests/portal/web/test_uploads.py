"""The one door for uploads: refusals stand beside the field, pictures lose what the camera wrote."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import ExifTags, Image

from portal.core.errors import Invalid
from portal.web.uploads import checked_upload
from tests.factories.entries import PDF

pytestmark = pytest.mark.unit


def test_a_refused_upload_names_its_field():
    wrong = SimpleUploadedFile("方案.pdf", b"MZ" + b"\0" * 400)
    with pytest.raises(Invalid) as refused:
        checked_upload(wrong, accept=("pdf",), max_mb=1, field="scan")
    assert list(refused.value.fields) == ["scan"]
    assert "方案.pdf" in refused.value.fields["scan"][0]


def test_an_upload_over_the_limit_is_refused():
    with pytest.raises(Invalid, match="上限"):
        checked_upload(SimpleUploadedFile("方案.pdf", PDF), accept=("pdf",), max_mb=0, field="scan")


def test_an_accepted_picture_is_stored_without_metadata():
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "相机"
    stream = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(stream, "JPEG", exif=exif)
    file, checked = checked_upload(
        SimpleUploadedFile("照片.jpg", stream.getvalue()), accept=("jpg",), max_mb=1, field="photo"
    )
    assert not Image.open(file).getexif()
    assert checked.content_type == "image/jpeg"
