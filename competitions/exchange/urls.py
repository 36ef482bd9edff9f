"""Pages of the room, below ``desk/exchange/``."""

from django.urls import path

from competitions.exchange.reads import counted
from competitions.exchange.views import cases, duties, events, follows, opendays
from portal.web.public_cache import public_page

public_urlpatterns = [
    path("public/cases/", public_page(follows.PublicCases.as_view()), name="public.cases"),
    path("public/cases/<int:pk>/", counted(public_page(follows.PublicCase.as_view())), name="public.case"),
]
urlpatterns = [
    path("", events.EventList.as_view(), name="exchange.list"),
    path("add/", events.EventAdd.as_view(), name="exchange.add"),
    path("<int:pk>/", events.EventDetail.as_view(), name="exchange.detail"),
    path("<int:pk>/change/", events.EventChange.as_view(), name="exchange.change"),
    path("<int:pk>/open/", events.EventOpen.as_view(), name="exchange.open"),
    path("<int:pk>/cancel/", events.EventCancel.as_view(), name="exchange.cancel"),
    path("<int:pk>/register/", events.EventRegister.as_view(), name="exchange.register"),
    path("<int:pk>/hold/", events.EventHold.as_view(), name="exchange.hold"),
    path("registrations/<int:pk>/leave/", events.RegistrationLeave.as_view(), name="registration.leave"),
    path("registrations/<int:pk>/feedback/", events.RegistrationFeedback.as_view(), name="registration.feedback"),
    path("days/", opendays.OpenDayList.as_view(), name="openday.list"),
    path("days/add/", opendays.OpenDayOffer.as_view(), name="openday.offer"),
    path("days/<int:pk>/", opendays.OpenDayDetail.as_view(), name="openday.detail"),
    path("days/<int:pk>/close/", opendays.OpenDayClose.as_view(), name="openday.close"),
    path("days/<int:pk>/book/", opendays.OpenDayBook.as_view(), name="openday.book"),
    path("bookings/<int:pk>/answer/", opendays.BookingAnswer.as_view(), name="booking.answer"),
    path("bookings/<int:pk>/record/", opendays.BookingRecord.as_view(), name="booking.record"),
    path("bookings/<int:pk>/cancel/", opendays.BookingCancel.as_view(), name="booking.cancel"),
    path("cases/", cases.CaseList.as_view(), name="case.list"),
    path("cases/add/", cases.CaseAdd.as_view(), name="case.add"),
    path("cases/<int:pk>/", cases.CaseDetail.as_view(), name="case.detail"),
    path("cases/<int:pk>/change/", cases.CaseChange.as_view(), name="case.change"),
    path("cases/<int:pk>/files/add/", cases.CaseFileAdd.as_view(), name="case.file_add"),
    path("cases/files/<int:pk>/", cases.CaseFileDownload.as_view(), name="case.file"),
    path("cases/files/<int:pk>/remove/", cases.CaseFileRemove.as_view(), name="case.file_remove"),
    path("cases/<int:pk>/submit/", cases.CaseSubmit.as_view(), name="case.submit"),
    path("cases/<int:pk>/publish/", cases.CasePublish.as_view(), name="case.publish"),
    path("cases/<int:pk>/return/", cases.CaseReturn.as_view(), name="case.return"),
    path("cases/<int:pk>/withdraw/", cases.CaseWithdraw.as_view(), name="case.withdraw"),
    path("cases/subscriptions/", follows.Subscriptions.as_view(), name="case.subscriptions"),
    path("cases/subscribe/", follows.Subscribe.as_view(), name="case.subscribe"),
    path("cases/<int:pk>/follow/", follows.CaseFollowAdd.as_view(), name="case.follow"),
    path("cases/<int:pk>/show/", cases.CaseShow.as_view(), name="case.show"),
    path("cases/<int:pk>/hide/", cases.CaseHide.as_view(), name="case.hide"),
    path("effects/", follows.Effects.as_view(), name="effect.page"),
    path("duties/", duties.DutyList.as_view(), name="duty.list"),
    path("duties/set/", duties.DutySet.as_view(), name="duty.set"),
    path("duties/<int:pk>/", duties.DutyDetail.as_view(), name="duty.detail"),
    path("duties/<int:pk>/report/", duties.DutyReport.as_view(), name="duty.report"),
    path("duties/<int:pk>/check/", duties.DutyCheck.as_view(), name="duty.check"),
    path("sharing/", cases.SharingList.as_view(), name="sharing.list"),
    path("sharing/remind/", cases.SharingRemind.as_view(), name="sharing.remind"),
]
