"""The Django application of the face."""

from django.apps import AppConfig


class DashboardConfig(AppConfig):
    """Pages, forms and static files; no models."""

    name = "dashboard"
