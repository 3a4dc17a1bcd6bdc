"""`manage.py make_keys`: the keys of this Safepoint, made once."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.core.management.utils import get_random_secret_key

from backups.secrecy.sealing import new_key


class Command(BaseCommand):
    help = "Make SECRET_KEY and CREDENTIAL_KEYS in VAR_DIR, mode 600, unless they are there."
    requires_system_checks: list[str] = []  # noqa: RUF012 - Django's own annotation

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the keys that are missing; never touch one that is there."""
        settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
        for name, make in (("secret_key", get_random_secret_key), ("credential_keys", new_key)):
            path = settings.VAR_DIR / name
            if path.exists():
                continue
            path.touch(mode=0o600)
            path.write_text(make() + "\n")
            self.stdout.write(f"Made {name}. Keep a copy of it: without it nothing stored opens.")
