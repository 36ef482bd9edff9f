"""What shows the evidence at work: an upheld objection, an honour taken back, a certificate issued again, a sealed log."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from awards.certificates.domain import reissue_certificate
from awards.register.models import HonourRecord
from portal.audit import sealing, verification
from portal.core.context import PUBLIC
from portal.core.dates import local_date
from portal.demo.federation import Federation
from portal.demo.story import DAY
from portal.lifecycle.conferral.domain import revoke_honour
from portal.lifecycle.notice.models import Notice, NoticeKind, NoticeStatus
from portal.lifecycle.notice.objections import accept_objection, file_objection, rule_on_objection

UPHELD = "energy-benchmark"  # its notice runs; nobody tells a story with it


def proofs(federation: Federation) -> Iterator[str]:
    """Cases of this year, and what became of two honours of earlier years."""
    _objections(federation)
    honours = list(HonourRecord.objects.filter(issuer=federation.municipal).order_by("conferred_on", "pk")[:3])
    if len(honours) == 3:
        _take_back(federation, honours[0])
        _issue_again(federation, honours[1])
    yield "异议成立一件、撤销荣誉一项、换发证书一份"


def _objections(federation: Federation) -> None:
    """One upheld, one refused: about the last two lines of a running notice."""
    notice = Notice.objects.filter(
        cycle__programme__code=UPHELD, kind=NoticeKind.SELECTION, status=NoticeStatus.PUBLISHED
    ).first()
    if notice is None:
        return
    manager, now = federation.manager, federation.now
    cases = (
        ("facts", "公示材料中的年节能量与该单位上报统计部门的能耗报表不一致，多报约三成，有报表复印件可查。", "upheld",
         "经调取能耗统计报表并现场核对电表记录，申报的年节能量多计312吨标准煤，反映情况属实。依据通知第六条，取消其资格，名额由递补对象按程序补入。"),
        ("procedure", "听说该单位推荐前没有在本单位公示，请核实推荐程序是否合规。", "rejected",
         "经查，该单位工会于推荐前在厂务公开栏和职工之家公示五个工作日，有公示照片和无异议证明，程序符合规定。"),
    )  # fmt: skip
    items = list(notice.items.select_related("entry").order_by("-position")[: len(cases)])
    for number, (item, (category, grounds, ruling, text)) in enumerate(zip(items, cases, strict=False)):
        receipt = file_objection(
            notice=notice, entry=item.entry, is_named=number == 0, name="高文博", phone="19900000023", files=[],
            actor=PUBLIC, now=now - DAY, grounds=grounds, category=category,
        )  # fmt: skip
        case = accept_objection(objection=receipt.objection, actor=manager, now=now - dt.timedelta(hours=20))
        rule_on_objection(objection=case, ruling=ruling, text=text, actor=manager, now=now - dt.timedelta(hours=2))


def _take_back(federation: Federation, honour: HonourRecord) -> None:
    revoke_honour(
        entry=honour.entry, grounds="fraud", document_number=f"津工发〔{local_date(federation.now).year}〕58号",
        decided_on=local_date(federation.now - 5 * DAY), actor=federation.manager, now=federation.now - 5 * DAY,
        reason="经查实，申报的经济效益系编造，依据表彰管理规定，经第9次主席办公会研究决定撤销，收回证书和奖牌。",
    )  # fmt: skip


def _issue_again(federation: Federation, honour: HonourRecord) -> None:
    reissue_certificate(
        honour=honour, recipient=honour.recipient, unit_name=honour.unit_name, actor=federation.manager,
        now=federation.now - 3 * DAY, reason="证书保管不善损毁，单位书面申请补发。",
    )  # fmt: skip


def seal_everything(federation_now: dt.datetime) -> int:
    """Seals the whole log, writes yesterday's root and reads every chain once. Returns the number of sealed events."""
    count = sealing.seal(now=federation_now, everything=True)
    sealing.write_roots(day=local_date(federation_now) - DAY, now=federation_now)
    verification.verify_all(now=federation_now)
    return count
