"""Pages of the room, below ``desk/exchange/``."""

from django.urls import path

from competitions.exchange.views import cases, events, opendays

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
    path("sharing/", cases.SharingList.as_view(), name="sharing.list"),
    path("sharing/remind/", cases.SharingRemind.as_view(), name="sharing.remind"),
]
