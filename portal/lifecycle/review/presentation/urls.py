"""Addresses of the presentations; gathered in portal/lifecycle/review/urls.py."""

from django.urls import path

from portal.lifecycle.review.presentation import views

urlpatterns: list = [
    path("desk/reviews/presentations/", views.PresentationStages.as_view(), name="presentation.stages"),
    path("desk/reviews/<int:pk>/presentations/", views.OrderPage.as_view(), name="presentation.order"),
    path("desk/reviews/<int:pk>/presentations/draw/", views.DrawOrder.as_view(), name="presentation.draw"),
    path("desk/reviews/<int:pk>/presentations/print/", views.OrderPrint.as_view(), name="presentation.print"),
]
