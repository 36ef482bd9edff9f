"""分类指导模板: versions, who reads what, which templates fit a unit, the paper, and the filing that begins with one."""

from __future__ import annotations

import io

import pytest
from django.urls import reverse
from django.utils import timezone
from docx import Document

from competitions.filings.models import CompetitionFiling
from competitions.nonpublic import queries
from competitions.nonpublic.domain import guidance
from competitions.nonpublic.enums import GuidanceStatus
from competitions.nonpublic.models import GuidanceTemplate
from competitions.nonpublic.papers import guidance_docx
from portal.accounts.enums import EmergingKind, OwnershipClass, SizeClass
from portal.accounts.models import Employer
from portal.core.dates import local_date
from portal.core.errors import Invalid, Refused
from portal.core.scoping import system_scope
from tests.factories.nonpublic import make_filing

pytestmark = pytest.mark.django_db


def facts(**more):
    none = {"ownerships": [], "sizes": [], "emerging": [], "layers": []}
    words = {
        "title": "岗位练兵方案",
        "aims": "练一个工种",
        "indicators": "覆盖率",
        "procedure": "每周一练",
        "rewards": "调休",
    }
    return none | words | more


def url(name, **kwargs):
    return reverse(f"competitions:guidance.{name}", kwargs=kwargs or None)


@pytest.fixture
def publish(tianjin, in_scope):
    def made(**more):
        with in_scope(tianjin.manager):
            row = guidance.write_guidance(
                actor=tianjin.manager, owner=tianjin.municipal, facts=facts(**more), now=timezone.now()
            )
            return guidance.publish_guidance(actor=tianjin.manager, template=row, now=timezone.now())

    return made


@pytest.mark.row(149)
def test_templates_fit_by_kind_and_the_narrowest_comes_first(tianjin, publish, in_scope):
    for title, kinds in {
        "各类": {},
        "民营": {"ownerships": [OwnershipClass.NON_PUBLIC]},
        "民营小微": {"ownerships": [OwnershipClass.NON_PUBLIC], "sizes": [SizeClass.SMALL, SizeClass.MICRO]},
        "大型": {"sizes": [SizeClass.LARGE]},
        "新就业": {"emerging": [EmergingKind.EMPLOYMENT]},
    }.items():
        publish(title=title, **kinds)
    firm = Employer(ownership=OwnershipClass.NON_PUBLIC, size_class=SizeClass.SMALL, emerging_kind="")
    with in_scope(tianjin.zone_checker):
        assert [row.title for row in queries.guidance_for(firm)] == ["民营小微", "民营", "各类"]
        firm.emerging_kind = EmergingKind.EMPLOYMENT
        assert queries.guidance_for(firm).filter(title="新就业").exists()


def test_versions_follow_one_another_and_what_was_published_stays(tianjin, publish, in_scope):
    first, now = publish(), timezone.now()
    with in_scope(tianjin.manager):
        with pytest.raises(Refused):
            guidance.change_guidance(actor=tianjin.manager, template=first, facts=facts(aims="改"), now=now)
        draft = guidance.next_version(actor=tianjin.manager, template=first, now=now)
        with pytest.raises(Invalid, match="已经有一份"):
            guidance.next_version(actor=tianjin.manager, template=first, now=now)
        guidance.change_guidance(actor=tianjin.manager, template=draft, facts=facts(aims="练两个工种"), now=now)
        assert list(queries.guidance_for(Employer(ownership="public"))) == [first]
        second = guidance.publish_guidance(actor=tianjin.manager, template=draft, now=now)
        first.refresh_from_db()
        assert (first.status, first.aims, second.version) == (GuidanceStatus.WITHDRAWN, "练一个工种", 2)
        assert "第2版" in first.withdrawn_reason
        guidance.withdraw_guidance(actor=tianjin.manager, template=second, reason="政策调整", now=now)
        assert not queries.guidance_for(Employer(ownership="public")).exists()
    with in_scope(tianjin.district_manager), pytest.raises(Refused):
        guidance.write_guidance(actor=tianjin.district_manager, owner=tianjin.district, facts=facts(), now=now)


@pytest.mark.row(149)
def test_unit_downloads_the_paper_and_begins_its_filing_with_the_scheme(tianjin, publish, desk_client):
    row = publish(layers=["enterprise"])
    client = desk_client(tianjin.filer)
    assert row.title in client.get(url("list"), {"size_class": "small"}).content.decode()
    paper = Document(io.BytesIO(b"".join(client.get(url("paper", pk=row.pk)).streaming_content)))
    text = "\n".join(p.text for p in paper.paragraphs)
    assert tianjin.employer.name in text
    assert all(words in text for words in ("练一个工种", "覆盖率", "每周一练", "调休"))
    there = client.post(url("use", pk=row.pk)).url
    assert there.endswith("?prefill=1")
    form = client.get(there).context["form"]
    assert (form["topic"].value(), form["awards"].value(), form["layer"].value()) == (
        "练一个工种",
        "调休",
        "enterprise",
    )
    assert "每周一练" in form["scheme"].value()
    assert client.get(reverse("competitions:filing.create")).context["form"]["topic"].value() in {None, ""}
    with system_scope("test"):
        kind = make_filing(tianjin.unit, tianjin, year=local_date(timezone.now()).year).kind
    typed = {"year": 2026, "title": "装配钳工练兵", "kind": kind.pk, "topic": "练一个工种", "library": "none"}
    rows = {f"{part}-TOTAL_FORMS": 0 for part in ("committee", "indicators", "budget", "steps")}
    answer = client.post(there, typed | rows)
    assert answer.status_code == 302, answer.context["form"].errors
    with system_scope("test"):
        assert CompetitionFiling.objects.get(title="装配钳工练兵").owner == tianjin.unit
    assert client.get(there).context["form"]["topic"].value() in {None, ""}


def test_draft_is_seen_by_the_federation_alone(tianjin, in_scope, desk_client):
    client = desk_client(tianjin.manager)
    made = client.post(url("write"), facts() | {"layers": ["enterprise"]})
    with system_scope("test"):
        row = GuidanceTemplate.objects.get()
    assert row.layers == ["enterprise"]
    page = client.get(made.url).content.decode()
    assert "发布</" in page
    below = desk_client(tianjin.district_checker)
    assert below.get(made.url).status_code == 404
    assert row.title not in below.get(url("list")).content.decode()
    assert client.post(url("publish", pk=row.pk)).status_code == 302
    assert below.get(made.url).status_code == 200
    assert client.post(url("withdraw", pk=row.pk), {"reason": ""}).status_code == 422


def test_paper_without_a_unit_leaves_room_for_its_name(publish):
    text = "\n".join(p.text for p in Document(guidance_docx(publish())).paragraphs)
    assert "＿＿（单位）" in text
    assert "第1版" in text
