from django.apps import AppConfig


class CompetitionsConfig(AppConfig):
    name = "competitions"
    verbose_name = "劳动和技能竞赛"

    def ready(self) -> None:
        from competitions import growing  # noqa: F401, PLC0415 -- app ready
        from competitions.challenges import registrations as challenges  # noqa: F401, PLC0415 -- app ready
        from competitions.contests import registrations as contests  # noqa: F401, PLC0415 -- app ready
        from competitions.exchange import registrations as exchange  # noqa: F401, PLC0415 -- app ready
        from competitions.filings import registrations as filings  # noqa: F401, PLC0415 -- app ready
        from competitions.green import registrations as green  # noqa: F401, PLC0415 -- app ready
        from competitions.growth import registrations as growth  # noqa: F401, PLC0415 -- app ready
        from competitions.labels import registrations as labels  # noqa: F401, PLC0415 -- app ready
        from competitions.learning import registrations as learning  # noqa: F401, PLC0415 -- app ready
        from competitions.marking import registrations as marking  # noqa: F401, PLC0415 -- app ready
        from competitions.nonpublic import registrations as nonpublic  # noqa: F401, PLC0415 -- app ready
        from competitions.pillar import PILLAR  # noqa: PLC0415 -- app ready
        from competitions.projects import audit, jobs, navigation, policies, sources  # noqa: F401, PLC0415 -- app ready
        from competitions.rosters import registrations  # noqa: F401, PLC0415 -- app ready
        from portal.lifecycle.engine.registry import register_pillar  # noqa: PLC0415 -- app ready

        register_pillar(PILLAR)
