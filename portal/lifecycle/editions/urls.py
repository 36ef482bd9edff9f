from django.urls import path

from portal.lifecycle.editions import views

urlpatterns = [
    path("desk/editions/", views.EditionList.as_view(), name="edition.list"),
    path("desk/editions/open/", views.EditionChoose.as_view(), name="edition.choose"),
    path("desk/editions/open/<int:pk>/", views.EditionOpen.as_view(), name="edition.open"),
    path("desk/editions/<int:pk>/", views.EditionDetail.as_view(), name="edition.detail"),
    path("desk/editions/forward/<str:code>/", views.EditionForward.as_view(), name="edition.forward"),
]
