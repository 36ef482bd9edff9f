from importlib import import_module

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "portal.reports"
    verbose_name = "统计与报表"

    def ready(self) -> None:
        import_module("portal.reports.audit")
        import_module("portal.reports.policies")
        import_module("portal.reports.navigation")
        import_module("portal.reports.jobs")
