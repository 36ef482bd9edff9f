"""Pages of the room, below ``desk/nonpublic/``."""

from django.urls import path

from competitions.nonpublic.views import coverage, pool, records, weak

urlpatterns = [
    path("", coverage.CoverageHome.as_view(), name="coverage.home"),
    path("units/", coverage.UnitList.as_view(), name="coverage.units"),
    path("units/remind/", coverage.RemindChosen.as_view(), name="coverage.remind"),
    path("remind/", coverage.RemindAll.as_view(), name="coverage.remind_all"),
    path("snapshot/", coverage.SnapshotTake.as_view(), name="coverage.snapshot"),
    path("reminders/", coverage.ReminderList.as_view(), name="reminder.list"),
    path("reminders/<int:pk>/", coverage.ReminderDetail.as_view(), name="reminder.detail"),
    path("reminders/<int:pk>/answer/", coverage.ReminderAnswer.as_view(), name="reminder.answer"),
    path("pool/", pool.PoolList.as_view(), name="cultivated.list"),
    path("pool/add/", pool.PoolAdd.as_view(), name="cultivated.add"),
    path("pool/<int:pk>/", pool.PoolDetail.as_view(), name="cultivated.detail"),
    path("pool/<int:pk>/change/", pool.PoolChange.as_view(), name="cultivated.change"),
    path("pool/<int:pk>/step/", pool.StepAdd.as_view(), name="cultivated.step"),
    path("weak/", weak.WeakList.as_view(), name="weak.list"),
    path("weak/suggested/", weak.SuggestedList.as_view(), name="weak.suggested"),
    path("weak/add/", weak.WeakAdd.as_view(), name="weak.add"),
    path("weak/<int:pk>/", weak.WeakDetail.as_view(), name="weak.detail"),
    path("weak/<int:pk>/change/", weak.WeakChange.as_view(), name="weak.change"),
    path("weak/<int:pk>/plan/", weak.StepPlan.as_view(), name="weak.plan"),
    path("weak/<int:pk>/end/", weak.SupportEnd.as_view(), name="weak.end"),
    path("weak/steps/<int:pk>/done/", weak.StepDone.as_view(), name="weak.done"),
    path("benefits/", records.BenefitList.as_view(), name="benefit.list"),
    path("benefits/add/", records.BenefitAdd.as_view(), name="benefit.add"),
    path("benefits/<int:pk>/file/", records.BenefitFile.as_view(), name="benefit.file"),
    path("benefits/leaders/", records.EngagementList.as_view(), name="engagement.list"),
    path("benefits/leaders/add/", records.EngagementAdd.as_view(), name="engagement.add"),
    path("benefits/leaders/<int:pk>/file/", records.EngagementFile.as_view(), name="engagement.file"),
]
