"""The Celery app and the beat schedule.

One task, ``jobs.run_job``, runs all registered jobs; beat only *finds due work* (design.md 3.5).
"""

import os

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.dev")

app = Celery("portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["portal.core", "portal.audit", "portal.jobs"])

app.conf.beat_schedule = {
    # name: what is looked for, how often
    "heartbeat": {"task": "core.heartbeat", "schedule": 10.0, "options": {"expires": 30}},
    "due-cycles": {
        "task": "jobs.start_due",
        "schedule": crontab(minute="*/15"),
        "args": ["lifecycle.advance_due_cycles"],
    },
    "due-notices": {
        "task": "jobs.start_due",
        "schedule": crontab(minute="5-59/15"),
        "args": ["lifecycle.close_due_notices"],
    },
    "digests": {
        "task": "jobs.start_due",
        "schedule": crontab(minute=3),
        "args": ["lifecycle.send_digests"],
    },
    "lost-jobs": {"task": "jobs.pick_up_lost", "schedule": 30.0},
    "audit-seal": {"task": "audit.seal", "schedule": 15.0, "options": {"expires": 60}},
    "audit-day": {"task": "audit.close_day", "schedule": crontab(hour=0, minute=10)},
    "overdue-tickets": {
        "task": "jobs.start_due",
        "schedule": crontab(minute=20),
        "args": ["competitions.escalate_tickets"],
    },
    "begun-competitions": {
        "task": "jobs.start_due",
        "schedule": crontab(hour=0, minute=25),
        "args": ["competitions.start_filings"],
    },
    "tidy-rosters": {
        "task": "jobs.start_due",
        "schedule": crontab(hour=3, minute=40),
        "args": ["competitions.tidy_rosters"],
    },
    "boards": {
        "task": "jobs.start_due",
        "schedule": crontab(),  # the minute in which a board is to freeze
        "args": ["competitions.freeze_boards"],
    },
    "case-reads": {
        "task": "jobs.start_due",
        "schedule": crontab(minute="10-59/15"),
        "args": ["competitions.collect_reads"],
    },
    "expired-files": {
        "task": "jobs.start_due",
        "schedule": crontab(hour=3, minute=10),
        "args": ["jobs.delete_expired_files"],
    },
    "old-imports": {
        "task": "jobs.start_due",
        "schedule": crontab(hour=3, minute=20),
        "args": ["accounts.delete_old_imports"],
    },
}
