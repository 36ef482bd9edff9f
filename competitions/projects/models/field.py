"""What happens at the site: visits, problems, care for the workers, and the files of all of it."""

from __future__ import annotations

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from competitions.projects.enums import TONE_OF_TICKET, FilePurpose, FundSource, TicketCategory, TicketState
from competitions.projects.models.project import PERCENT, KeyProject, OfProject, Period
from portal.accounts.models import Organisation, User
from portal.web.ui import Badge


class Visit(OfProject):
    """调研指导: planned for a day; once it took place it has findings."""

    project = models.ForeignKey(KeyProject, on_delete=models.CASCADE, related_name="visits")
    planned_on = models.DateField(_("计划日期"))
    team = models.CharField(_("带队及成员"), max_length=200)
    agenda = models.CharField(_("安排"), max_length=300, blank=True)
    visited_on = models.DateField(_("实际日期"), null=True, blank=True)
    findings = models.TextField(_("情况及意见"), blank=True)
    score = models.DecimalField(
        _("现场评分"), max_digits=5, decimal_places=2, null=True, blank=True, validators=PERCENT
    )
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("组织单位"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    planned_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("调研指导")
        ordering = ["-planned_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.project} {self.visited_on or self.planned_on}"

    def get_absolute_url(self) -> str:
        return reverse("competitions:inspection.detail", kwargs={"pk": self.pk})


class Ticket(OfProject):
    """问题单: held by the union that answers for the coordination, done by ``responsible``."""

    project = models.ForeignKey(KeyProject, on_delete=models.CASCADE, related_name="tickets")
    visit = models.ForeignKey(Visit, on_delete=models.SET_NULL, null=True, blank=True, related_name="tickets")
    number = models.PositiveIntegerField(_("序号"))
    category = models.CharField(_("类别"), max_length=20, choices=TicketCategory)
    title = models.CharField(_("问题"), max_length=120)
    text = models.TextField(_("具体情况"))
    department = models.CharField(_("协调部门"), max_length=80)
    responsible = models.ForeignKey(
        Organisation, verbose_name=_("责任单位"), on_delete=models.PROTECT, related_name="+"
    )
    holder = models.ForeignKey(Organisation, verbose_name=_("督办工会"), on_delete=models.PROTECT, related_name="+")
    raised_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    raised_at = models.DateTimeField(_("提出时间"))
    due_at = models.DateTimeField(_("办结期限"))
    state = models.CharField(_("状态"), max_length=20, choices=TicketState, default=TicketState.OPEN)
    escalations = models.PositiveSmallIntegerField(_("升级次数"), default=0)
    solution = models.TextField(_("办理结果"), blank=True)
    solved_at = models.DateTimeField(_("反馈时间"), null=True)
    closed_at = models.DateTimeField(_("办结时间"), null=True)
    reopened_at = models.DateTimeField(_("退回重办时间"), null=True)  # proof must be newer
    reminded_at = models.DateTimeField(_("上次催办"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("问题单")
        ordering = ["due_at", "pk"]
        indexes = [models.Index(fields=["state", "due_at"], name="competitions_ticket_due")]
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="competitions_ticket_number"),
            models.CheckConstraint(
                condition=~Q(state=TicketState.CLOSED) | Q(closed_at__isnull=False), name="competitions_ticket_closed"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project.number}-{self.number:02d} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("competitions:ticket.detail", kwargs={"pk": self.pk})

    @property
    def is_open(self) -> bool:
        return self.state != TicketState.CLOSED

    @property
    def badge(self) -> Badge:
        return Badge(TicketState(self.state).label, TONE_OF_TICKET[self.state])


class TicketEvent(OfProject):
    """What became of a ticket, step by step; only ever added to."""

    scope_owner = "ticket__project__owner__path"
    scope_shared = "ticket__project__seen_by"

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="history")
    title = models.CharField(max_length=60)
    text = models.TextField(blank=True)
    actor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = verbose_name_plural = _("办理记录")
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return self.title

    def audit_paths(self) -> tuple[str, str]:
        return self.ticket.audit_paths()


class CareVisit(OfProject):
    """慰问: whom, with what, out of which money and by which approval."""

    project = models.ForeignKey(KeyProject, on_delete=models.CASCADE, related_name="care_visits")
    on = models.DateField(_("慰问日期"))
    leaders = models.CharField(_("带队领导"), max_length=200)
    recipients = models.TextField(_("慰问对象"))
    headcount = models.PositiveIntegerField(_("慰问人数"), validators=[MinValueValidator(1)])
    goods = models.TextField(_("慰问品清单"), blank=True)
    amount = models.DecimalField(_("金额"), max_digits=12, decimal_places=2, validators=[MinValueValidator(0)])  # 元
    source = models.CharField(_("资金来源"), max_length=20, choices=FundSource)
    approval_number = models.CharField(_("审批文号"), max_length=60, blank=True)
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("慰问单位"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    entered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    entered_at = models.DateTimeField(_("登记时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("慰问")
        ordering = ["-on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(source=FundSource.UNION) | Q(amount=0) | ~Q(approval_number=""),
                name="competitions_care_approved",
            )
        ]

    def __str__(self) -> str:
        return f"{self.project} {self.on}"

    def get_absolute_url(self) -> str:
        return reverse("competitions:care.detail", kwargs={"pk": self.pk})


class ProjectFile(OfProject):
    """附件, checked by content: of the plan, a report, a visit, a ticket, a care visit or the summary."""

    project = models.ForeignKey(KeyProject, on_delete=models.CASCADE, related_name="files")
    purpose = models.CharField(max_length=20, choices=FilePurpose)
    period = models.ForeignKey(Period, on_delete=models.CASCADE, null=True, related_name="files")
    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, null=True, related_name="files")
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, null=True, related_name="files")
    care = models.ForeignKey(CareVisit, on_delete=models.CASCADE, null=True, related_name="files")
    file = models.FileField(upload_to="projects/%Y/%m/")
    name = models.CharField(_("文件名"), max_length=200)
    size = models.PositiveBigIntegerField(_("大小"))
    content_type = models.CharField(_("类型"), max_length=120)
    sha256 = models.CharField(_("指纹"), max_length=64)
    uploaded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    uploaded_at = models.DateTimeField(_("上传时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("附件")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name
