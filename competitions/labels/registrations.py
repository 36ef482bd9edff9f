"""Imported when the app is ready: everything the room hangs into the engine's registries."""

from competitions.labels import audit, jobs, navigation, policies, receivers, sources  # noqa: F401 -- they register themselves
