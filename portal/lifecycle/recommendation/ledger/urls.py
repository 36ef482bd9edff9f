"""名额账."""

from django.urls import path

from portal.lifecycle.recommendation.ledger import views

urlpatterns = [
    path("desk/nominations/places/", views.AccountList.as_view(), name="place.list"),
    path("desk/nominations/places/<int:pk>/", views.AccountPage.as_view(), name="place.account"),
    path("desk/nominations/places/<int:pk>/transfer/", views.TransferPlaces.as_view(), name="place.transfer"),
    path("desk/nominations/places/<int:pk>/give-back/", views.GiveBackPlaces.as_view(), name="place.give_back"),
    path("desk/nominations/postings/<int:pk>/reverse/", views.ReversePosting.as_view(), name="place.reverse"),
]
