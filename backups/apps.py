"""The Django application of the domain."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class BackupsConfig(AppConfig):
    """Teams, projects, instances, backups and what may be done with them."""

    name = "backups"
    verbose_name = _("Backups")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the system checks, which need the models to be loaded."""
        autodiscover_modules("checks")
