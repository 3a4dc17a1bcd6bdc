"""`manage.py rotate_keys`: every stored secret under the newest key."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from backups.operations import vault


class Command(BaseCommand):
    help = "Seal every stored secret with the first of CREDENTIAL_KEYS; may be run again at any time."

    def handle(self, *args: Any, **options: Any) -> None:
        """Rotate and report; exit code 1 while a secret opens with no key of the list."""
        rotation = vault.rotate()
        self.stdout.write(f"{rotation.resealed} credentials sealed anew.")
        if rotation.leftovers:
            names = ", ".join(str(credential.project) for credential in rotation.leftovers)
            raise CommandError(f"These open with no key of CREDENTIAL_KEYS: {names}.")
