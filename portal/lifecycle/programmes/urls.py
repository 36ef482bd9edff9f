"""Cycles, their stages and calendar, programmes and blueprints."""

from django.urls import path

from portal.lifecycle.programmes import calendar_views, copy_views, programme_views, rule_views, timeline_views, views

urlpatterns = [
    path("calendar/<str:secret>.ics", calendar_views.CalendarFeed.as_view(), name="calendar.feed"),
    path("desk/cycles/", views.CycleList.as_view(), name="cycle.list"),
    path("desk/cycles/calendar/", calendar_views.CycleCalendar.as_view(), name="cycle.calendar"),
    path("desk/cycles/new/", views.CycleCreate.as_view(), name="cycle.create"),
    path("desk/cycles/<int:pk>/", views.CycleDetail.as_view(), name="cycle.detail"),
    path("desk/cycles/<int:pk>/history/", views.CycleHistory.as_view(), name="cycle.history"),
    path("desk/cycles/new/<int:pk>/", timeline_views.CyclePlan.as_view(), name="cycle.plan"),
    path("desk/cycles/new/<int:pk>/check/", timeline_views.CyclePlanCheck.as_view(), name="cycle.plan_check"),
    path("desk/cycles/<int:pk>/amend/", timeline_views.CycleAmend.as_view(), name="cycle.amend"),
    path("desk/cycles/<int:pk>/amend/check/", timeline_views.CycleAmendCheck.as_view(), name="cycle.amend_check"),
    path("desk/cycles/<int:pk>/rules/", rule_views.CycleRules.as_view(), name="cycle.rules"),
    path("desk/cycles/<int:pk>/version/", rule_views.CycleVersion.as_view(), name="cycle.version"),
    path("desk/cycles/<int:pk>/copy/", copy_views.CycleCopy.as_view(), name="cycle.copy"),
    path("desk/cycles/<int:pk>/cancel/", views.CycleCancel.as_view(), name="cycle.cancel"),
    path("desk/cycles/announcements/<int:pk>/read/", views.AnnouncementRead.as_view(), name="announcement.read"),
    path("desk/cycles/stages/<int:pk>/open/", views.StageOpen.as_view(), name="stage.open"),
    path("desk/cycles/stages/<int:pk>/close/", views.StageClose.as_view(), name="stage.close"),
    path("desk/cycles/stages/<int:pk>/reopen/", views.StageReopen.as_view(), name="stage.reopen"),
    path("desk/cycles/programmes/", programme_views.ProgrammeList.as_view(), name="programme.list"),
    path("desk/cycles/programmes/load/", programme_views.BlueprintLoad.as_view(), name="blueprint.load"),
    path("desk/cycles/programmes/<int:pk>/", programme_views.ProgrammeDetail.as_view(), name="programme.detail"),
]
