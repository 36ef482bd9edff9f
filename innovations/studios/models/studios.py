"""工作室, its members, what happened to it; alliances of studios."""

from __future__ import annotations

from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from innovations.studios.enums import ENDED, TONE_OF_STUDIO, Step, StudioKind, StudioLevel, StudioStatus
from portal.accounts.models import Employer, Organisation, User
from portal.core.models import TimeStamped
from portal.core.scoping import ScopedModel
from portal.lifecycle.models import ConferralItem, Entry
from portal.web.ui import Badge


class Studio(ScopedModel, TimeStamped):
    """创新工作室: registered by its unit, named by a union, which checks it every year and confirms it again."""

    scope_owner = "organisation__path"

    organisation = models.ForeignKey(
        Organisation, verbose_name=_("所属基层工会"), on_delete=models.PROTECT, related_name="+"
    )
    employer = models.ForeignKey(Employer, verbose_name=_("所在单位"), on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("工作室名称"), max_length=60)
    kind = models.CharField(_("类型"), max_length=20, choices=StudioKind)
    direction = models.CharField(_("专业方向"), max_length=60)
    leader = models.CharField(_("领衔人"), max_length=40)
    leader_post = models.CharField(_("领衔人岗位、职务"), max_length=60, blank=True)
    leader_honour = models.CharField(_("领衔人主要荣誉"), max_length=120, blank=True)
    honour_item = models.ForeignKey(
        ConferralItem, verbose_name=_("荣誉登记"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )  # the honour of the leader as it was conferred here
    place = models.CharField(_("场所"), max_length=120, blank=True)
    area = models.DecimalField(
        _("面积"), max_digits=8, decimal_places=1, null=True, blank=True, validators=[MinValueValidator(Decimal(1))]
    )  # m²
    equipment = models.TextField(_("主要设备"), blank=True)
    rules = models.TextField(_("制度"), blank=True)
    founded_on = models.DateField(_("成立日期"))
    level = models.CharField(_("命名级别"), max_length=20, choices=StudioLevel, blank=True, default="")
    named_by = models.ForeignKey(
        Organisation, verbose_name=_("命名单位"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    named_on = models.DateField(_("命名日期"), null=True)
    naming_number = models.CharField(_("命名文号"), max_length=60, blank=True)
    reconfirm_on = models.DateField(_("复核到期日"), null=True)
    entry = models.OneToOneField(
        Entry, on_delete=models.PROTECT, null=True, related_name="+"
    )  # conferred by a programme
    status = models.CharField(_("状态"), max_length=20, choices=StudioStatus, default=StudioStatus.GROWING)
    mend_until = models.DateField(_("整改期限"), null=True)
    ended_on = models.DateField(_("摘牌（注销）日期"), null=True)
    ended_reason = models.CharField(_("摘牌（注销）原因"), max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("创新工作室")
        ordering = ["organisation__path", "name"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "name"], name="innovations_studio_name"),
            models.CheckConstraint(
                condition=Q(level="", named_by=None, named_on=None)
                | (~Q(level="") & Q(named_by__isnull=False, named_on__isnull=False)),
                name="innovations_studio_named",
            ),
            models.CheckConstraint(
                condition=Q(status="mending", mend_until__isnull=False)
                | Q(status="proposed")
                | (~Q(status="mending") & Q(mend_until=None)),
                name="innovations_studio_mending",
            ),
            models.CheckConstraint(
                condition=Q(status__in=ENDED, ended_on__isnull=False) | (~Q(status__in=ENDED) & Q(ended_on=None)),
                name="innovations_studio_ended",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("innovations:studio.detail", kwargs={"pk": self.pk})

    @property
    def badge(self) -> Badge:
        return Badge(self.get_status_display(), TONE_OF_STUDIO[StudioStatus(self.status)])

    @property
    def level_label(self) -> str:
        return str(self.get_level_display()) or str(_("未命名"))

    @property
    def has_ended(self) -> bool:
        return self.status in ENDED

    def audit_paths(self) -> tuple[str, str]:
        return self.organisation.path, self.named_by.path if self.named_by_id else ""


class StudioMember(ScopedModel):
    """成员: who works in the studio; those who left stay with the day."""

    scope_owner = "studio__organisation__path"

    studio = models.ForeignKey(Studio, on_delete=models.PROTECT, related_name="members")
    name = models.CharField(_("姓名"), max_length=40)
    trade = models.CharField(_("岗位、工种"), max_length=60)
    skill = models.CharField(_("技能等级、职称"), max_length=40, blank=True)
    role = models.CharField(_("分工"), max_length=80, blank=True)
    joined_on = models.DateField(_("加入日期"))
    left_on = models.DateField(_("退出日期"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("工作室成员")
        ordering = ["left_on", "joined_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["studio", "name"], condition=Q(left_on=None), name="innovations_studio_member_once"
            ),
            models.CheckConstraint(
                condition=Q(left_on=None) | Q(left_on__gte=models.F("joined_on")), name="innovations_studio_member_term"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return self.studio.get_absolute_url()

    def audit_paths(self) -> tuple[str, str]:
        return self.studio.audit_paths()


class StudioEvent(ScopedModel):
    """工作室经过: only added, never changed."""

    scope_owner = "studio__organisation__path"

    studio = models.ForeignKey(Studio, on_delete=models.PROTECT, related_name="events")
    step = models.CharField(_("事项"), max_length=20, choices=Step)
    words = models.CharField(_("说明"), max_length=400, blank=True)
    at = models.DateTimeField(_("时间"))
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("工作室经过")
        ordering = ["-at", "-pk"]


class Alliance(ScopedModel, TimeStamped):
    """工作室联盟: kept by one union, known to all below it, so that studios of several units work together."""

    scope_owner = "owner__path"
    scope_downward = "owner__path"

    owner = models.ForeignKey(Organisation, verbose_name=_("组织单位"), on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("联盟名称"), max_length=60)
    direction = models.CharField(_("共同方向"), max_length=120)
    charter = models.TextField(_("共建约定"), blank=True)
    founded_on = models.DateField(_("成立日期"))

    class Meta:
        verbose_name = verbose_name_plural = _("工作室联盟")
        ordering = ["owner__path", "name"]
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="innovations_alliance_name")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("innovations:alliance.detail", kwargs={"pk": self.pk})

    def audit_paths(self) -> tuple[str, str]:
        return self.owner.path, ""


class AllianceMember(ScopedModel):
    """联盟成员: a studio with its share; those who left stay with the day. Seen by whoever sees the alliance."""

    scope_owner = "studio__organisation__path"
    scope_downward = "alliance__owner__path"

    alliance = models.ForeignKey(Alliance, on_delete=models.PROTECT, related_name="members")
    studio = models.ForeignKey(Studio, on_delete=models.PROTECT, related_name="alliances")
    leads = models.BooleanField(_("牵头"), default=False)
    share = models.CharField(_("承担任务"), max_length=120)
    joined_on = models.DateField(_("加入日期"))
    left_on = models.DateField(_("退出日期"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("联盟成员")
        ordering = ["-leads", "joined_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["alliance", "studio"], condition=Q(left_on=None), name="innovations_alliance_member_once"
            ),
            models.UniqueConstraint(
                fields=["alliance"], condition=Q(left_on=None, leads=True), name="innovations_alliance_one_lead"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.alliance} {self.studio}"

    def get_absolute_url(self) -> str:
        return self.alliance.get_absolute_url()

    def audit_paths(self) -> tuple[str, str]:
        return self.alliance.owner.path, self.studio.organisation.path
