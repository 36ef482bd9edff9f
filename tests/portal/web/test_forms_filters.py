"""Forms speak Chinese and keep input; filters hold their whole state in the query string."""

from __future__ import annotations

from datetime import date

import pytest
from django import forms
from django.contrib.auth.models import Group
from django.http import QueryDict

from portal.core.errors import Invalid
from portal.web.columns import Column
from portal.web.filters import BooleanFilter, ChoiceFilter, DateRangeFilter, FilterSet, ModelFilter, SearchFilter
from portal.web.forms import BaseForm, BaseModelForm
from portal.web.tables import Table
from portal.web.ui import SavedView, Section
from portal.web.widgets import MB, FileInput


class Sample(BaseForm):
    title = forms.CharField(label="名称", max_length=5)
    kind = forms.ChoiceField(label="类别", choices=[("a", "甲")])
    day = forms.DateField(label="日期", required=False)
    own = forms.CharField(label="自定", error_messages={"required": "自己的话"})
    scan = forms.FileField(label="扫描件", required=False, widget=FileInput(accept=".pdf", max_bytes=2 * MB))

    class Meta:
        sections = (Section("一", ("title", "kind"), help="说明"),)


pytestmark = pytest.mark.unit


def test_messages_are_chinese_and_the_forms_own_message_stays():
    form = Sample({"title": "六个字六个字", "kind": "x", "day": "昨天"})
    assert form.errors == {
        "title": ["最多 5 个字，现在是 6 个字。"],
        "kind": ["请从给出的选项中选择。"],
        "day": ["请填写正确的日期。"],
        "own": ["自己的话"],
    }


def test_sections_follow_the_declaration_and_the_rest_comes_last():
    sections = Sample().section_list()
    assert [[b.name for b in s["fields"]] for s in sections] == [["title", "kind"], ["day", "own", "scan"]]
    assert sections[0]["title"] == "一"


def test_file_field_says_what_fits_before_the_upload():
    html = str(Sample()["scan"])
    assert "可上传 PDF" in html
    assert "2.0 MB" in html
    assert 'accept=".pdf"' in html


def test_domain_error_goes_to_its_field_or_to_the_top():
    form = Sample({"title": "甲", "kind": "a", "own": "x"})
    assert form.is_valid()
    form.add_domain_error(Invalid("重复", fields={"title": ["已经有了"], "unknown": ["别处"]}))
    assert form.errors["title"] == ["已经有了"]
    assert form.non_field_errors() == ["别处"]
    form.add_domain_error(Invalid("总的说明"))
    assert "总的说明" in form.non_field_errors()


def test_model_form_never_writes():
    class GroupForm(BaseModelForm):
        class Meta:
            model = Group
            fields = ("name",)

    with pytest.raises(TypeError):
        GroupForm().save()


# --- filters --------------------------------------------------------------------------------------
class Filters(FilterSet):
    q = SearchFilter("名称", fields=("name",))
    first = ChoiceFilter("首字母", choices=lambda f: [("a", "甲"), ("b", "乙")], field="name__startswith")
    many = ChoiceFilter("多选", choices=[("alpha", "一"), ("beta", "二")], field="name", multiple=True)
    late = BooleanFilter("逾期", apply=lambda qs, f: qs.filter(name="beta"))
    sent = DateRangeFilter("日期", field="sent", is_date=True)
    group = ModelFilter("组", queryset=lambda f: Group.objects.order_by("name"), field="pk", label_from="name")

    class Meta:
        drawer = ("late", "sent")


@pytest.fixture
def groups(db):
    return [Group.objects.create(name=name) for name in ("alpha", "beta", "gamma alpha")]


def names(query):
    filters = Filters(QueryDict(query))
    assert not filters.errors
    return [g.name for g in filters.apply(Group.objects.order_by("name"))]


@pytest.mark.integration
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["alpha", "beta", "gamma alpha"]),
        ("q=alpha", ["alpha", "gamma alpha"]),
        ("q=alpha+gamma", ["gamma alpha"]),
        ("first=b", ["beta"]),
        ("many=alpha&many=beta", ["alpha", "beta"]),
        ("many=beta", ["beta"]),
        ("late=on", ["beta"]),
        ("first=&q=", ["alpha", "beta", "gamma alpha"]),
        ("unknown=1", ["alpha", "beta", "gamma alpha"]),
    ],
)
def test_query_string_holds_the_whole_state(groups, query, expected):
    assert names(query) == expected


@pytest.mark.integration
def test_filter_over_rows_offers_them_by_name(groups):
    filters = Filters(QueryDict(f"group={groups[1].pk}"))
    assert filters.chips[0].text == "组：beta"
    assert [g.name for g in filters.apply(Group.objects.all())] == ["beta"]


@pytest.mark.integration
def test_invalid_filter_is_named_and_the_list_still_shown(groups):
    filters = Filters(QueryDict("first=zzz&sent_0=2026-11-30&sent_1=2026-11-01"))
    assert set(filters.errors) == {"first", "sent"}
    assert filters.apply(Group.objects.all()).count() == 3


@pytest.mark.integration
def test_chip_takes_away_its_own_filter_and_the_place_in_the_list(groups):
    filters = Filters(QueryDict("q=x&sent_0=2026-11-01&sort=-name&after=abc&size=50"))
    assert filters.values["sent"] == (date(2026, 11, 1), None)
    assert filters.drawer_active == 1
    by_text = {chip.text: chip.remove_url for chip in filters.chips}
    assert by_text["“x”"] == "?sent_0=2026-11-01&sort=-name&size=50"
    assert by_text["日期：2026年11月1日至"] == "?q=x&sort=-name&size=50"
    assert filters.clear_url == "?sort=-name&size=50"


def test_drawer_that_names_an_unknown_filter_is_an_error():
    with pytest.raises(TypeError):
        type("Bad", (FilterSet,), {"Meta": type("Meta", (), {"drawer": ("missing",)})})


def test_table_with_an_unknown_option_is_an_error():
    with pytest.raises(TypeError):
        type("Bad", (Table,), {"Meta": type("Meta", (), {"sortable": True})})


def test_column_with_an_unknown_alignment_is_an_error():
    with pytest.raises(ValueError, match="align"):
        Column("x", align="middle")


@pytest.mark.parametrize(
    ("query", "current"),
    [
        ("state=a", True),
        ("state=a&sort=-x&after=y&size=50", True),
        ("state=a&q=1", False),
        ("", False),
        ("state=a&q=", True),
    ],
)
def test_saved_view_knows_when_it_is_shown(query, current):
    assert SavedView("甲", "state=a").is_current(QueryDict(query)) is current
