"""What guards a recommendation: places handed out and moved (名额账), entries that are alike, staff who keep away."""

from __future__ import annotations

from typing import Any

from portal.accounts.enums import Role
from portal.core.context import system_actor
from portal.demo.federation import Federation, Unit
from portal.demo.places import hand_out
from portal.demo.story import DAY, Story
from portal.lifecycle.engine.states import EntryState
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.entries.recusals.domain import record_recusal
from portal.lifecycle.similarity.domain import compare_entry, decide_pair
from portal.lifecycle.similarity.models import SimilarPair, Verdict

# title, summary, what is new; the second retells the first, the fourth belongs to the patent of the third.
WORKS = (
    ("渣浆泵机械密封在线冲洗装置",
     ("选煤车间渣浆泵机械密封平均二十六天就要更换一次，每次停机四小时。班组在密封腔上加装一路带流量开关的清水冲洗管，冲洗水压始终高于腔内压力零点一兆帕，"
     "断水时自动报警停泵。改造后密封寿命延长到一百九十天，全年减少停机五十二小时。"),
     "把原来开机前手动冲洗改成运行中连续冲洗，并用流量开关与泵联锁；冲洗水回收到循环水池，不增加排放。"),
    ("渣浆泵密封自动冲洗及断水保护",
     ("洗选车间渣浆泵机械密封平均二十六天更换一次，每次停机四小时左右。我们在密封腔上加装一路带流量开关的清水冲洗管，冲洗水压高于腔内压力零点一兆帕，"
     "断水自动报警并停泵。改造后密封寿命由二十六天延长到一百八十天，减少停机五十小时。"),
     "由开机前手动冲洗改成运行中连续冲洗，流量开关与泵联锁；冲洗水回收到循环水池。"),
    ("地铁站台门应急开启扳手定位架",
     "夜间检修时应急扳手散放，取用要找半天。用镀锌板折弯成带编号的定位架，装在端门内侧，扳手少一把就露出红底。检修收工清点时间由十二分钟降到一分钟。",
     "用颜色缺位提示代替登记本，夜间不用开手电逐把核对。"),
    ("叉车货叉磨损快速量规",
     "货叉根部磨损超过百分之十必须报废，过去用卡尺量，读数因人而异。按额定厚度的九成做成通止规，一插便知。二百一十把货叉半天量完，查出七把超限。",
     "把标准要求变成一把通止规，新工人也能量准，避免漏检。"),
)  # fmt: skip

PATENT = {
    "type": "utility", "number": "ZL202420199001.8", "status": "granted", "holder": "津沽轨道装备有限公司",
    "granted_on": "2024-05-20",
}  # fmt: skip
PATENTED = (2, 3)  # places in WORKS


def examples(federation: Federation, story: Story) -> None:
    """At the end of the recommendation's beginning: accounts with a history, a queue of pairs, one recusal."""
    hand_out(federation, story.cycle, federation.now - 8 * DAY)
    _alike(federation, story, federation.units[25:29])
    _keep_away(federation, story)


def _alike(federation: Federation, story: Story, units: list[Unit]) -> None:
    """Four works of other units: a retold one, and two with one patent number; the last pair is decided."""
    story.clock = federation.now - 4 * DAY
    entries: list[Entry] = []
    for unit, (title, summary, new) in zip(units, WORKS, strict=False):
        fixed: dict[str, Any] = {"title": title, "summary": summary, "innovation_points_text": new}
        if len(entries) in PATENTED:
            fixed |= {"has_ip": True, "ip_rights": [PATENT]}
        entries.append(story.submit(unit, fixed=fixed))
    for entry in entries:
        compare_entry(entry=entry, actor=system_actor("similarity"), now=story.clock)
    for pair in SimilarPair.objects.filter(same_number=True):
        decide_pair(
            pair=pair, verdict=Verdict.DIFFERENT, actor=federation.manager, now=federation.now - DAY,
            reason="两件成果分属同一专利的不同权利要求，专利权人出具了说明，不构成重复。",
        )  # fmt: skip


def _keep_away(federation: Federation, story: Story) -> None:
    """One of the city's staff is related to the leader of an entry: another handles it."""
    entry = Entry.objects.filter(cycle=story.cycle, state=EntryState.SUBMITTED).order_by("pk").first()
    if entry is None or entry.at_organisation is None:
        return
    second = federation.person(federation.municipal, Role.CHECKER)
    record_recusal(
        entry=entry, user=second.user, deputy=federation.city_checker.user, actor=federation.manager, now=federation.now - 3 * DAY,
        reason="与主要完成人系夫妻关系，本人申请回避。",
    )  # fmt: skip
