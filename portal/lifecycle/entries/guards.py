"""Why an entry cannot be submitted yet; and what people should look at although it can."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from portal.core.decisions import ALLOWED, Decision, refuse
from portal.lifecycle.blueprints.fields import missing_items
from portal.lifecycle.blueprints.vocabulary import SubjectKind
from portal.lifecycle.engine.perform import Act
from portal.lifecycle.engine.registry import check
from portal.lifecycle.entries import queries
from portal.lifecycle.entries.content import answers_of, keys_of
from portal.lifecycle.entries.domain.consents import consent_fields
from portal.lifecycle.entries.models import Entry, EntryKey
from portal.lifecycle.entries.routes import RouteIncomplete
from portal.lifecycle.programmes.models import CycleStatus

NAMED = 3  # items a message names before it says “等”


@check("submit")
def cycle_runs(act: Act) -> Decision:
    if act.cycle.status != CycleStatus.RUNNING:
        return refuse("cycle", _("“%s”已经结束或取消，不能再提交。") % act.cycle)
    return ALLOWED


@check("submit")
def nothing_missing(act: Act) -> Decision:
    """The checklist is empty."""
    files = {field: len(rows) for field, rows in queries.attachments_of(act.entry).items()}
    missing = missing_items(act.cycle.rules, answers_of(act.entry), files)
    if not missing:
        return ALLOWED
    labels = list(dict.fromkeys(item.label for item in missing))
    named = "、".join(labels[:NAMED]) + (_("等") if len(labels) > NAMED else "")
    return refuse(
        "incomplete", _("还有 %(n)d 项没有填好：%(named)s。请补充后再提交。") % {"n": len(labels), "named": named}
    )


@check("submit")
def consents_given(act: Act) -> Decision:
    """Every consent that is required has its record: the words, who, when."""
    given = queries.consents_of(act.entry)
    lacking = [s.label for p, s in consent_fields(act.cycle.rules).items() if s.required and p not in given]
    if lacking:
        return refuse("consent", _("请先阅读并同意：%s。") % "、".join(lacking))
    return ALLOWED


@check("submit")
def title_is_new(act: Act) -> Decision:
    same = queries.same_title(act.entry)
    if same is None:
        return ALLOWED
    return refuse(
        "duplicate_title",
        _("本单位本届已有同名申报《%(title)s》（%(code)s），请修改名称，或撤回其中一件。")
        % {"title": same.title, "code": same.code},
    )


@check("submit")
def unit_is_new(act: Act) -> Decision:
    """Where units are selected, one unit enters once – whoever files for it."""
    rules = act.cycle.rules
    if rules.programme.subject != SubjectKind.UNIT:
        return ALLOWED
    codes = [value for kind, value in keys_of(rules, answers_of(act.entry)) if kind == EntryKey.CREDIT_CODE]
    same = [e for e in queries.sharing_key(act.entry, EntryKey.CREDIT_CODE, codes) if e.cycle_id == act.entry.cycle_id]
    if not codes or not same:
        return ALLOWED
    return refuse(
        "duplicate_unit",
        _("统一社会信用代码相同的单位本届已经申报（%(code)s，%(union)s），一个单位只能申报一次。")
        % {"code": same[0].code, "union": same[0].organisation},
    )


@check("submit")
def person_within_limit(act: Act) -> Decision:
    """max_per_person: entries of the cycle with the same first person (第一完成人)."""
    limit = act.params.get("max_per_person")
    if limit is None:
        return ALLOWED
    persons = [value for kind, value in keys_of(act.cycle.rules, answers_of(act.entry)) if kind == EntryKey.PERSON]
    number = queries.entries_of_person(act.entry, persons[0]) if persons else 0
    if number < limit:
        return ALLOWED
    return refuse(
        "person_limit",
        _("同一人作为第一完成人（申报人）本届最多申报 %(limit)d 件，已有 %(number)d 件。")
        % {"limit": limit, "number": number},
    )


@check("submit")
def route_exists(act: Act) -> Decision:
    """There is a union for every level the programme insists on, up to the organiser."""
    try:
        line = queries.line_of(act.entry.organisation, act.cycle)
        queries.route_of(act.entry.organisation, act.cycle)
    except RouteIncomplete as error:
        return refuse(
            "route",
            _("本单位上级没有“%s”，无法逐级推荐。请联系市总工会设定推荐关系。") % error.level.label,
        )
    if not line:
        return refuse("route", _("本单位不在“%s”的推荐范围内，不能提交。") % act.cycle.owner)
    return ALLOWED


@dataclass(frozen=True)
class Warning:  # noqa: A001 -- what it is to the people who read it
    code: str
    message: str


def warnings_of(entry: Entry) -> list[Warning]:
    """What may be right but must be looked at: equal patent numbers, the same title elsewhere. Never a refusal."""
    rules = entry.cycle.rules
    found: list[Warning] = []
    by_kind: dict[str, list[str]] = {}
    for kind, value in keys_of(rules, answers_of(entry)):
        if kind not in {EntryKey.PERSON, EntryKey.CREDIT_CODE}:
            by_kind.setdefault(kind, []).append(value)
    for kind, values in sorted(by_kind.items()):
        others = queries.sharing_key(entry, kind, values)
        if others:
            label = rules.field(kind.partition(".")[0]).label
            found.append(
                Warning(
                    "same_value",
                    _("“%(label)s”中的编号与已上报的申报件 %(codes)s 相同，请核对是否重复申报。")
                    % {"label": label, "codes": "、".join(other.code for other in others)},
                )
            )
    same = queries.same_title_elsewhere(entry)
    if same:
        found.append(
            Warning(
                "same_title",
                _("已有同名申报件（%s），请核对是否为同一成果。")
                % "、".join(f"{e.cycle.label} {e.code}" for e in same),
            )
        )
    return found
