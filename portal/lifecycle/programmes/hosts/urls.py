"""Joint programmes: the owner's page of a cycle, the co-host's pages."""

from django.urls import path

from portal.lifecycle.programmes.hosts import views

urlpatterns = [
    path("desk/cycles/<int:pk>/hosts/", views.CycleHosts.as_view(), name="cycle.hosts"),
    path("desk/cycles/<int:pk>/hosts/add/", views.HostAdd.as_view(), name="cycle.host_add"),
    path("desk/cycles/hosts/<int:pk>/", views.HostEdit.as_view(), name="cycle.host_edit"),
    path("desk/cycles/hosts/<int:pk>/end/", views.HostEnd.as_view(), name="cycle.host_end"),
    path("desk/joint/", views.JointList.as_view(), name="joint.list"),
    path("desk/joint/<int:pk>/", views.JointDetail.as_view(), name="joint.detail"),
    path("desk/joint/<int:pk>/acknowledge/", views.JointAcknowledge.as_view(), name="joint.acknowledge"),
]
