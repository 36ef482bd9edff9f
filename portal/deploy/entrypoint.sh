#!/bin/sh
# web | worker | beat | migrate | any manage.py command
set -eu
cd /app

case "${1:-web}" in
  web)
    exec gunicorn portal.wsgi \
      --bind 0.0.0.0:8000 \
      --workers "${WEB_WORKERS:-4}" \
      --threads "${WEB_THREADS:-4}" \
      --timeout 60 \
      --graceful-timeout 30 \
      --max-requests 5000 \
      --max-requests-jitter 500 \
      --worker-tmp-dir /dev/shm \
      --forwarded-allow-ips '*' \
      --log-level warning
    ;;
  worker)
    exec celery -A portal worker \
      --loglevel INFO \
      --concurrency "${WORKER_PROCESSES:-2}" \
      --max-tasks-per-child 200 \
      --queues portal
    ;;
  beat)
    exec celery -A portal beat --loglevel INFO --pidfile '' --schedule /tmp/beat-schedule
    ;;
  migrate)
    # A step of its own, before web, worker and beat start.
    python manage.py check --deploy --fail-level WARNING
    python manage.py migrate --noinput
    python manage.py check --database default --fail-level ERROR
    if [ -n "${APP_DATABASE_ROLE:-}" ]; then  # the role of web, worker and beat; new tables have no rights yet
      python manage.py audit grants "$APP_DATABASE_ROLE" --apply --password-of APP_DATABASE_PASSWORD
    fi
    exec python manage.py load_codes
    ;;
  *)
    exec python manage.py "$@"
    ;;
esac
