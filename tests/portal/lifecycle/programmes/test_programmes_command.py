"""``programmes check | load | diff`` on the command line."""

import io

import pytest
from django.core.management import CommandError, call_command

from portal.lifecycle.blueprints.loader import programme_files
from portal.lifecycle.programmes.models import Blueprint, Programme
from tests.factories.programmes import SMALL


def run(*args):
    out = io.StringIO()
    call_command("programmes", *map(str, args), stdout=out, no_color=True)
    return out.getvalue()


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "small-works.toml"
    path.write_text(SMALL, encoding="utf-8")
    return path


def change(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.django_db
def test_check_reports_dates_and_unconfirmed_values(file):
    change(file, "days = 31", 'days = { value = 31, confirm = true, source = "缺省" }')
    text = run("check", file, "--from", "2026-03-02")
    assert "small-works.toml：通过" in text
    assert "申报　2026年3月2日 至 2026年4月1日" in text
    assert "待确认 1 项" in text
    assert "环节“申报” · 申报天数：31　[缺省]" in text


@pytest.mark.django_db
def test_check_without_files_checks_all():
    text = run("check")
    assert text.count("：通过") == len(programme_files())


@pytest.mark.django_db
def test_check_lists_every_error_with_its_path(file):
    change(file, "days = 31", "days = 0")
    change(file, "weight = 60", "weight = 50")
    change(file, 'pillar = "innovations"', 'pillar = "sports"')
    out = io.StringIO()
    with pytest.raises(CommandError, match="1 个文件没有通过检查"):
        call_command("programmes", "check", str(file), stdout=out, no_color=True)
    text = out.getvalue()
    assert "3 处错误" in text
    assert "programme.pillar: 没有板块“sports”" in text
    assert "stages[0].days: 申报至少一天" in text
    assert "stages[3].rubric: 各项权重之和应为 100，现为 90" in text


@pytest.mark.django_db
def test_check_of_a_missing_file():
    with pytest.raises(CommandError, match="没有文件"):
        run("check", "/nowhere.toml")


@pytest.mark.django_db
def test_load_publishes_a_version_only_when_something_changed(file, tianjin, all_rows):
    assert "已发布第 1 版" in run("load", file)
    assert "没有改动，仍为第 1 版" in run("load", file)
    change(file, "days = 31", "days = 45")
    assert "已发布第 2 版" in run("load", file, "--reason", "延长申报时间")
    programme = Programme.objects.get(code="small-works")
    assert programme.owner == tianjin.municipal
    newest = Blueprint.objects.filter(programme=programme).order_by("-version").first()
    assert (newest.version, newest.reason) == (2, "延长申报时间")


@pytest.mark.django_db
def test_load_all_brings_every_programme_file(tianjin, all_rows):
    run("load", "--all")
    assert set(Programme.objects.values_list("code", flat=True)) == {path.stem for path in programme_files()}


@pytest.mark.django_db
def test_load_loads_nothing_when_one_file_is_wrong(file, tmp_path, tianjin, all_rows):
    wrong = tmp_path / "wrong.toml"
    wrong.write_text(SMALL.replace("days = 31", "days = 0"), encoding="utf-8")
    with pytest.raises(CommandError, match="申报至少一天"):
        run("load", file, wrong)
    assert not Programme.objects.exists()


@pytest.mark.django_db
def test_load_wants_files_or_all(file, tianjin):
    for arguments in (("load",), ("load", file, "--all")):
        with pytest.raises(CommandError, match="--all"):
            run(*arguments)


@pytest.mark.django_db
def test_load_asks_for_the_owner_when_there_are_two_federations(file, tianjin, hebei, all_rows):
    with pytest.raises(CommandError, match="--owner"):
        run("load", file)
    run("load", file, "--owner", hebei.municipal.code)
    assert Programme.objects.get().owner == hebei.municipal


@pytest.mark.django_db
def test_diff_says_in_words_what_changed(file, tianjin, all_rows):
    run("load", file)
    change(file, "days = 31", "days = 45")
    assert run("diff", "small-works", "--file", file) == "~ 环节“申报” · 申报天数：由“31”改为“45”\n"
    run("load", file)
    assert "由“31”改为“45”" in run("diff", "small-works")
    assert "由“45”改为“31”" in run("diff", "small-works", 2, 1)
    assert run("diff", "small-works", "--file", file) == "没有差别\n"


@pytest.mark.django_db
def test_diff_of_what_does_not_exist(file, tianjin, all_rows):
    with pytest.raises(CommandError, match="没有项目"):
        run("diff", "nothing")
    run("load", file)
    with pytest.raises(CommandError, match="没有第 9 版"):
        run("diff", "small-works", 1, 9)
    with pytest.raises(CommandError, match="两个版本号"):
        run("diff", "small-works")
