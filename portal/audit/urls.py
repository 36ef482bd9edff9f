"""URLs of audit."""

app_name = "audit"
urlpatterns: list = []
