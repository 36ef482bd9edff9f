"""Every rule of a blueprint: what breaks it, where it is reported, in which words."""

import pytest

from portal.lifecycle.blueprints import loader
from portal.lifecycle.blueprints.validate import Known
from tests.factories.definitions import BANDS, DEFINITION, GONE, changed


def errors_of(changes, known=None):
    try:
        loader.from_definition(changed(changes), known=known)
    except loader.BlueprintInvalid as invalid:
        return [(error.path, error.message) for error in invalid.errors]
    return []


def test_sample_definition_has_no_errors():
    assert errors_of({}) == []


F = "sections[0].fields"
P = "sections[1].fields"
PROGRAMME = [
    ({"programme.code": "Ab_c"}, "programme.code", "只能用小写字母、数字和连字符"),
    ({"programme.title": " "}, "programme.title", "不能为空"),
    ({"programme.cadence": "every_years"}, "programme.every_years", "须写明间隔年数"),
    ({"programme.every_years": 2}, "programme.every_years", "只有每数年一届的项目才有间隔年数"),
    ({"programme.first_year": 2019}, "programme.first_year", "须写明首届年份（不早于 2021 年）"),
    ({"programme.cycle_start": "02-29"}, "programme.cycle_start", "须为每年都有的日期"),
    ({"programme.cycle_start": "spring"}, "programme.cycle_start", "须为每年都有的日期"),
    ({"programme.subject_field": ""}, "programme.subject_field", "须指明申报件的名称取自哪个字段"),
    ({"programme.subject_field": "nothing"}, "programme.subject_field", "没有字段“nothing”"),
    ({"programme.subject_field": "money"}, "programme.subject_field", "不是文字，不能作为申报件名称"),
    ({"honour.repeat_years": -1}, "honour.repeat_years", "不能为负数"),
    ({"honour.class": "commendation"}, "honour.legal_basis", "须写明目录依据"),
    ({"honour.cash_allowed": True}, "honour.cash_allowed", "命名项目不发奖金"),
    ({"honour.wording": "予以表彰"}, "honour.wording", "不得出现“表彰”字样"),
    ({"texts.decision_intro": "发给奖金"}, "texts.decision_intro", "不得出现“奖金”字样"),
    (
        {"stages[6].certificate_text": "特予表彰"},
        "stages.conferral.certificate_text",
        "不得出现“表彰”字样",
    ),
    ({"sections": []}, "sections", "至少要有一个表单分区"),
    ({"sections[2].code": "main"}, "sections", "分区代码“main”重复"),
    ({"sections[2].code": "Ä"}, "sections[2].code", "只能用小写字母、数字和下划线"),
    ({"sections[2].fields": []}, "sections[2].fields", "分区“附件与声明”没有字段"),
    ({f"{F}[3].code": "title"}, "sections", "字段代码“title”重复"),
    ({"sections[0].visible_when": {"field": "phone", "filled": True}}, "sections[0].visible_when.field", "前面的分区"),
    ({"tracks[1].code": "a"}, "tracks", "类别代码“a”重复"),
    ({"tracks[0].places": 0}, "tracks[0].places", "名额应不小于 1"),
    ({"tracks[0].places": 3, "stages[4:]": 0}, "tracks[0].places", "有名额就必须有评选环节"),
    (
        {f"{F}[1].code": "track", "ratios[0].when.field": "track", f"{P}[8].visible_when.field": "track"},
        "tracks",
        "字段“track”的选项须与类别代码一致",
    ),
    (
        {"ratios[1]": {"code": "front", "title": "x", "at_most": 1, "when": {"field": "big", "is_true": True}}},
        "ratios",
        "结构比例代码“front”重复",
    ),
    ({"ratios[0].at_least": GONE}, "ratios[0]", "须写明不低于或不高于多少"),
    ({"ratios[0].at_least": 101}, "ratios[0]", "比例应在 0 到 100 之间"),
    ({"ratios[0].at_most": 10}, "ratios[0]", "不低于的比例不能大于不高于的比例"),
    ({"ratios[0].when.field": "nothing"}, "ratios[0].when.field", "没有字段“nothing”"),
    ({"ratios[0].base": {"field": "big", "is_true": True}}, "ratios[0].base_title", "须同时写明条件和名称"),
    (
        {"ratios[0].base": {"field": "nothing", "filled": True}, "ratios[0].base_title": "个人"},
        "ratios[0].base.field",
        "没有字段“nothing”",
    ),
    ({"vetoes[1].code": "secret"}, "vetoes", "否决情形代码“secret”重复"),
    ({"vetoes": []}, "vetoes", "没有列出任何情形"),
    ({"sections[2].fields[1].type": "consent", "sections[2].fields[1].text": "x"}, "vetoes", "没有否决情形声明"),
    ({"documents[1].code": "form"}, "documents", "文书代码“form”重复"),
    ({"documents[1].kind": "application_form"}, "documents", "申报表只能有一份"),
    ({"documents[0].upload_field": "title"}, "documents[0].upload_field", "没有名为“title”的附件字段"),
    ({"documents[1].body": []}, "documents[1].body", "文书“承诺书”没有正文"),
    ({"documents[1].body": ["{titel}"]}, "documents[1].body", "正文中的 {titel} 不是已知的字段"),
    ({"documents[2].columns": ["x"]}, "documents[2].columns", "没有字段“x”"),
    ({"stages[6].certificate_text": "{wer}"}, "stages[6].certificate_text", "文字中的 {wer} 不是已知的字段"),
    ({"sections[2].fields[2].type": "boolean"}, "sections", "须有同意公开个人信息的同意书"),
    ({"checks.unique_fields": ["x"]}, "checks.unique_fields", "没有字段“x”"),
    ({"checks.unique_fields": ["rights.x"]}, "checks.unique_fields", "没有列“rights.x”"),
    ({"checks.similarity_fields": ["x"]}, "checks.similarity_fields", "没有字段“x”"),
    ({"checks.similarity_flag": 0}, "checks.similarity_flag", "应大于 0 且不超过 100"),
]
FIELDS = [
    ({f"{F}[5].code": "Big-One"}, f"{F}[5].code", "只能用小写字母、数字和下划线"),
    ({f"{F}[5].label": ""}, f"{F}[5].label", "不能为空"),
    ({f"{F}[4].max_length": 5}, f"{F}[4].max_length", "整数类型的字段不能有此项"),
    ({f"{F}[0].columns": [{"code": "a", "type": "text", "label": "x"}]}, f"{F}[0].columns", "不能有此项"),
    ({f"{F}[3].max_length": GONE, f"{F}[3].min_length": GONE}, f"{F}[3].max_length", "多行文字类型的字段须有此项"),
    ({f"{F}[1].choices": [], "ratios": [], f"{P}[8].visible_when": GONE}, f"{F}[1].choices", "单选类型的字段须有此项"),
    ({f"{F}[13].code_list": GONE}, f"{F}[13].code_list", "代码表单选类型的字段须有此项"),
    ({f"{P}[7].max_rows": GONE}, f"{P}[7].max_rows", "明细表类型的字段须有此项"),
    ({"sections[2].fields[0].accept": []}, "sections[2].fields[0].accept", "附件类型的字段须有此项"),
    ({f"{P}[0].text": ""}, f"{P}[0].text", "说明文字类型的字段须有此项"),
    ({"texts.consent": ""}, "sections[2].fields[2].text", "同意书须有条款文字"),
    ({f"{F}[0].required_when": {"field": "big", "is_true": True}}, f"{F}[0].required_when", "已经必填"),
    ({f"{P}[2].public": True}, f"{P}[2].public", "身份证号和电话不得公开"),
    ({f"{F}[0].prefill": "weather"}, f"{F}[0].prefill", "不能从“weather”自动带入"),
    ({"sections[2].fields[0].accept": ["exe"]}, "sections[2].fields[0].accept", "不支持上传 exe 格式"),
    ({"sections[2].fields[0].template": "x"}, "sections[2].fields[0].template", "没有文书“x”"),
    ({f"{F}[3].min_length": 60}, f"{F}[3].min_length", "下限不能大于上限"),
    ({f"{F}[4].minimum": 101}, f"{F}[4].minimum", "下限不能大于上限"),
    ({f"{P}[7].min_rows": 9}, f"{P}[7].min_rows", "下限不能大于上限"),
    ({f"{F}[0].max_length": -1}, f"{F}[0].max_length", "应不小于 1"),
    ({f"{F}[0].pattern": "(", f"{F}[0].pattern_message": "x"}, f"{F}[0].pattern", "不是有效的格式表达式"),
    ({f"{F}[0].pattern": "a+"}, f"{F}[0].pattern_message", "须写明格式提示"),
    ({f"{F}[2].choices[1].value": "x"}, f"{F}[2].choices", "选项“x”重复"),
    ({f"{F}[2].max_choices": 9}, f"{F}[2].max_choices", "多于选项的个数"),
    ({f"{F}[9].not_before": "month"}, f"{F}[9].not_before", "没有同类的日期字段“month”"),
    ({f"{F}[12].visible_when.field": "x"}, f"{F}[12].visible_when.field", "没有字段“x”"),
    ({f"{F}[12].visible_when": {"field": "big"}}, f"{F}[12].visible_when", "恰好写一项"),
    ({f"{F}[12].visible_when.equals": "x"}, f"{F}[12].visible_when", "恰好写一项"),
    ({f"{F}[12].visible_when": {"field": "title", "is_true": True}}, f"{F}[12].visible_when.is_true", "不是“是否”类型"),
    ({f"{F}[12].visible_when": {"field": "kind", "equals": "q"}}, f"{F}[12].visible_when", "“q”不是字段“类别”的选项"),
    ({f"{F}[12].visible_when": {"field": "why", "filled": True}}, f"{F}[12].visible_when.field", "不能指向字段自己"),
    ({f"{F}[11].visible_when": {"field": "sex", "filled": True}}, f"{F}[11].visible_when.field", "只能指向前面的字段"),
    ({f"{F}[12].required_when": {"field": "phone", "filled": True}}, f"{F}[12].required_when.field", "不能作为条件"),
    ({f"{P}[7].columns[1].code": "name"}, f"{P}[7].columns", "列代码重复"),
    ({f"{P}[7].columns[0].type": "table"}, f"{P}[7].columns[0].type", "明细表类型不能作为列"),
    (
        {f"{P}[7].columns[0].visible_when": {"field": "share", "filled": True}},
        f"{P}[7].columns[0].visible_when",
        "列不能有显示条件",
    ),
    (
        {f"{P}[7].columns[0].required": False, f"{P}[7].columns[0].required_when": {"field": "title", "filled": True}},
        f"{P}[7].columns[0].required_when.field",
        "没有字段“title”",
    ),
    ({f"{P}[7].row_rules[0].column": "x"}, f"{P}[7].row_rules[0].column", "没有列“x”"),
    ({f"{P}[7].row_rules[0].column": "name"}, f"{P}[7].row_rules[0].column", "列“name”不是数字"),
    ({f"{P}[7].row_rules[0].total": GONE}, f"{P}[7].row_rules[0].total", "须写明合计等于多少"),
    (
        {f"{P}[7].row_rules[1]": {"kind": "at_least_one", "column": "name"}},
        f"{P}[7].row_rules[1].column",
        "不是“是否”类型",
    ),
]
STAGES = [
    ({"stages": []}, "stages", "第一个环节必须是申报"),
    ({"stages[8]": {"kind": "showcase"}}, "stages", "环节“成果展示”只能有一个"),
    ({"stages[8]": {"kind": "notice", "working_days": 5}}, "stages[8].kind", "“全市公示”不能在“成果展示”之后"),
    (
        {"stages[4:]": 0, "stages[4]": {"kind": "notice", "working_days": 5}},
        "stages[4].kind",
        "有“全市公示”就必须有“评选”",
    ),
    ({"stages[2].working_days": -1}, "stages[2].working_days", "不能为负数"),
    ({"stages[0].days": 0}, "stages[0].days", "申报至少一天"),
    ({"stages[0].grace_minutes": 2000}, "stages[0].grace_minutes", "应在 0 到 1440 分钟之间"),
    ({"stages[0].closes_at": "5 pm"}, "stages[0].closes_at", "应为形如 17:00 的时刻"),
    ({"stages[0].max_per_unit": -1}, "stages[0].max_per_unit", "应不小于 1"),
    ({"stages[1].route": []}, "stages[1].route", "推荐路径不能为空"),
    ({"stages[1].route": ["district", "grassroots", "subdistrict"]}, "stages[1].route", "由低到高，每级一次"),
    ({"stages[1].optional_levels": ["team"]}, "stages[1].optional_levels", "推荐路径中没有“team”"),
    ({"stages[1].caps": {"team": 3}}, "stages[1].caps.team", "推荐路径中没有“team”"),
    ({"stages[1].caps": {"district": 0}}, "stages[1].caps.district", "应不小于 1"),
    (
        {"stages[1].notice_working_days.grassroots": 3},
        "stages[1].notice_working_days.grassroots",
        "不得少于 5 个工作日",
    ),
    ({"stages[1].ranked": False}, "stages[1].reserves", "就必须排序推荐"),
    ({"stages[1].return_days": 0}, "stages[1].return_days", "补正期限至少一天"),
    ({"stages[1].allocation.level": "municipal"}, "stages[1].allocation.level", "推荐路径中没有“municipal”"),
    ({"stages[1].allocation.rule": "fixed"}, "stages[1].allocation.places", "须写明名额"),
    ({"stages[1].allocation.members_per_place": 0}, "stages[1].allocation.members_per_place", "须写明每名额对应会员数"),
    ({"stages[1].allocation.maximum": 0}, "stages[1].allocation.maximum", "上限不能小于下限"),
    ({"stages[2].checks": []}, "stages[2]", "须列出审查事项或征求意见的部门"),
    ({"stages[2].checks[1]": {"code": "ok", "title": "x"}}, "stages[2].checks", "审查事项代码“ok”重复"),
    (
        {"stages[2].opinions": [{"department": "x", "form": "worker", "when": {"field": "x", "filled": True}}]},
        "stages[2].opinions[0].when.field",
        "没有字段“x”",
    ),
    ({"stages[3].experts_per_entry": 0}, "stages[3].experts_per_entry", "应不小于 1"),
    ({"stages[3].trim_from": 2}, "stages[3].trim_from", "须至少剩一个分数"),
    ({"stages[3].decimals": 9}, "stages[3].decimals", "应在 0 到 4 之间"),
    ({"stages[3].rubric": []}, "stages[3].rubric", "评分表不能为空"),
    ({"stages[3].rubric[0].weight": "40.5"}, "stages[3].rubric", "各项权重之和应为 100，现为 90.5"),
    ({"stages[3].rubric[1].code": "new"}, "stages[3].rubric", "评分项代码“new”重复"),
    ({"stages[3].rubric[0].core": False}, "stages[3].ties", "须有一项评分项标为核心"),
    ({"stages[3].rubric[0].weight": 0}, "stages[3].rubric[0].weight", "应大于 0"),
    ({"stages[3].rubric[0].max_score": 0}, "stages[3].rubric[0].max_score", "应大于 0"),
    ({"stages[3].rubric[1].floor_ratio": "1.2"}, "stages[3].rubric[1].floor_ratio", "应大于 0 且不超过 1"),
    ({"stages[3].rubric[0].step": "0.7"}, "stages[3].rubric[0].step", "满分应为打分步长的整数倍"),
    ({"stages[3].rubric[0].bands": []}, "stages[3].rubric[0].bands", "须写明各档次的标准"),
    (
        {"stages[3].rubric[0].bands": [BANDS[0], BANDS[1] | {"minimum": 40}]},
        "stages[3].rubric[0].bands[1]",
        "从 30 开始",
    ),
    (
        {"stages[3].rubric[0].bands": [BANDS[0] | {"maximum": -1}, BANDS[1]]},
        "stages[3].rubric[0].bands[0]",
        "下限不能大于上限",
    ),
    (
        {"stages[3].rubric[0].bands": [BANDS[0], BANDS[1] | {"maximum": 45}]},
        "stages[3].rubric[0].bands",
        "最高档应到满分 50",
    ),
    (
        {"stages[3].rubric[0].bands": [BANDS[0], BANDS[1] | {"description": " "}]},
        "stages[3].rubric[0].bands[1].description",
        "不能为空",
    ),
    ({"stages[4].places": 0}, "stages[4].places", "按名额择优须写明名额"),
    ({"stages[4].rule": "places_per_track"}, "stages[4].rule", "每个类别都须写明名额"),
    (
        {"stages[4].rule": "places_per_track", "tracks[0].places": 1, "tracks[1].places": 1},
        "stages[4].places",
        "之和应等于总名额",
    ),
    ({"stages[4].rule": "threshold"}, "stages[4].min_score", "须写明分数线"),
    ({"stages[4].min_score": 101}, "stages[4].min_score", "应在 0 到 100 之间"),
    ({"stages[4].reserves": -1}, "stages[4].reserves", "不能为负数"),
    ({"stages[4].cap_per_nominating": -1}, "stages[4].cap_per_nominating", "应不小于 1"),
    ({"stages[3]": {"kind": "clearance", "checks": [{"code": "a", "title": "x"}]}}, "stages[4].rule", "须有评审环节"),
    ({"stages[2].reply_working_days": 61}, "stages[2].reply_working_days", "应在 1 到 60 个工作日之间"),
    ({"stages[5].working_days": 4}, "stages[5].working_days", "公示不得少于 5 个工作日"),
    ({"stages[5].objection_ruling_working_days": 0}, "stages[5].objection_ruling_working_days", "应不小于 1"),
    ({"stages[5].shown_fields": ["x"]}, "stages[5].shown_fields", "没有字段“x”"),
    ({"stages[5].shown_fields": ["money"]}, "stages[5].shown_fields", "没有标为可公开"),
    ({"stages[6].number_pattern": "津工例"}, "stages[6].number_pattern", "须含 {serial}"),
    ({"stages[6].number_pattern": "{nummer}"}, "stages[6].number_pattern", "须含 {serial}"),
    ({"stages[6].document_pattern": "{year}"}, "stages[6].document_pattern", "须含 {serial}"),
    ({"stages[7].months": -1}, "stages[7].months", "应不小于 1"),
]


@pytest.mark.parametrize(("changes", "path", "words"), PROGRAMME + FIELDS + STAGES)
def test_broken_rule_has_path_and_words(changes, path, words):
    changes = dict(changes)
    cut = changes.pop("stages[4:]", None)
    if cut is not None:
        changes = {"stages": DEFINITION["stages"][:4]} | changes
    found = errors_of(changes)
    assert any(where == path and words in message for where, message in found), found


def test_all_broken_rules_are_reported_at_once():
    found = errors_of(
        {"programme.code": "X", "stages[0].days": 0, "stages[5].working_days": 1, "vetoes[1].code": "secret"}
    )
    assert [path for path, _message in found] == [
        "programme.code",
        "vetoes",
        "stages[0].days",
        "stages[5].working_days",
    ]


KNOWN = Known(
    pillars=frozenset({"innovations"}),
    profiles=frozenset({"achievement"}),
    guards=frozenset({"age"}),
    honours=frozenset({"示例成果"}),
)


def test_known_keys_pass():
    assert errors_of({"programme.profile": "achievement", "stages[0].guards": ["age"]}, KNOWN) == []


@pytest.mark.parametrize(
    ("changes", "path", "words"),
    [
        ({"programme.pillar": "sports"}, "programme.pillar", "没有板块“sports”"),
        ({"programme.profile": "x"}, "programme.profile", "没有扩展资料“x”"),
        ({"stages[0].guards": ["x"]}, "stages[0].guards", "没有附加条件“x”"),
        ({"honour.title": "别的"}, "honour.title", "没有登记的荣誉“别的”"),
    ],
)
def test_unknown_key_is_reported_when_the_registry_is_known(changes, path, words):
    assert errors_of(changes) == []
    assert any(where == path and words in message for where, message in errors_of(changes, KNOWN))


def test_rolling_programme_needs_no_year():
    assert errors_of({"programme.cadence": "rolling", "programme.first_year": 0, "programme.cycle_start": ""}) == []


def test_commendation_may_speak_of_commendation():
    changes = {"honour.class": "commendation", "honour.legal_basis": "目录第七项", "texts.decision_intro": "决定表彰"}
    assert errors_of(changes) == []
