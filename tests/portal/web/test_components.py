"""Tags are strict, escape what people wrote, and every component draws."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django import forms
from django.http import QueryDict
from django.template import Context, Template, TemplateSyntaxError
from django.test import RequestFactory
from django.utils import timezone

from portal.core.decisions import Decision, refuse
from portal.core.policies import NOT_YOUR_ROLE
from portal.web.columns import Column
from portal.web.samples import sample_context
from portal.web.tables import Table
from portal.web.ui import Action, Chart, Series, Tab

pytestmark = pytest.mark.unit


def draw(source: str, **context) -> str:
    request = RequestFactory().get("/x/")
    return Template("{% load i18n %}" + source).render(Context({"request": request, "csrf_token": "t0ken", **context}))


@pytest.mark.parametrize(
    "text",
    [
        '{% badge "x" colour="red" %}',
        '{% button "x" url="/" onclick="y" %}',
        '{% card titel="x" %}x{% endcard %}',
        '{% alert "info" kind="x" %}x{% endalert %}',
        '{% empty "x" picture="y" %}',
        "{% progress 1 2 colour=3 %}",
        "{% table rows=1 %}",
        "{% field form.a hint=1 %}",
        "{% form form button=1 %}",
        "{% stat 1 2 colour=3 %}",
        '{% file_link "a" "b" style="c" %}',
    ],
)
def test_tag_with_unknown_argument_fails_when_the_template_loads(text):
    with pytest.raises(TemplateSyntaxError):
        Template(text)


@pytest.mark.parametrize(
    "text",
    [
        '{% badge "x" tone="red" %}',
        '{% button "x" kind="huge" %}',
        '{% icon "no-such-icon-at-all" %}',
        "{% field missing %}",
    ],
)
def test_tag_with_unknown_value_is_an_error(text):
    with pytest.raises(TemplateSyntaxError):
        draw(text)


def test_badge_says_its_state_in_words_and_with_a_picture():
    html = draw('{% badge "已推荐" tone="ok" %}')
    assert "已推荐" in html
    assert "status-ok" in html
    assert "<svg" in html


@pytest.mark.parametrize(
    "text",
    [
        "{% badge text %}",
        '{% button text url="/" %}',
        "{% button text post=True url='/x/' confirm=text %}",
        "{% card title=text %}x{% endcard %}",
        "{% empty text text=text %}",
        "{% stat text 1 definition=text %}",
        '{% file_link text "/f/" note=text %}',
        "{% copy text %}",
        "{% refusal decision %}",
        "{% chart chart %}",
        "{% facts items %}",
    ],
)
def test_component_escapes_what_people_wrote(text):
    evil = "<script>alert(1)</script>\"'"
    html = draw(
        text,
        text=evil,
        decision=refuse("x", evil),
        chart=Chart("bar", evil, [evil], [Series(evil, [1])]),
        items=[(evil, evil)],
    )
    assert "<script>alert" not in html
    assert "alert(1)" in html


def test_button_that_posts_carries_the_csrf_token_and_asks_first():
    html = draw('{% button "退回补正" url="/r/" post=True confirm="确定退回？" %}')
    assert 'method="post"' in html
    assert 'value="t0ken"' in html
    assert 'data-confirm="确定退回？"' in html


def test_button_refused_is_disabled_and_says_why():
    html = draw('{% button "推荐" url="/r/" may=decision %}', decision=refuse("early", "公示还未期满。"))
    assert 'aria-disabled="true"' in html
    assert "公示还未期满。" in html
    assert "/r/" not in html
    assert "/r/" in draw('{% button "推荐" url="/r/" may=decision %}', decision=Decision(True))


def test_action_that_the_role_never_has_is_not_offered():
    action = Action("印发", "/r/", decision=NOT_YOUR_ROLE)
    assert draw("{% action item %}", item=action).strip() == ""


def test_action_with_refused_decision_shows_the_reason():
    action = Action("推荐", "/r/", decision=refuse("early", "公示还未期满。"))
    assert "公示还未期满。" in draw("{% action item %}", item=action)


@pytest.mark.parametrize(
    ("used", "limit", "minimum", "words"),
    [(3, 8, "", "还剩 5"), (8, 8, "", "名额已用完"), (9, 8, "", "已超过上限"), (31, 100, 35, "低于下限 35")],
)
def test_quota_meter_says_in_words_what_the_bar_shows(used, limit, minimum, words):
    html = draw("{% quota_meter '名额' used limit minimum=minimum %}", used=used, limit=limit, minimum=minimum or None)
    assert words in html


def test_field_names_label_help_unit_and_error():
    class F(forms.Form):
        amount = forms.DecimalField(label="经济效益", help_text="盖章证明为准")

    F.base_fields["amount"].unit = "万元"
    html = draw("{% field form.amount %}", form=F({"amount": "x"}))
    for part in ("经济效益", "盖章证明为准", "万元", 'aria-invalid="true"', 'id="id_amount_error"', "field-errors"):
        assert part in html


def test_error_summary_links_to_each_field_and_is_empty_without_errors():
    class F(forms.Form):
        a = forms.CharField(label="甲")
        b = forms.CharField(label="乙")

    html = draw("{% error_summary form %}", form=F({}))
    assert 'href="#id_a"' in html
    assert 'href="#id_b"' in html
    assert "还有 2 处" in html
    assert draw("{% error_summary form %}", form=F()).strip() == ""


def test_chart_is_readable_as_a_table_without_script():
    html = draw("{% chart chart %}", chart=Chart("bar", "各区", ["和平区", "河东区"], [Series("件数", [1234, None])]))
    assert "<table" in html
    assert "1,234" in html
    assert "—" in html
    assert 'type="application/json"' in html


@pytest.mark.parametrize("part", ["components", "forms", "data", "charts", "record", "official"])
def test_style_guide_draws_every_component_in_every_state(part):
    html = draw(
        f'{{% include "web/styleguide/{part}.html" %}}',
        **sample_context(timezone.now(), QueryDict()),
    )
    assert len(html) > 500


def test_many_tabs_go_behind_a_fold_that_opens_for_the_current_one():
    def page(current: int) -> str:
        items = [Tab(f"事项{n}", f"?kind={n}", current=n == current) for n in range(12)]
        return draw("{% tabs items %}", items=items)

    assert page(0).count('class="tab"') == 12
    assert "其他 5 类" in page(0)
    assert '<details class="tabs-more">' in page(0)
    assert '<details class="tabs-more" open>' in page(11)
    assert "tabs-more" not in draw("{% tabs items %}", items=[Tab("全部", "?"), Tab("待办", "?a")])


def test_column_may_stand_in_the_workbook_alone_or_on_the_page_alone():
    class Sample(Table):
        name = Column("名称")
        owner = Column("提出工会", screen=False)
        note = Column("操作提示", export=False)

    table = Sample([SimpleNamespace(pk=1, name="甲", owner="乙工会", note="点名称")])
    assert [head.label for head in table.heads] == ["名称", "操作提示"]
    assert [cell.label for cell in table.body[0].cells] == ["名称", "操作提示"]
    assert [column.label for column in table.export_columns()] == ["名称", "提出工会"]
