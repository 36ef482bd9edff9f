"""Uploads are what they say they are: by content, for every kind."""

import hashlib
import io
import zipfile

import pytest
from docx import Document
from openpyxl import Workbook
from PIL import ExifTags, Image, ImageChops, ImageStat

from portal.web.uploads import MB, FileRefused, check_file, without_metadata
from tests.factories.entries import PDF, picture_bytes

pytestmark = pytest.mark.unit
ALL = ("pdf", "jpg", "jpeg", "png", "docx", "xlsx", "mp4")


def check(name, content, accept=ALL, max_bytes=5 * MB):
    return check_file(io.BytesIO(content), name=name, size=len(content), accept=accept, max_bytes=max_bytes)


def saved(document):
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def archive(files, base=b""):
    stream = io.BytesIO(base)
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as zipped:
        for name, content in files.items():
            zipped.writestr(name, content)
    return stream.getvalue()


MP4 = b"\x00\x00\x00\x20ftypisom\x00\x00\x02\x00isomiso2avc1mp41" + b"\x00" * 300


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("申报表.pdf", PDF, "application/pdf"),
        ("照片.png", picture_bytes(), "image/png"),
        ("照片.JPG", picture_bytes("JPEG"), "image/jpeg"),
        ("说明.docx", saved(Document()), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("清单.xlsx", saved(Workbook()), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("视频.mp4", MP4, "video/mp4"),
    ],
)
def test_honest_files_pass_with_their_type_and_fingerprint(name, content, kind):
    checked = check(name, content)
    assert checked.content_type == kind
    assert checked.size == len(content)
    assert len(checked.sha256) == 64


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("照片.png", b"MZ\x90\x00" + b"\x00" * 500, "与扩展名 .png 不符"),
        ("照片.png", PDF, "PDF 文件，与扩展名"),
        ("表.pdf", picture_bytes(), "与扩展名 .pdf 不符"),
        ("脚本.exe", b"MZ" + b"\x00" * 99, "不是可上传的类型"),
        ("没有扩展名", PDF, "不是可上传的类型"),
        ("页面.svg", b"<svg/>", "不是可上传的类型"),
        ("空.pdf", b"", "空文件"),
        ("文字.pdf", b"hello world" * 50, "可能已损坏"),
        ("残缺.pdf", PDF[:-8], "不完整"),
        ("带脚本.pdf", PDF.replace(b"/Catalog", b"/Catalog/OpenAction<</S/JavaScript/JS(app.alert)>>"), "脚本"),
        ("残缺.png", picture_bytes()[:-30], "不是完整的图片"),
        ("假.docx", archive({"readme.txt": "x"}), "内容不是 DOCX"),
        ("表.docx", saved(Workbook()), "XLSX 文件，与扩展名 .docx 不符"),
    ],
)
def test_dishonest_or_broken_files_are_refused_in_words(name, content, words):
    with pytest.raises(FileRefused, match=words):
        check(name, content)


def test_size_is_said_with_the_limit():
    with pytest.raises(FileRefused, match=r"有 2\.0 MB，超过 1 MB"):
        check("表.pdf", PDF + b" " * (2 * MB), max_bytes=MB)


def test_zip_bomb_is_not_unpacked():
    with pytest.raises(FileRefused, match="异常庞大"):
        check("炸弹.xlsx", archive({"xl/media/x.bin": b"\x00" * (40 * MB)}, base=saved(Workbook())))


@pytest.mark.parametrize("part", ["word/vbaProject.bin", "word/activeX/activeX1.xml", "word/embeddings/oleObject1.bin"])
def test_macros_and_embedded_programs_are_refused(part):
    with pytest.raises(FileRefused, match="宏"):
        check("带宏.docx", archive({part: b"x"}, base=saved(Document())))


def test_picture_of_too_many_pixels_is_refused():
    stream = io.BytesIO()
    Image.new("1", (9000, 9000)).save(stream, "PNG")
    with pytest.raises(FileRefused, match="像素"):
        check("大图.png", stream.getvalue())


def test_accept_of_the_place_narrows_what_fits():
    with pytest.raises(FileRefused, match="请上传 JPG、PNG 文件"):
        check("表.pdf", PDF, accept=("jpg", "png"))


def test_name_is_made_safe():
    assert check("../../етс/现场\u202e照片.png", picture_bytes()).name.count("/") == 0


def camera_picture(*, orientation=1, kind="JPEG"):
    """160×80 pixels, left half red, with a device and a place in its EXIF."""
    picture = Image.new("RGB", (160, 80), "blue")
    picture.paste("red", (0, 0, 80, 80))
    exif = picture.getexif()
    exif[ExifTags.Base.Make], exif[ExifTags.Base.Orientation] = "Camera 7", orientation
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (39.0, 7.0, 1.0)
    stream = io.BytesIO()
    picture.save(stream, kind, exif=exif, quality=95)
    return stream.getvalue()


def stripped(name, content):
    file, checked = without_metadata(io.BytesIO(content), check(name, content))
    data = file.getvalue()
    assert checked.size == len(data)
    assert checked.sha256 == hashlib.sha256(data).hexdigest()
    return data


@pytest.mark.parametrize(("name", "kind"), [("现场.jpg", "JPEG"), ("现场.png", "PNG")])
def test_picture_loses_what_the_camera_wrote(name, kind):
    content = camera_picture(kind=kind)
    assert b"Camera 7" in content
    data = stripped(name, content)
    assert b"Camera 7" not in data
    with Image.open(io.BytesIO(data)) as picture, Image.open(io.BytesIO(content)) as before:
        assert not picture.getexif()
        assert max(ImageStat.Stat(ImageChops.difference(picture, before)).mean) < 1


def test_picture_taken_on_its_side_is_stored_upright():
    with Image.open(io.BytesIO(stripped("现场.jpg", camera_picture(orientation=6)))) as picture:
        assert picture.size == (80, 160)
        red, _green, blue = picture.getpixel((40, 16))
        assert red > 200 > 60 > blue


@pytest.mark.parametrize(("name", "content"), [("照片.png", picture_bytes()), ("申报表.pdf", PDF)])
def test_file_without_metadata_stays_byte_for_byte(name, content):
    assert stripped(name, content) == content
