"""The rules of a blueprint beyond its shape. Every broken rule is reported with its path; nothing stops at the first."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from portal.lifecycle.blueprints.editions import edition_problems
from portal.lifecycle.blueprints.letters import letter_problems
from portal.lifecycle.blueprints.schema import EPOCH, Blueprint
from portal.lifecycle.blueprints.structure import Problem
from portal.lifecycle.blueprints.timeline import start_in_year
from portal.lifecycle.blueprints.validate_fields import field_problems
from portal.lifecycle.blueprints.validate_limits import limit_problems
from portal.lifecycle.blueprints.validate_stages import stage_problems
from portal.lifecycle.blueprints.vocabulary import (
    TEXT_TYPES,
    CadenceKind,
    DocumentKind,
    FieldType,
    HonourClass,
    StageKind,
)

KEBAB = re.compile(r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$")
PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
PLACEHOLDERS = frozenset(
    {"organisation", "nominating", "cycle", "title", "subject", "programme", "honour", "date", "year"}
)
"""Words a document's paragraphs may contain in braces, besides the codes of fields."""

NAMING_TABOO = ("表彰", "奖金")
"""domain.md 0.1: a 命名 scheme must not show these words."""


@dataclass(frozen=True)
class Known:
    """Keys registered by the pillars; None = not checked (the file is read without a running portal)."""

    pillars: frozenset[str] | None = None
    profiles: frozenset[str] | None = None
    guards: frozenset[str] | None = None
    honours: frozenset[str] | None = None


Check = Callable[[Blueprint, Known], Iterator[Problem]]


def problems(blueprint: Blueprint, *, known: Known) -> list[Problem]:
    """Every broken rule, in the order of the file."""
    checks: tuple[Check, ...] = (
        _programme,
        _honour,
        _sections,
        _tracks,
        _track_field,
        _ratios,
        _vetoes,
        _documents,
        _certificate,
        _consent,
        _checks,
    )
    found = [problem for check in checks for problem in check(blueprint, known)]
    found += edition_problems(blueprint.edition, blueprint.hosts)
    found += letter_problems(blueprint.letters)
    found += limit_problems(blueprint)
    found += field_problems(blueprint)
    found += stage_problems(blueprint, guards=known.guards)
    return found


def repeated(codes: Iterable[str]) -> set[str]:
    return {code for code, count in Counter(codes).items() if count > 1}


def _programme(blueprint: Blueprint, known: Known) -> Iterator[Problem]:
    info = blueprint.programme
    if not KEBAB.match(info.code):
        yield Problem("programme.code", _("只能用小写字母、数字和连字符，以字母开头"))
    if known.pillars is not None and info.pillar not in known.pillars:
        yield Problem("programme.pillar", _("没有板块“%s”") % info.pillar)
    if not info.title.strip():
        yield Problem("programme.title", _("不能为空"))
    if info.profile and known.profiles is not None and info.profile not in known.profiles:
        yield Problem("programme.profile", _("没有扩展资料“%s”") % info.profile)
    yield from _cadence(blueprint)
    if not info.subject_field:
        yield Problem("programme.subject_field", _("须指明申报件的名称取自哪个字段"))
    elif not blueprint.has_field(info.subject_field):
        yield Problem("programme.subject_field", _("没有字段“%s”") % info.subject_field)
    elif blueprint.field(info.subject_field).type not in TEXT_TYPES:
        yield Problem("programme.subject_field", _("字段“%s”不是文字，不能作为申报件名称") % info.subject_field)


def _cadence(blueprint: Blueprint) -> Iterator[Problem]:
    info = blueprint.programme
    if info.cadence == CadenceKind.EVERY_YEARS and info.every_years < 2:
        yield Problem("programme.every_years", _("每数年一届的项目须写明间隔年数（不小于 2）"))
    if info.cadence != CadenceKind.EVERY_YEARS and info.every_years:
        yield Problem("programme.every_years", _("只有每数年一届的项目才有间隔年数"))
    if not info.period_years:
        return
    if info.first_year < EPOCH.year:
        yield Problem("programme.first_year", _("须写明首届年份（不早于 %s 年）") % EPOCH.year)
    if start_in_year(info, 2024) is None or start_in_year(info, 2025) is None:
        yield Problem("programme.cycle_start", _("须为每年都有的日期，形如 03-01"))


def _yearly(blueprint: Blueprint) -> Iterator[Problem]:
    """What is counted by the year, and what led to it (即时授予)."""
    honour = blueprint.honour
    if honour.yearly_places < 0:
        yield Problem("honour.yearly_places", _("不能为负数"))
    if honour.yearly_places and not honour.counter:
        yield Problem("honour.counter", _("限定每年名额的，须写明计数名称"))
    for code in honour.trigger_fields:
        if not blueprint.has_field(code):
            yield Problem("honour.trigger_fields", _("没有字段“%s”") % code)


def _honour(blueprint: Blueprint, known: Known) -> Iterator[Problem]:
    honour = blueprint.honour
    conferral = blueprint.stage(StageKind.CONFERRAL)
    if conferral and not honour.title.strip():
        yield Problem("honour.title", _("有命名（拨付）环节，须写明荣誉或补助的名称"))
    if honour.title and known.honours is not None and honour.title not in known.honours:
        yield Problem("honour.title", _("没有登记的荣誉“%s”") % honour.title)
    if honour.repeat_years < 0:
        yield Problem("honour.repeat_years", _("不能为负数"))
    yield from _yearly(blueprint)
    if honour.honour_class == HonourClass.COMMENDATION and not honour.legal_basis:
        yield Problem("honour.legal_basis", _("评比达标表彰项目须写明目录依据"))
    if honour.is_grant:
        yield from _grant(blueprint)
    if not honour.is_naming:
        return
    if honour.cash_allowed:
        yield Problem("honour.cash_allowed", _("命名项目不发奖金"))
    wording = {
        "honour.title": honour.title,
        "honour.wording": honour.wording,
        "texts.decision_intro": blueprint.texts.decision_intro,
        "texts.notice_intro": blueprint.texts.notice_intro,
        "stages.conferral.certificate_text": conferral.params.certificate_text if conferral else "",
    } | {f"tracks[{index}].honour": track.honour for index, track in enumerate(blueprint.tracks)}
    for path, text in wording.items():
        for word in NAMING_TABOO:
            if word in text:
                yield Problem(path, _("命名项目不得出现“%s”字样") % word)


def _grant(blueprint: Blueprint) -> Iterator[Problem]:
    """Money is given by a decision: it needs its number, and the sum comes from a question or a flat rate."""
    if blueprint.honour.honour_class == HonourClass.COMMENDATION:
        yield Problem("honour.kind", _("评比达标表彰项目是荣誉，不能写成补助（grant）"))
    conferral = blueprint.stage(StageKind.CONFERRAL)
    if conferral is None:
        yield Problem("honour.kind", _("补助项目须有拨付环节（conferral）"))
    elif not conferral.params.document_pattern:
        yield Problem("stages.conferral.document_pattern", _("拨付须有决定文号格式"))


def _sections(blueprint: Blueprint, known: Known) -> Iterator[Problem]:
    if not blueprint.sections:
        yield Problem("sections", _("至少要有一个表单分区"))
    for code in repeated(section.code for section in blueprint.sections):
        yield Problem("sections", _("分区代码“%s”重复") % code)
    for index, section in enumerate(blueprint.sections):
        if not section.fields:
            yield Problem(f"sections[{index}].fields", _("分区“%s”没有字段") % section.title)
    for code in repeated(spec.code for spec in blueprint.fields):
        yield Problem("sections", _("字段代码“%s”重复") % code)


def _tracks(blueprint: Blueprint, known: Known) -> Iterator[Problem]:
    for code in repeated(track.code for track in blueprint.tracks):
        yield Problem("tracks", _("类别代码“%s”重复") % code)
    for index, track in enumerate(blueprint.tracks):
        if track.places is None:
            continue
        if track.places < 1:
            yield Problem(f"tracks[{index}].places", _("名额应不小于 1"))
        if blueprint.stage(StageKind.SELECTION) is None:
            yield Problem(f"tracks[{index}].places", _("有名额就必须有评选环节"))


def _track_field(blueprint: Blueprint, known: Known) -> Iterator[Problem]:
    """A question with the code ``track`` decides the entry's track, so it must offer exactly the tracks."""
    if not blueprint.tracks or not blueprint.has_field("track"):
        return
    offered = {choice.value for choice in blueprint.field("track").choices}
    if offered != {track.code for track in blueprint.tracks}:
        yield Problem("tracks", _("字段“track”的选项须与类别代码一致"))


def _ratios(blueprint: Blueprint, known: Known) -> Iterator[Problem]:
    for code in repeated(ratio.code for ratio in blueprint.ratios):
        yield Problem("ratios", _("结构比例代码“%s”重复") % code)
    for index, ratio in enumerate(blueprint.ratios):
        bounds = [bound for bound in (ratio.at_least, ratio.at_most) if bound is not None]
        if not bounds:
            yield Problem(f"ratios[{index}]", _("结构比例须写明不低于或不高于多少"))
        elif any(not 0 <= bound <= 100 for bound in bounds):
            yield Problem(f"ratios[{index}]", _("比例应在 0 到 100 之间"))
        elif bounds != sorted(bounds):
            yield Problem(f"ratios[{index}]", _("不低于的比例不能大于不高于的比例"))
        if bool(ratio.base) != bool(ratio.base_title):
            yield Problem(f"ratios[{index}].base_title", _("只占一部分名单的比例，须同时写明条件和名称"))


def _vetoes(blueprint: Blueprint, known: Known) -> Iterator[Problem]:
    for code in repeated(veto.code for veto in blueprint.vetoes):
        yield Problem("vetoes", _("否决情形代码“%s”重复") % code)
    asked = [spec for spec in blueprint.fields if spec.type == FieldType.VETOES]
    if blueprint.vetoes and not asked:
        yield Problem("vetoes", _("有否决情形，但表单中没有否决情形声明（类型 vetoes）"))
    if asked and not blueprint.vetoes:
        yield Problem("vetoes", _("表单要求声明否决情形，但没有列出任何情形"))


def _documents(blueprint: Blueprint, known: Known) -> Iterator[Problem]:
    for code in repeated(document.code for document in blueprint.documents):
        yield Problem("documents", _("文书代码“%s”重复") % code)
    forms = [document for document in blueprint.documents if document.kind == DocumentKind.APPLICATION_FORM]
    if len(forms) > 1:
        yield Problem("documents", _("申报表只能有一份"))
    words = PLACEHOLDERS | {spec.code for spec in blueprint.fields}
    for index, document in enumerate(blueprint.documents):
        path = f"documents[{index}]"
        upload = document.upload_field
        if upload and (not blueprint.has_field(upload) or blueprint.field(upload).type != FieldType.ATTACHMENT):
            yield Problem(f"{path}.upload_field", _("没有名为“%s”的附件字段") % upload)
        if document.kind == DocumentKind.LETTER and not document.body:
            yield Problem(f"{path}.body", _("文书“%s”没有正文") % document.title)
        for word in PLACEHOLDER.findall("".join(document.body)):
            if word not in words:
                yield Problem(f"{path}.body", _("正文中的 {%s} 不是已知的字段") % word)
        for column in document.columns:
            if not blueprint.has_field(column):
                yield Problem(f"{path}.columns", _("没有字段“%s”") % column)


def _certificate(blueprint: Blueprint, known: Known) -> Iterator[Problem]:
    words = PLACEHOLDERS | {spec.code for spec in blueprint.fields}
    for index, stage in enumerate(blueprint.stages):
        for word in PLACEHOLDER.findall(getattr(stage.params, "certificate_text", "")):
            if word not in words:
                yield Problem(f"stages[{index}].certificate_text", _("文字中的 {%s} 不是已知的字段") % word)


def _consent(blueprint: Blueprint, known: Known) -> Iterator[Problem]:
    """Publishing personal information needs separate consent (个人信息保护法 art. 25, domain.md 15.1)."""
    publishes = blueprint.stage(StageKind.NOTICE) or blueprint.stage(StageKind.SHOWCASE)
    if publishes and not any(spec.type == FieldType.CONSENT for spec in blueprint.fields):
        yield Problem("sections", _("有公示或展示环节，表单中须有同意公开个人信息的同意书（类型 consent）"))
    showcase = blueprint.stage(StageKind.SHOWCASE)
    if showcase is None or not showcase.params.requires_consent:
        return
    if all(spec.text for spec in blueprint.fields if spec.type == FieldType.CONSENT):
        yield Problem("sections", _("展示以同意书为准：须有一份不另写条款的同意书，条款写在 texts.consent 中"))


def _checks(blueprint: Blueprint, known: Known) -> Iterator[Problem]:
    checks = blueprint.checks
    for key in ("similarity_fields", "unique_fields"):
        for code in getattr(checks, key):
            top = code.partition(".")[0]
            if not blueprint.has_field(top):
                yield Problem(f"checks.{key}", _("没有字段“%s”") % code)
            elif "." in code and code.partition(".")[2] not in {column.code for column in blueprint.field(top).columns}:
                yield Problem(f"checks.{key}", _("没有列“%s”") % code)
    if not 0 < checks.similarity_flag <= 100:
        yield Problem("checks.similarity_flag", _("应大于 0 且不超过 100"))
