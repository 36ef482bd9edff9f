"""Audit actions of entries besides the transitions (engine/audit.py). Answers themselves are never stored here."""

from typing import Any

from portal.audit.actions import AuditAction, register_actions


def _saved(data: dict[str, Any]) -> str:
    return f"{data.get('section_title', '')}：{'、'.join(data.get('labels', []))}".strip("：")


def _file(data: dict[str, Any]) -> str:
    return f"{data.get('label', '')}：{data.get('name', '')}".strip("：")


def _consent(data: dict[str, Any]) -> str:
    return str(data.get("label", ""))


def _copied(data: dict[str, Any]) -> str:
    return f"来自 {data['source_code']}《{data['source_title']}》" if data.get("source_code") else ""


register_actions(
    AuditAction("lifecycle.entry.created", "新建申报", _copied),
    AuditAction("lifecycle.entry.saved", "填写申报内容", _saved),
    AuditAction("lifecycle.entry.track_changed", "调整申报类别"),
    AuditAction("lifecycle.attachment.added", "上传附件", _file),
    AuditAction("lifecycle.attachment.removed", "移除附件", _file),
    AuditAction("lifecycle.consent.given", "同意", _consent),
    AuditAction("lifecycle.consent.withdrawn", "撤回同意", _consent),
    AuditAction("lifecycle.entry.document_made", "生成文书", _file),
)
