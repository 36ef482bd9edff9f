"""评审会: agenda, who is present, rounds of anonymous ballots. Nothing stored leads from a choice to a person."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.core.scoping import ScopedModel
from portal.lifecycle.blueprints.vocabulary import MajorityRule
from portal.lifecycle.entries.models import Entry
from portal.lifecycle.review.models import Panel


class MeetingState(models.TextChoices):
    PLANNED = "planned", _("未开始")
    UNDER_WAY = "under_way", _("进行中")
    CLOSED = "closed", _("已结束")


class ItemState(models.TextChoices):
    WAITING = "waiting", _("待讨论")
    CURRENT = "current", _("正在讨论")
    PASSED = "passed", _("同意")
    FAILED = "failed", _("未通过")
    PUT_OFF = "put_off", _("缓议")


class Meeting(ScopedModel):
    """评审会: the rules are those of the day it was called."""

    scope_owner = "panel__stage__cycle__owner__path"
    scope_reviewer = "members__user_id"

    panel = models.ForeignKey(Panel, on_delete=models.PROTECT, related_name="meetings")
    title = models.CharField(_("会议名称"), max_length=120)
    place = models.CharField(_("地点"), max_length=120, blank=True)
    starts_at = models.DateTimeField(_("时间"))
    state = models.CharField(_("状态"), max_length=10, choices=MeetingState, default=MeetingState.PLANNED)
    quorum = models.CharField(_("到会人数要求"), max_length=20, choices=MajorityRule)
    majority = models.CharField(_("通过要求"), max_length=20, choices=MajorityRule)
    rounds = models.PositiveSmallIntegerField(_("最多投票轮次"), default=2)
    called_by = models.ForeignKey(User, verbose_name=_("召集人"), on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(_("开始时间"), null=True, blank=True)
    closed_at = models.DateTimeField(_("结束时间"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("评审会")
        ordering = ["-starts_at", "-pk"]

    def __str__(self) -> str:
        return self.title

    def audit_paths(self) -> tuple[str, str]:
        return self.panel.stage.cycle.owner.path, ""


class MeetingMember(ScopedModel):
    """参会评委: fixed when the meeting is called; ``is_present`` is noted before ballots open."""

    scope_owner = "meeting__panel__stage__cycle__owner__path"
    scope_reviewer = "user_id"

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey(User, verbose_name=_("评委"), on_delete=models.PROTECT, related_name="+")
    is_chair = models.BooleanField(_("主持人"), default=False)
    is_present = models.BooleanField(_("到会"), default=False)

    class Meta:
        verbose_name = verbose_name_plural = _("参会评委")
        ordering = ["-is_chair", "pk"]
        constraints = [models.UniqueConstraint(fields=["meeting", "user"], name="lifecycle_meeting_member_once")]

    def __str__(self) -> str:
        return str(self.user)


class AgendaItem(ScopedModel):
    """议题: members see it by their seat; who must keep away has a seat that shows nothing."""

    scope_owner = "meeting__panel__stage__cycle__owner__path"
    scope_reviewer = "seats__member__user_id"
    scope_reviewer_where = Q(seats__keeps_away="")

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="items")
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="agenda_items")
    position = models.PositiveIntegerField(_("次序"))
    label = models.CharField(_("议题"), max_length=300)  # the review code where the review is blind
    state = models.CharField(_("状态"), max_length=10, choices=ItemState, default=ItemState.WAITING)
    note = models.CharField(_("讨论意见"), max_length=500, blank=True)
    taken_up_at = models.DateTimeField(_("开始讨论时间"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("议题")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "entry"], name="lifecycle_agenda_entry_once"),
            models.UniqueConstraint(fields=["meeting", "position"], name="lifecycle_agenda_position"),
            models.UniqueConstraint(
                fields=["meeting"], condition=Q(state="current"), name="lifecycle_agenda_one_current"
            ),
        ]

    def __str__(self) -> str:
        return self.label

    def audit_paths(self) -> tuple[str, str]:
        return self.meeting.audit_paths()


class Seat(ScopedModel):
    """席位: one member at one item; ``keeps_away`` says why the member must not take part in it."""

    scope_owner = "item__meeting__panel__stage__cycle__owner__path"
    scope_reviewer = "member__user_id"

    item = models.ForeignKey(AgendaItem, on_delete=models.CASCADE, related_name="seats")
    member = models.ForeignKey(MeetingMember, on_delete=models.CASCADE, related_name="seats")
    keeps_away = models.CharField(_("回避原因"), max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("席位")
        constraints = [models.UniqueConstraint(fields=["item", "member"], name="lifecycle_seat_once")]


class BallotRound(ScopedModel):
    """一轮表决: ballots are only counted, never kept one by one; the counts are shown when the round is closed."""

    scope_owner = "item__meeting__panel__stage__cycle__owner__path"
    scope_reviewer = "item__seats__member__user_id"
    scope_reviewer_where = Q(item__seats__keeps_away="")

    item = models.ForeignKey(AgendaItem, on_delete=models.CASCADE, related_name="rounds")
    number = models.PositiveSmallIntegerField(_("轮次"))
    entitled = models.PositiveIntegerField(_("应投票人数"))
    yes = models.PositiveIntegerField(_("同意"), default=0)
    no = models.PositiveIntegerField(_("不同意"), default=0)
    abstained = models.PositiveIntegerField(_("弃权"), default=0)
    outcome = models.CharField(_("结果"), max_length=20, blank=True)
    opened_at = models.DateTimeField(_("开始时间"))
    closed_at = models.DateTimeField(_("结束时间"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("表决")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["item", "number"], name="lifecycle_ballot_round_number"),
            models.UniqueConstraint(
                fields=["item"], condition=Q(closed_at=None), name="lifecycle_ballot_round_one_open"
            ),
            models.CheckConstraint(
                condition=Q(entitled__gte=F("yes") + F("no") + F("abstained")), name="lifecycle_ballot_round_counts"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.number}"

    @property
    def cast(self) -> int:
        return self.yes + self.no + self.abstained

    def audit_paths(self) -> tuple[str, str]:
        return self.item.audit_paths()


class Turnout(ScopedModel):
    """已投票: that a member has voted in a round – no choice, no time. Removed when the round closes."""

    scope_owner = "round__item__meeting__panel__stage__cycle__owner__path"
    scope_reviewer = "seat__member__user_id"

    round = models.ForeignKey(BallotRound, on_delete=models.CASCADE, related_name="turnout")
    seat = models.ForeignKey(Seat, on_delete=models.CASCADE, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("已投票")
        constraints = [models.UniqueConstraint(fields=["round", "seat"], name="lifecycle_turnout_once")]
