"""A guidance template as .docx in the layout of official papers, for one enterprise or in blank."""

from __future__ import annotations

import io

from competitions.nonpublic.models import GuidanceTemplate
from portal.core.dates import format_cn, local_date
from portal.reports.official import OfficialPaper

PARTS = (
    ("一、竞赛目标", "aims"),
    ("二、竞赛指标", "indicators"),
    ("三、组织步骤", "procedure"),
    ("四、奖励办法", "rewards"),
)


def guidance_docx(template: GuidanceTemplate, *, unit: str = "") -> io.BytesIO:
    """``unit``: the enterprise whose name stands above the scheme; without it room is left to write it."""
    paper = OfficialPaper()
    paper.title(template.title)
    paper.addressee(f"{unit or '＿＿＿＿＿＿＿＿（单位）'}：")
    paper.paragraphs(f"本方案适用于：{template.kinds_label}。请结合本单位实际修改后执行，并办理竞赛立项备案。")
    for heading, name in PARTS:
        paper.heading(heading)
        paper.paragraphs(getattr(template, name))
    if template.published_at:
        paper.signature(template.owner.name, local_date(template.published_at))
        paper.note(f"第{template.version}版，{format_cn(local_date(template.published_at))}发布。")
    return paper.save()
