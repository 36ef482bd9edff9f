"""Rosters, their teams, the people of the federation's register, and who takes part in what."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from competitions.filings.models import CompetitionFiling
from competitions.rosters.enums import (
    LIVING,
    TONE_OF_CONSENT,
    TONE_OF_STATE,
    ConsentState,
    Duty,
    IdKind,
    NewGroup,
    ParticipationState,
    RosterKind,
    Sex,
    Source,
    TeamKind,
)
from portal.accounts.models import Employer, Organisation, User
from portal.core.crypto import EncryptedTextField
from portal.core.models import TimeStamped
from portal.core.scoping import ScopedModel
from portal.core.text import mask_id_number
from portal.web.ui import Badge


class Worker(ScopedModel):
    """职工: one person, once in a federation's register, however many competitions of however many units.

    The register as a whole is the federation's; everybody else meets people through participations.
    """

    scope_owner = "root_path"

    root_path = models.CharField(max_length=20)
    name = models.CharField(_("姓名"), max_length=60)
    id_kind = models.CharField(_("证件类型"), max_length=20, choices=IdKind, default=IdKind.CITIZEN)
    id_number = EncryptedTextField(_("证件号码"))
    id_index = models.CharField(max_length=64, editable=False)  # keyed fingerprint: equality without the number
    sex = models.CharField(_("性别"), max_length=10, choices=Sex, blank=True)
    created_at = models.DateTimeField(_("登记时间"), default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = _("职工")
        constraints = [models.UniqueConstraint(fields=["root_path", "id_index"], name="competitions_worker_once")]

    def __str__(self) -> str:
        return _("职工 %s") % self.pk  # never the name: this text goes into logs and audit rows

    @property
    def masked_id(self) -> str:
        return mask_id_number(self.id_number)

    def audit_paths(self) -> tuple[str, str]:
        return self.root_path, ""


class Roster(ScopedModel, TimeStamped):
    """参赛名单: those whom one unit – or one union, for people without a fixed unit – sends to one competition."""

    scope_owner = "organisation__path"

    filing = models.ForeignKey(CompetitionFiling, verbose_name=_("竞赛"), on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("登记单位"), on_delete=models.PROTECT, related_name="+"
    )
    employer = models.ForeignKey(
        Employer, verbose_name=_("用人单位"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    kind = models.CharField(_("名单类型"), max_length=20, choices=RosterKind, default=RosterKind.UNIT)
    title = models.CharField(_("群体（平台、协会）名称"), max_length=80, blank=True)
    contact = models.CharField(_("联系人"), max_length=60, blank=True)
    contact_phone = EncryptedTextField(_("联系电话"), blank=True, default="")
    door_token = EncryptedTextField(blank=True, default="")  # the address of the public form, while it is open
    door_index = models.CharField(max_length=64, blank=True, default="", db_index=True)
    door_until = models.DateField(_("扫码登记截止"), null=True, blank=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("参赛名单")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["filing", "organisation", "employer", "title"],
                nulls_distinct=False,
                name="competitions_roster_once",
            ),
            models.CheckConstraint(
                condition=Q(kind=RosterKind.UNIT, title="") | (Q(kind=RosterKind.GROUP, employer=None) & ~Q(title="")),
                name="competitions_roster_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.who} · {self.filing}"

    @property
    def who(self) -> str:
        return self.title or (self.employer.name if self.employer_id else self.organisation.name)

    def get_absolute_url(self) -> str:
        return reverse("competitions:roster.detail", kwargs={"pk": self.pk})

    def audit_paths(self) -> tuple[str, str]:
        return self.organisation.path, ""


class OfRoster(ScopedModel):
    """What belongs to one roster is seen by those who see the roster."""

    scope_owner = "roster__organisation__path"

    class Meta:
        abstract = True

    def audit_paths(self) -> tuple[str, str]:
        return self.roster.audit_paths()


class RosterTeam(OfRoster, TimeStamped):
    """班组、队."""

    roster = models.ForeignKey(Roster, on_delete=models.CASCADE, related_name="teams")
    name = models.CharField(_("班组（队）名称"), max_length=60)
    kind = models.CharField(_("类型"), max_length=20, choices=TeamKind, default=TeamKind.SHIFT)

    class Meta:
        verbose_name = verbose_name_plural = _("参赛班组")
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["roster", "name"], name="competitions_team_once")]

    def __str__(self) -> str:
        return self.name


class Participation(OfRoster):
    """参赛: one worker in one competition. Whoever leaves takes name, number, team and trade along; a bare line stays."""

    roster = models.ForeignKey(Roster, on_delete=models.PROTECT, related_name="people")
    filing = models.ForeignKey(CompetitionFiling, on_delete=models.PROTECT, related_name="+")
    worker = models.ForeignKey(Worker, on_delete=models.PROTECT, null=True, related_name="+")
    team = models.ForeignKey(
        RosterTeam,
        verbose_name=_("班组（队）"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="people",
    )
    trade = models.CharField(_("工种或岗位"), max_length=60, blank=True)
    duty = models.CharField(_("身份"), max_length=20, choices=Duty, default=Duty.MEMBER)
    is_frontline = models.BooleanField(_("一线职工"), default=False)
    is_migrant = models.BooleanField(_("农民工"), default=False)
    is_woman = models.BooleanField(_("女职工"), default=False)
    group = models.CharField(_("新就业形态群体"), max_length=20, choices=NewGroup, blank=True)
    street = models.CharField(_("所在街道、乡镇"), max_length=60, blank=True)
    state = models.CharField(_("状态"), max_length=20, choices=ParticipationState, default=ParticipationState.ACTIVE)
    consent = models.CharField(_("知情同意"), max_length=20, choices=ConsentState, default=ConsentState.PENDING)
    source = models.CharField(_("登记方式"), max_length=20, choices=Source, default=Source.FORM)
    token = EncryptedTextField(blank=True, default="")  # the person's own link; printed again from here
    token_index = models.CharField(max_length=64, blank=True, default="")
    registered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    registered_at = models.DateTimeField(_("登记时间"))
    left_at = models.DateTimeField(_("退出时间"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("参赛人员")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["filing", "worker"], condition=Q(worker__isnull=False), name="competitions_participation_once"
            ),
            models.UniqueConstraint(
                fields=["token_index"], condition=~Q(token_index=""), name="competitions_participation_token"
            ),
            models.CheckConstraint(
                condition=Q(state__in=LIVING, worker__isnull=False, left_at=None)
                | Q(
                    state__in=(ParticipationState.LEFT, ParticipationState.REJECTED), worker=None, team=None, trade="",
                    street="", token_index="", consent=ConsentState.NONE, left_at__isnull=False,
                ),
                name="competitions_participation_bare",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["roster", "state", "consent"], name="competitions_participation_st"),
            models.Index(fields=["worker"], name="competitions_participation_wk"),
        ]

    def __str__(self) -> str:
        return _("参赛人员 %s") % self.pk  # never the name, see Worker

    def get_absolute_url(self) -> str:
        return reverse("competitions:participation.detail", kwargs={"pk": self.pk})

    @property
    def is_living(self) -> bool:
        return self.state in LIVING

    @property
    def name(self) -> str:
        return self.worker.name if self.worker_id else str(_("（已退出）"))

    @property
    def masked_id(self) -> str:
        return self.worker.masked_id if self.worker_id else ""

    @property
    def badge(self) -> Badge:
        """The one word that matters now: where the person stands, and of those on the list, whether they agreed."""
        if self.state == ParticipationState.ACTIVE:
            return Badge(ConsentState(self.consent).label, TONE_OF_CONSENT[self.consent])
        return Badge(ParticipationState(self.state).label, TONE_OF_STATE[self.state])
