import os

from django.core.wsgi import get_wsgi_application

from portal.core.memory import collect_less_often

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.production")
application = get_wsgi_application()
collect_less_often()
