from django.apps import AppConfig


class WorkplansConfig(AppConfig):
    name = "portal.workplans"
    label = "workplans"
    verbose_name = "实施方案与任务分解"

    def ready(self) -> None:
        from portal.workplans import audit, navigation, policies, sources  # noqa: F401, PLC0415 -- app ready
