"""Sample data of the style guide: invented, and only shown with DEBUG or PORTAL_DEMO."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from portal.core.decisions import Decision, refuse
from portal.web.columns import BadgeColumn, Column, DueColumn, LinkColumn, MoneyColumn, NumberColumn
from portal.web.filters import BooleanFilter, ChoiceFilter, DateRangeFilter, FilterSet, SearchFilter
from portal.web.forms import BaseForm
from portal.web.paging import Page, SizeLink
from portal.web.tables import Table
from portal.web.ui import Action, Chart, Empty, Fact, Section, Series, Step, TimelineItem, WorkItem
from portal.web.widgets import MB, FileInput


@dataclass(frozen=True)
class Status:
    label: str
    tone: str


STATUSES = (
    Status("草稿", "neutral"),
    Status("区总工会审核中", "info"),
    Status("退回补正", "waiting"),
    Status("已推荐", "ok"),
    Status("取消资格", "stopped"),
    Status("已命名", "gold"),
)


@dataclass(frozen=True)
class SampleEntry:
    pk: int
    number: str
    title: str
    unit: str
    status: Status
    score: Decimal | None
    benefit: Decimal
    due: datetime | None


class SampleTable(Table):
    title = LinkColumn(_("成果名称"), url=lambda row: f"#row-{row.pk}", sort="title", phone="title", width="wide")
    unit = Column(_("申报单位"), sort="unit", phone="fact")
    status = BadgeColumn(_("状态"), sort="status", phone="fact")
    score = NumberColumn(_("得分"), places=2, sort="score")
    benefit = MoneyColumn(_("年经济效益"), unit=_("万元"), sort="benefit")
    due = DueColumn(_("办理期限"), sort="due")

    class Meta:
        default_sort = "-score"
        caption = _("申报件")
        row_action = "open_action"
        row_tone = "late_tone"
        empty = Empty(
            _("还没有申报件"),
            _("征集开始后，下级单位提交的申报件会出现在这里。"),
            action=Action(_("查看正在征集的届次"), "#", icon="calendar-event"),
        )

    def open_action(self, row: SampleEntry) -> Action:
        return Action(_("审核"), "#", kind="secondary")

    def late_tone(self, row: SampleEntry) -> str:
        return "waiting" if row.status.tone == "waiting" else ""


class SampleFilters(FilterSet):
    q = SearchFilter(_("名称、单位、编号"), fields=("title",))
    state = ChoiceFilter(_("状态"), choices=[(s.tone, s.label) for s in STATUSES], multiple=True)
    track = ChoiceFilter(_("类别"), choices=[("1", "小发明"), ("2", "小改造"), ("3", "小革新"), ("4", "小设计")])
    sent = DateRangeFilter(_("提交日期"), field="sent")
    late = BooleanFilter(_("只看已逾期"), field="late")

    class Meta:
        drawer = ("sent", "late")


class SampleForm(BaseForm):
    title = forms.CharField(label=_("成果名称"), max_length=60, help_text=_("与佐证材料一致，不超过 60 个字。"))
    kind = forms.ChoiceField(label=_("成果类别"), choices=[("", _("请选择")), ("1", "小发明"), ("2", "小改造")])
    finished = forms.DateField(label=_("完成日期"))
    people = forms.IntegerField(label=_("完成人数"), min_value=1, max_value=9)
    benefit = forms.DecimalField(
        label=_("年经济效益"), max_digits=12, decimal_places=2, help_text=_("以财务部门盖章的证明为准。")
    )
    mode = forms.ChoiceField(
        label=_("申报方式"), widget=forms.RadioSelect, choices=[("1", _("个人申报")), ("2", _("班组申报"))]
    )
    groups = forms.MultipleChoiceField(
        label=_("涉及人员"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=[("a", "一线职工"), ("b", "农民工"), ("c", "女职工")],
    )  # fmt: skip
    summary = forms.CharField(label=_("成果简介"), widget=forms.Textarea, max_length=200)
    scan = forms.FileField(
        label=_("盖章扫描件"), required=False, widget=FileInput(accept=".pdf,.jpg,.png", max_bytes=20 * MB)
    )
    consent = forms.BooleanField(label=_("同意公开姓名、单位和成果简介用于公示"))
    people.unit, benefit.unit = _("人"), _("万元")
    kind.span = finished.span = people.span = benefit.span = "half"

    class Meta:
        sections = (
            Section(_("基本情况"), ("title", "kind", "finished", "people", "benefit", "mode", "groups")),
            Section(_("成果简介与材料"), ("summary", "scan"), help=_("评审时隐去姓名和单位，简介中请勿出现。")),
            Section(_("声明"), ("consent",)),
        )


def sample_rows(now: datetime) -> list[SampleEntry]:
    names = (
        "转炉煤气回收阀组密封结构改造",
        "港口集装箱锁具自动拆装装置的研制与在自动化码头水平运输区的推广应用及其安全防护配套改造项目",
        "地铁列车车门检修工装",
        "疫苗冷链温度连续记录方法",
        "大型风电叶片模具快速合模夹具",
        "老旧小区供热二次网平衡调节法",
    )
    units = ("天津某钢铁有限公司工会", "某港口集团有限公司工会委员会", "某轨道交通运营公司工会", "某生物制品公司联合工会",
             "某风电装备制造公司工会", "某能源热力公司工会")  # fmt: skip
    return [
        SampleEntry(
            pk=i + 1,
            number=f"WX-2026-{i + 1:04d}",
            title=names[i],
            unit=units[i],
            status=STATUSES[i],
            score=None if i == 0 else Decimal("91.375") - i * Decimal("2.31"),
            benefit=Decimal("1280.5") / (i + 1),
            due=None if i > 3 else now + timedelta(days=(9, 2, -2, 0)[i], hours=3),
        )
        for i in range(6)
    ]


def sample_page(rows: list[SampleEntry]) -> Page:
    sizes = (SizeLink(25, "?size=25", True), SizeLink(50, "?size=50", False), SizeLink(100, "?size=100", False))
    return Page(rows, 10_000, True, 26, first_url="?", previous_url="?before=x", next_url="?after=x", sizes=sizes)


def sample_charts() -> list[Chart]:
    months = [f"{m}月" for m in range(1, 13)]
    return [
        Chart("funnel", "申报件办理进度", ["已提交", "区局推荐", "资格审查通过", "进入评审", "拟命名"],
              [Series("件数", [1284, 412, 396, 380, 20])], unit="件",
              definition="按当前届次统计，每件只计一次；括号内为占上一环节的比例。"),
        Chart("hbar", "各区推荐数", ["滨海新区", "武清区", "西青区", "北辰区", "东丽区", "津南区", "和平区"],
              [Series("推荐数", [68, 41, 39, 33, 28, 24, 12])], unit="件"),
        Chart("line", "各月提交件数与上一届比较", months,
              [Series("本届", [0, 0, 12, 40, 96, 180, 260, 310, 240, 96, 40, 10]),
               Series("上届", [0, 0, 8, 36, 80, 150, 210, 280, 200, 90, 30, 6])], unit="件"),
        Chart("histogram", "得分分布", ["60–65", "65–70", "70–75", "75–80", "80–85", "85–90", "90–95", "95–100"],
              [Series("件数", [4, 12, 38, 84, 121, 92, 26, 3])], unit="件"),
    ]  # fmt: skip


def sample_timeline(now: datetime) -> list[TimelineItem]:
    return [
        TimelineItem(None, "专家评审", text="名额确定后开始", tone="neutral"),
        TimelineItem(
            now - timedelta(hours=5),
            "退回补正",
            "张*丰 · 滨海新区总工会",
            "财务证明缺少单位公章，请重新上传。",
            "waiting",
            "arrow-back-up",
        ),
        TimelineItem(now - timedelta(days=2), "提交申报", "王* · 某钢铁有限公司工会", "", "ok", "send"),
        TimelineItem(now - timedelta(days=9), "新建草稿", "王* · 某钢铁有限公司工会", "", "neutral"),
    ]


def sample_context(now: datetime, data: QueryDict) -> dict[str, Any]:
    """Everything the style guide's templates show."""
    rows = sample_rows(now)
    allowed, refused = (
        Decision(True),
        refuse("notice_open", "单位公示还未期满（11月26日结束），期满且无异议后才能推荐。"),
    )
    bound = SampleForm(data={"title": "超" * 61, "people": "12", "finished": "昨天", "mode": "1"})
    return {
        "statuses": STATUSES,
        "table": SampleTable(sample_page(rows), data=data or QueryDict("sort=-score")),
        "empty_table": SampleTable([]),
        "no_match_table": SampleTable([], filtered=True),
        "filters": SampleFilters(QueryDict("state=waiting&q=改造&sent_0=2026-10-01&sent_1=2026-11-22")),
        "form": SampleForm(),
        "bound_form": bound,
        "charts": sample_charts(),
        "timeline": sample_timeline(now),
        "allowed": allowed,
        "refused": refused,
        "steps": [
            Step(_("征集"), "done", "9月1日–10月31日"),
            Step(_("推荐"), "done", "11月1日–20日"),
            Step(_("资格审查"), "current", "还剩3天"),
            Step(_("专家评审"), "todo", "12月1日起"),
            Step(_("公示"), "todo"),
            Step(_("命名"), "todo"),
        ],
        "facts": [
            ("申报单位", "天津某钢铁有限公司工会"), ("统一社会信用代码", "91120100XXXXXXXX0X"),
            ("主要完成人", "王*、李*华、赵*"), Fact("年经济效益", "1,280.50", "万元"), ("曾获奖励", None),
            Fact("创新点", "采用双道密封与在线氮气吹扫相结合的结构，阀组泄漏率由 2.1% 降至 0.3%，检修周期延长一倍。", wide=True),
        ],
        "work_late": [WorkItem("地铁列车车门检修工装", "#", "审核", "某轨道交通运营公司工会", now - timedelta(days=12), now - timedelta(days=2), STATUSES[1])],
        "work_week": [
            WorkItem("转炉煤气回收阀组密封结构改造", "#", "审核", "天津某钢铁有限公司工会", now - timedelta(days=2), now + timedelta(days=3), STATUSES[1]),
            WorkItem("“五小”成果评审（第三组）", "#", "继续评审", "市总工会经济技术部", now - timedelta(days=4), now + timedelta(days=5), note="已评 12 / 40 件"),
        ],
        "soon": now + timedelta(days=2),
        "late": now - timedelta(days=2),
        "action_primary": Action(_("确认推荐"), "#", kind="primary", icon="check"),
    }  # fmt: skip
