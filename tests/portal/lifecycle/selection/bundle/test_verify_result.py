"""The stand-alone verifier against the engine: hundreds of random rounds, then bundles that somebody has altered."""

from __future__ import annotations

import copy
import hashlib
import json
import random
import subprocess
import sys

import pytest

from portal.lifecycle.review.seals import seal_hash
from portal.lifecycle.selection.bundle import verify_result
from portal.lifecycle.selection.bundle.build import build, verifier_source
from portal.lifecycle.selection.snapshot import canonical, compute, fingerprint, is_batch

ROUNDS = 120  # of each kind
KINDS = ("places", "tracks", "threshold", "batch", "budget", "ratios")
TIES = ("core_criterion", "untrimmed_median", "submitted_first", "panel_vote")


def random_rule(rng, kind):
    """A rule in the form of a snapshot, with every option on or off."""
    criteria = [
        {
            "code": f"c{n}",
            "title": f"指标{n}",
            "max_score": str(full),
            "weight": rng.choice([None, str(rng.randint(1, 40))]),
            "floor_ratio": rng.choice([None, None, "0.5", "0.6"]),
            "core": rng.random() < 0.4,
        }
        for n, full in enumerate(rng.sample([7, 9, 10, 20, 30], rng.randint(1, 3)))
    ]
    rule = {
        "criteria": [] if kind == "batch" and rng.random() < 0.5 else criteria,
        "scoring": {
            "trim_from": rng.choice([3, 5]),
            "trim_each": 1,
            "places": rng.choice([0, 1, 2]),
            "outlier_distance": "20",
            "ties": rng.sample(TIES, rng.randint(0, 4)),
        },
        "quota": {
            "places": None if kind in {"threshold", "budget"} else rng.randint(0, 6),
            "reserves": rng.choice([0, 1, 3]),
            "track_places": {"a": rng.randint(0, 3), "b": rng.randint(0, 3)} if kind == "tracks" else None,
            "cap_per_nominating": rng.choice([None, 1, 2]) if kind != "budget" else None,
            "min_score": rng.choice([None, "3", "12.5"]) if kind != "threshold" else "10",
        },
        "by_track": kind == "tracks",
    }
    if kind == "ratios":
        shares = [("women", "35", None), ("front", rng.choice([None, "20"]), "66.5"), ("young", None, "33.3")]
        people = {"base": "people", "base_title": "个人"}  # some of the shares are of people only
        rule["quota"] |= {
            "places": rng.randint(2, 6),
            "cap_per_employer": rng.choice([None, 1, 2]),
            "shares": [
                {"code": code, "title": code, "at_least": low, "at_most": high} | rng.choice([{}, people])
                for code, low, high in rng.sample(shares, rng.randint(1, 2))
            ],
        }
    if kind == "batch":
        rule |= {"kind": "batch", "quota": rule["quota"] | {"places": None, "cap_per_nominating": None}}
    if kind == "budget":
        rule |= {"kind": "budget", "budget": {"total": str(rng.randint(0, 90)), "cap": rng.choice([None, "15.5"])}}
    return rule


def random_snapshot(rng, kind):
    rule = random_rule(rng, kind)
    codes = [f"TJ-{n:03d}" for n in range(rng.randint(1, 12))]
    experts = [str(n) for n in rng.sample(range(100, 200), rng.randint(1, 6))]
    snapshot = {
        "format": 2,
        "cycle": {"id": 1, "title": "第一届", "blueprint": "b" * 64},
        "stages": {"review": 1, "selection": 2},
        "rule": rule,
        "entries": [],
        "assignments": {},
        "recused": {},
        "marks": {},
    }
    for code in codes:
        eligible = rng.random() > 0.1
        snapshot["entries"].append(
            {
                "code": code,
                "id": 1,
                "eligible": eligible,
                "reason": "" if eligible else "征求意见未通过",
                "nominating": rng.choice(["", "河东区", "河西区", "机电集团"]),
                "nominating_name": "某区总工会",
                "employer": rng.choice(["", "甲厂", "乙厂", "丙厂", "丁厂"]),
                "track": rng.choice(["a", "b", "c"]) if kind == "tracks" else "",
                "submitted": rng.randint(1, 4),
                "groups": rng.sample(["women", "front", "young", "people"], rng.randint(0, 4)),
            }
            | ({"asked": rng.choice([None, "0", "7.25", "15", "30"])} if kind == "budget" else {})
        )
        assigned = sorted(rng.sample(experts, rng.randint(1, len(experts))))
        recused = [e for e in assigned if rng.random() < 0.1]
        snapshot["assignments"][code] = assigned
        if recused:
            snapshot["recused"][code] = recused
        snapshot["marks"][code] = sorted(
            [e, c["code"], random_mark(rng, c)]
            for e in assigned
            for c in rule["criteria"]
            if e not in recused and rng.random() > 0.005
        )
    return snapshot


def random_mark(rng, criterion):
    if rng.random() < 0.05:
        return "abstained"
    return rng.choice(["5", "5", "6.5", str(criterion["max_score"])])


def settled(rng, snapshot):
    """What people decide until no question is open, and the result."""
    settlements = []
    if is_batch(snapshot):
        for entry in snapshot["entries"]:
            for _ in range(rng.choice([1, 1, 2])):
                outcome = rng.choice(["selected", "reserve", "not_selected"])
                order = rng.choice([None, 1, 2]) if outcome == "reserve" else None
                codes = [entry["code"]]
                settlements.append(
                    {"codes": codes, "outcome": outcome, "order": order, "reason": "研究决定", "by": "某人"}
                )
        return settlements, compute(snapshot, settlements)
    result = compute(snapshot, settlements)
    while result.allocation.decisions:
        if any(d.kind == "infeasible" for d in result.allocation.decisions):  # nobody approves such a round
            return None, result
        codes = list(result.allocation.decisions[0].codes)
        rng.shuffle(codes)
        settlements.append({"codes": codes, "reason": "评审组表决", "by": "某人"})
        result = compute(snapshot, settlements)
    return settlements, result


def random_seals(snapshot):
    seals, sheet = [], 0
    for code, people in snapshot["assignments"].items():
        for expert in people:
            marks = sorted([c, v] for e, c, v in snapshot["marks"][code] if e == expert)
            sheet += 1
            if expert not in snapshot["recused"].get(code, []):
                sha256 = seal_hash(sheet=sheet, version=1, marks=marks, salt="ab")
                seals.append(
                    {
                        "entry": code, "sheet": sheet, "expert": expert, "version": 1, "sha256": sha256, "salt": "ab",
                        "marks": marks, "sealed_at": "2026-11-01T00:00:00+00:00", "reopened": False,
                    }
                )  # fmt: skip
    return seals


def text_of(value):
    if value is None:
        return None
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def random_bundle(rng, kind):
    snapshot = random_snapshot(rng, kind)
    settlements, result = settled(rng, snapshot)
    if settlements is None:
        return random_bundle(rng, kind)
    outcome = [
        {
            "code": o.code,
            "rank": o.rank,
            "total": text_of(o.total),
            "result": o.result,
            "order": o.order,
            "amount": text_of(result.allocation.amounts.get(o.code)),
        }
        for o in result.allocation.outcomes
    ]
    return build(
        snapshot, number=1, sha256=fingerprint(snapshot), settlements=settlements, outcome=outcome,
        seals=random_seals(snapshot),
    )  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_verifier_recomputes_what_the_engine_found_in_random_rounds(kind):
    rng = random.Random(f"bundle {kind}")
    selected = 0
    for _ in range(ROUNDS):
        text = canonical(random_bundle(rng, kind))
        assert list(verify_result.verify(text, hashlib.sha256(text.encode()).hexdigest())) == []
        selected += text.count('"result":"selected"')
    assert selected > ROUNDS / 2


def sound():
    """A bundle with marks, a selection and a reserve."""
    for seed in range(1000):
        bundle = random_bundle(random.Random(seed), "places")
        results = [line["result"] for line in bundle["outcome"]]
        if {"selected", "reserve", "not_selected"} <= set(results) and not bundle["recused"]:
            return bundle
    raise AssertionError("no such bundle")


def problems(bundle):
    return list(verify_result.verify(canonical(bundle)))


def test_verifier_finds_a_changed_mark():
    bundle = sound()
    code = next(line["code"] for line in bundle["outcome"] if line["result"] == "selected")
    bundle["marks"][code][0][2] = "0"
    assert any("不是" in text and "封存的评分" in text for text in problems(bundle))


def test_verifier_finds_a_mark_changed_together_with_its_revealed_seal():
    bundle = sound()
    seal = bundle["seals"][0]
    seal["marks"][0][1] = "0"
    row = next(r for r in bundle["marks"][seal["entry"]] if r[:2] == [seal["expert"], seal["marks"][0][0]])
    row[2] = "0"
    assert any("与封存值不符" in text for text in problems(bundle))


def test_verifier_finds_a_swapped_result():
    bundle = sound()
    lines = {line["result"]: line for line in bundle["outcome"]}
    lines["selected"]["result"], lines["not_selected"]["result"] = "not_selected", "selected"
    assert len(problems(bundle)) == 2


@pytest.mark.parametrize(
    ("part", "key", "value"), [("rank", "rank", 99), ("total", "total", "1"), ("order", "order", 9)]
)
def test_verifier_finds_a_changed_figure(part, key, value):
    bundle = sound()
    next(line for line in bundle["outcome"] if line["result"] == "selected")[key] = value
    assert len(problems(bundle)) == 1


def test_verifier_finds_a_changed_rule():
    bundle = sound()
    bundle["rule"]["quota"]["places"] = 0
    bundle["rule"]["quota"]["reserves"] = 0
    assert problems(bundle)


def test_verifier_finds_another_file_and_another_format():
    text = canonical(sound())
    assert "不是公示的那份" in next(verify_result.verify(text, "0" * 64))
    assert list(verify_result.verify('{"format":"x"}')) == ["不是本程序能核验的成绩包"]


def test_bundle_names_nobody():
    snapshot = random_snapshot(random.Random(5), "places")
    bundle = build(
        snapshot, number=1, sha256="x", settlements=[{"codes": ["TJ-000"], "reason": "因某人", "by": "张三", "by_id": 7}],
        outcome=[], seals=random_seals(snapshot),
    )  # fmt: skip
    text = canonical(bundle)
    for word in ("征求意见未通过", "某区总工会", "河东区", "机电集团", "张三", "因某人"):
        assert word not in text
    for people in snapshot["assignments"].values():
        assert not any(f'"{expert}"' in text for expert in people)


def test_served_file_runs_alone(tmp_path):
    """In an isolated interpreter: nothing of the portal, nothing installed."""
    script, file = tmp_path / "verify_result.py", tmp_path / "bundle.json"
    script.write_text(verifier_source(), encoding="utf-8")
    assert "portal" not in "".join(
        line for line in verifier_source().splitlines() if line.startswith(("import", "from"))
    )
    bundle = sound()
    text = canonical(bundle)
    file.write_text(text, encoding="utf-8")

    def run(*arguments):
        command = [sys.executable, "-I", "-S", str(script), str(file), *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)

    done = run(hashlib.sha256(text.encode()).hexdigest())
    assert done.returncode == 0, done.stdout + done.stderr
    assert "完全一致" in done.stdout
    altered = copy.deepcopy(bundle)
    altered["outcome"][0]["rank"] = 77
    file.write_text(json.dumps(altered, ensure_ascii=False), encoding="utf-8")
    done = run()
    assert done.returncode == 1
    assert "1处不符" in done.stdout
