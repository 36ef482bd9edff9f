"""核验成绩包: recomputes scores, ranking and selection from a result bundle, with nothing but Python's standard library.

用法（Python 3.8 以上，不需要安装任何软件）:
    python3 verify_result.py 成绩包.json [公示上的指纹]

Written apart from the portal's own programs, from the rule in words (docs/evidence.md): any difference between what the bundle says
and what this file finds is printed, and the programme ends with 1.
"""

import hashlib
import json
import sys
from collections import Counter
from fractions import Fraction

from portal.lifecycle.selection.plain import TooHard, recheck  # in the served file: the text of plain.py

OUT = "not_selected"
FORMATS = ("result-bundle-1", "result-bundle-2")  # 2: a share may be one of a part of the list (its base)


# --- 一、封存的评分 ---


def seal_of(sheet, version, marks, salt):
    text = json.dumps(["sheet-seal-1", sheet, version, marks, salt], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def check_seals(bundle):
    """Every revealed sheet has the hash that was published when it was submitted, and its marks are those that count."""
    newest = {}
    for seal in bundle["seals"]:
        if seal_of(seal["sheet"], seal["version"], seal["marks"], seal["salt"]) != seal["sha256"]:
            yield "申报件 %s 的第 %s 号评分表（第%s版）与封存值不符" % (seal["entry"], seal["sheet"], seal["version"])
        newest[seal["sheet"]] = seal
    for seal in newest.values():
        recused = seal["expert"] in bundle["recused"].get(seal["entry"], [])
        used = sorted([c, v] for e, c, v in bundle["marks"].get(seal["entry"], []) if e == seal["expert"])
        if not recused and used != sorted(seal["marks"]):
            yield "申报件 %s：参与计算的评分不是 %s 封存的评分" % (seal["entry"], seal["expert"])


# --- 二、得分 ---


def number(text):
    return None if text is None else Fraction(text)


def rounded(value, places):
    """Half up, once, from the exact value."""
    scaled = value * 10**places + Fraction(1, 2)
    return Fraction(scaled.numerator // scaled.denominator, 10**places)


def average(values):
    return sum(values, Fraction(0)) / len(values)


def middle(values):
    values, half = sorted(values), len(values) // 2
    return values[half] if len(values) % 2 else (values[half - 1] + values[half]) / 2


def trimmed(values, rule):
    """Without so many of the highest and of the lowest, from so many values on."""
    values = sorted(values)
    each = rule["trim_each"] if len(values) >= rule["trim_from"] else 0
    return values[each : len(values) - each]


def score(bundle, code):
    """(total, core, median, misses a floor); total None when a mark is missing or a criterion has none."""
    criteria, rule = bundle["rule"]["criteria"], bundle["rule"]["scoring"]
    gone = set(bundle["recused"].get(code, []))
    experts = [e for e in bundle["experts"].get(code, []) if e not in gone]
    marks = {(e, c): v for e, c, v in bundle["marks"].get(code, [])}
    weight = {c["code"]: Fraction(c["weight"] or c["max_score"]) for c in criteria}
    full = {c["code"]: Fraction(c["max_score"]) for c in criteria}
    if any((e, c) not in marks for e in experts for c in weight):
        return None, None, None, False
    totals = []
    for expert in experts:
        given = [c for c in weight if marks[expert, c] != "abstained"]
        if given:
            points = sum(Fraction(marks[expert, c]) * weight[c] / full[c] for c in given)
            totals.append(points * sum(weight.values()) / sum(weight[c] for c in given))
    means = {}
    for c in weight:
        values = [Fraction(marks[e, c]) for e in experts if marks[e, c] != "abstained"]
        if not values:
            return None, None, None, False
        means[c] = average(trimmed(values, rule))
    places = rule["places"]
    floors = {c["code"]: c["floor_ratio"] for c in criteria if c["floor_ratio"] is not None}
    below = any(rounded(means[c], places) < full[c] * Fraction(ratio) for c, ratio in floors.items())
    core = [means[c["code"]] * weight[c["code"]] / full[c["code"]] for c in criteria if c["core"]]
    return (
        rounded(average(trimmed(totals, rule)), places),
        rounded(sum(core), places) if core else None,
        rounded(middle(totals), places),
        below,
    )


# --- 三、名次 ---


def settled_orders(bundle):
    """Places that people gave to those whom the rules cannot tell apart."""
    orders = [s["codes"] for s in bundle["settlements"] if "outcome" not in s]
    return {code: place for codes in orders for place, code in enumerate(codes, start=1)}


def ranking(bundle):
    """Rows of everybody who takes part, best first, with rank, total and what keeps somebody out."""
    if not bundle["rule"]["criteria"]:
        return []
    chain = [tie for tie in bundle["rule"]["scoring"]["ties"] if tie != "draw"] + ["draw"]
    places = settled_orders(bundle)
    by_vote = "panel_vote" in chain
    rows = []
    for entry in bundle["entries"]:
        if not entry["eligible"]:
            continue
        total, core, median, below = score(bundle, entry["code"])
        place = places.get(entry["code"])
        values = {
            "core_criterion": None if core is None else -core,
            "untrimmed_median": None if median is None else -median,
            "submitted_first": entry["submitted"],
            "panel_vote": place if by_vote else None,
            "draw": None if by_vote else place,
        }
        key = [None if total is None else -total] + [values[tie] for tie in chain]
        rows.append(dict(entry, total=total, below=below, key=[(v is None, v or 0) for v in key]))
    rows.sort(key=lambda row: (row["key"], row["code"]))
    first, members = {}, Counter()
    for row in rows:
        line = row["track"] if bundle["rule"]["by_track"] else ""
        members[line] += 1
        row["rank"] = first.setdefault((line, tuple(row["key"])), members[line])
    return rows


# --- 四、入选 ---


def may_be_selected(row, least):
    return row["total"] is not None and not row["below"] and (least is None or row["total"] >= least)


def by_places(bundle, rows, unproved):
    """(result, order) by code: the places, then the reserves, in the order of the ranking.

    The list of the bundle only spares searches; entries that could not be refused for sure are added to ``unproved``.
    """
    quota = bundle["rule"]["quota"]
    pool = [row for row in rows if may_be_selected(row, number(quota["min_score"]))]
    if quota.get("shares") or quota.get("cap_per_employer") is not None:
        said = [line["code"] for line in bundle["outcome"] if line["result"] == "selected"]
        chosen, doubtful = recheck(pool, quota, said)
        unproved.extend(doubtful)
    else:
        chosen = set(walked(pool, quota))
    found, waiting = {}, Counter()
    for row in pool:
        if row["code"] in chosen:
            found[row["code"]] = ("selected", len([1 for r, _o in found.values() if r == "selected"]) + 1)
            continue
        line = row["track"] if quota["track_places"] is not None else ""
        waiting[line] += 1
        if waiting[line] <= quota["reserves"]:
            found[row["code"]] = ("reserve", waiting[line])
    return found


def walked(pool, quota):
    """Down the ranking while places, places of the track and the cap of the nominating union have room."""
    taken, tracks, unions = [], Counter(), Counter()
    for row in pool:
        full = quota["places"] is not None and len(taken) >= quota["places"]
        if quota["track_places"] is not None:
            full = full or tracks[row["track"]] >= quota["track_places"].get(row["track"], 0)
        if quota["cap_per_nominating"] is not None and row["nominating"]:
            full = full or unions[row["nominating"]] >= quota["cap_per_nominating"]
        if not full:
            taken.append(row["code"])
            tracks[row["track"]] += 1
            unions[row["nominating"]] += 1
    return taken


def by_budget(bundle, rows):
    """(found, sums): down the ranking while the money lasts; whom it does not suffice for is passed over."""
    rule, least = bundle["rule"]["budget"], number(bundle["rule"]["quota"]["min_score"])
    left, cap = Fraction(rule["total"]), number(rule["cap"])
    found, sums = {}, {}
    for row in rows:
        asked = number(row.get("asked"))
        if not may_be_selected(row, least) or asked is None or asked <= 0:
            continue
        amount = asked if cap is None else min(asked, cap)
        if amount <= left:
            left -= amount
            sums[row["code"]] = amount
            found[row["code"]] = ("selected", len(found) + 1)
    return found, sums


def by_decision(bundle, rows):
    """What the meeting decided, line by line; the last word about a line counts."""
    ranks = {row["code"]: row["rank"] for row in rows}
    last, sequence = {}, 0
    for settlement in bundle["settlements"]:
        if "outcome" in settlement:
            for code in settlement["codes"]:
                sequence += 1
                last[code] = (settlement["outcome"], settlement.get("order"), sequence)
    open_to = [e["code"] for e in bundle["entries"] if e["eligible"] and e["code"] in last]
    open_to.sort(key=lambda code: (code not in ranks, ranks.get(code, 0), code))
    chosen = [code for code in open_to if last[code][0] == "selected"]
    reserves = [code for code in open_to if last[code][0] == "reserve"]
    reserves.sort(key=lambda code: (last[code][1] is None, last[code][1] or 0, last[code][2], code))
    found = {code: ("selected", place) for place, code in enumerate(chosen, start=1)}
    found.update({code: ("reserve", place) for place, code in enumerate(reserves, start=1)})
    return found


def recompute(bundle, unproved=None):
    """What follows from the bundle: code → rank, total, result, order, amount, as in its ``outcome``."""
    rows, sums = ranking(bundle), {}
    kind = bundle["rule"].get("kind", "places")
    if kind == "batch":
        found = by_decision(bundle, rows)
    elif kind == "budget":
        found, sums = by_budget(bundle, rows)
    else:
        found = by_places(bundle, rows, [] if unproved is None else unproved)
    ranked = {row["code"]: row for row in rows}
    result = {}
    for entry in bundle["entries"]:
        code = entry["code"]
        row, (outcome, order) = ranked.get(code, {}), found.get(code, (OUT, None))
        if not row and bundle["rule"]["criteria"] and kind != "batch":  # excluded: a score without a rank
            row = {"total": score(bundle, code)[0]}
        result[code] = (row.get("rank"), row.get("total"), outcome, order, sums.get(code))
    return result


def check_outcome(bundle, unproved=None):
    """Every line on which the bundle and the recomputation differ."""
    found = recompute(bundle, unproved)
    said = {}
    for line in bundle["outcome"]:
        figures = line["rank"], number(line["total"]), line["result"], line["order"], number(line["amount"])
        said[line["code"]] = figures
    for code in sorted(set(found) | set(said)):
        if found.get(code) != said.get(code):
            yield "申报件 %s：成绩包为 %s，重新计算为 %s" % (code, words(said.get(code)), words(found.get(code)))


def words(line):
    if line is None:
        return "无此件"
    rank, total, outcome, order, amount = line
    label = {"selected": "入选", "reserve": "递补", OUT: "未入选"}.get(outcome, outcome)
    parts = ["第%s名" % rank if rank else "不排名", "总分%s" % (float(total) if total is not None else "无"), label]
    return "、".join(parts + (["第%s位" % order] if order else []) + (["%s元" % float(amount)] if amount else []))


def verify(text, fingerprint="", unproved=None):
    """Sentences about everything that does not fit; none when the bundle is sound.

    ``unproved`` receives codes whose being left out is too intricate to be proved within the steps: no sign of an error.
    """
    if fingerprint and hashlib.sha256(text.encode()).hexdigest() != fingerprint.strip().lower():
        yield "文件指纹与公示上的指纹不一致，这不是公示的那份成绩包"
    bundle = json.loads(text)
    if bundle.get("format") not in FORMATS:
        yield "不是本程序能核验的成绩包"
        return
    for problem in check_seals(bundle):
        yield problem
    try:
        for problem in check_outcome(bundle, unproved):
            yield problem
    except TooHard:
        yield "比例过于复杂，未能在限定步数内重新计算"


def main(arguments):
    if not 1 <= len(arguments) <= 2:
        sys.stdout.write("用法：python3 verify_result.py 成绩包.json [公示上的指纹]\n")
        return 2
    with open(arguments[0], encoding="utf-8", newline="") as file:
        text = file.read()
    unproved = []
    problems = list(verify(text, arguments[1] if arguments[1:] else "", unproved))
    bundle = json.loads(text)
    sys.stdout.write("成绩包：%s 第%s轮\n" % (bundle["cycle"]["title"], bundle["round"]["number"]))
    sys.stdout.write("文件指纹（SHA-256）：%s\n" % hashlib.sha256(text.encode()).hexdigest())
    sys.stdout.write("申报件%s件，封存评分表%s份\n" % (len(bundle["entries"]), len(bundle["seals"])))
    for problem in problems:
        sys.stdout.write("  不符：%s\n" % problem)
    for code in unproved:
        sys.stdout.write("  说明：%s的落选理由过于复杂，本程序未能独立证明，也未发现不符\n" % (code or "更长的名单"))
    sys.stdout.write(
        "结论：%s\n" % ("有%s处不符" % len(problems) if problems else "得分、名次、入选名单与重新计算的结果完全一致")
    )
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
