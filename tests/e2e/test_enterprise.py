"""An enterprise enters, and corrects what its union returned."""

import pytest
from playwright.sync_api import expect

from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries.models import Entry
from tests.e2e.steps import answer_section, press, said
from tests.factories.answers import complete_answers, required_files
from tests.factories.entries import PDF, ensure_codes, make_cycle, picture_bytes

pytestmark = [pytest.mark.browser, pytest.mark.integration]
TITLE = "一种管道内壁除锈装置"
BETTER = "改进后单件除锈时间由四十分钟降到十二分钟，粉尘浓度下降八成，同类装置没有自动对中功能。"
PICTURE = {"name": "现场.png", "mimeType": "image/png", "buffer": picture_bytes()}
SEALED = {"name": "盖章件.pdf", "mimeType": "application/pdf", "buffer": PDF}
FAKE = {"name": "报告.pdf", "mimeType": "application/pdf", "buffer": b"MZ\x90\x00 this is a program"}


@pytest.fixture
def cycle(tianjin):
    cycle = make_cycle(tianjin, "five-small-top20")
    ensure_codes(cycle.rules)
    return cycle


@pytest.fixture
def answers(cycle):
    return complete_answers(cycle.rules, title=TITLE)


def upload(page, field, file):
    box = page.locator(f"#attachments-{field}")
    box.locator("input[type=file]").set_input_files(file)
    return page.locator(f"#attachments-{field}")


@pytest.mark.row(87)
def test_enterprise_enters_and_corrects(cycle, answers, tianjin, at_desk, look, all_rows):
    rules = cycle.rules
    page = at_desk(tianjin.filer)

    # A new entry, from the work list on.
    page.goto("/desk/")
    look(page)
    page.goto("/desk/entries/new/")
    look(page)
    page.goto(f"/desk/entries/new/{cycle.pk}/")
    page.get_by_label("成果名称").fill(TITLE)
    press(page, "开始填报")
    page.wait_for_url("**/edit/basic/")
    look(page)
    form = page.url

    # What was typed is kept although nobody pressed a button: the tab is closed, another one opened.
    with page.expect_response("**/autosave/"):
        page.get_by_label("关键词").fill("除锈、管道、粉尘")
    expect(page.locator("[data-autosave-line]")).to_contain_text("保存")
    page.close()
    page = at_desk(tianjin.filer)
    page.goto(form)
    expect(page.get_by_label("关键词")).to_have_value("除锈、管道、粉尘")

    for section in rules.sections[:-1]:
        page.wait_for_url(f"**/edit/{section.code}/")
        answer_section(page, rules, section.code, answers)
        for spec in section.fields:
            if spec.code in {needed.code for needed in required_files(rules, answers)}:
                file = PICTURE if "png" in spec.accept else SEALED
                expect(upload(page, spec.code, file).get_by_text(file["name"])).to_be_visible()
        if section.code == "materials":
            # Not what its name says: the message stands at the field, the other files stay.
            expect(upload(page, "form_scan", FAKE).get_by_role("alert").filter(has_text="报告.pdf")).to_be_visible()
            expect(upload(page, "form_scan", SEALED).get_by_text("盖章件.pdf")).to_be_visible()
        press(page, "保存并填下一部分")

    # The last part, all but one consent; the check page says what is missing, and the consent can be given there.
    page.wait_for_url("**/edit/declarations/")
    answer_section(page, rules, "declarations", answers, but=frozenset({"publish_consent"}))
    press(page, "保存并检查提交")
    page.wait_for_url("**/review/")
    said(page, "还有 1 处需要补充")
    look(page)
    page.locator(".consent").filter(has_text="已阅读并同意处理和公开上述个人信息").get_by_role("button").click()
    said(page, "各部分都已填好")
    press(page, "提交申报", confirm=True)
    said(page, "已提交申报")
    entry = Entry.objects.get(cycle=cycle)
    assert (entry.state, entry.title) == (EntryState.SUBMITTED, TITLE)
    record = f"/desk/entries/{entry.code}/"
    look(page)
    page.goto(f"{record}edit/basic/")  # locked
    expect(page.get_by_label("关键词")).to_have_count(0)

    # The union returns it with a reason at the field.
    union = at_desk(tianjin.unit_checker)
    union.goto("/desk/")
    union.get_by_role("link", name=TITLE).first.click()
    union.wait_for_url(f"**{record}**")
    look(union)
    union.get_by_role("link", name="退回补正").click()
    union.get_by_label("退回原因").fill("“与现有技术比较”写得太简单，请补充数据。")
    press(union, "退回补正")
    said(union, "已退回")

    # Corrected, handed in again, and both versions side by side.
    page.goto("/desk/")
    said(page, TITLE)
    page.goto(record)
    said(page, "写得太简单")
    page.goto(f"{record}edit/technology/")
    page.get_by_label("与现有技术比较").fill(BETTER)
    press(page, "保存")
    page.goto(f"{record}review/")
    press(page, "提交申报", confirm=True)
    said(page, "已提交申报")
    page.goto(f"{record}versions/")
    expect(page.locator("ins").filter(has_text="十二分钟").first).to_be_visible()
    look(page)
    entry.refresh_from_db()
    assert entry.state == EntryState.SUBMITTED
    assert entry.versions.count() == 2
