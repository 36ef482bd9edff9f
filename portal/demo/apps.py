from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "portal.demo"
    verbose_name = "演示数据"

    def ready(self) -> None:
        from portal.demo import audit, jobs, navigation  # noqa: F401, PLC0415 -- app ready
