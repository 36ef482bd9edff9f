"""Entries and opinions of co-hosts; the owner's answer."""

from django.urls import path

from portal.lifecycle.clearance.opinions import views

urlpatterns = [
    path("desk/joint/entries/agree/", views.JointAgree.as_view(), name="joint.agree"),
    path("desk/joint/<int:pk>/entries/", views.JointEntries.as_view(), name="joint.entries"),
    path("desk/joint/<int:pk>/entries/<str:code>/", views.JointEntry.as_view(), name="joint.entry"),
    path("desk/joint/<int:pk>/entries/<str:code>/files/<int:file>/", views.JointFile.as_view(), name="joint.file"),
    path("desk/joint/opinions/<int:pk>/scan/", views.JointScan.as_view(), name="joint.scan"),
    path("desk/clearances/opinions/<int:pk>/scan/", views.OpinionScan.as_view(), name="clearance.scan"),
    path("desk/clearances/opinions/<int:pk>/overrule/", views.Overrule.as_view(), name="clearance.overrule"),
]
