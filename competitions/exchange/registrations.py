"""Imported when the app is ready: everything the room hangs into the engine's registries."""

from competitions.exchange import audit, jobs, navigation, policies, sources  # noqa: F401 -- they register themselves
