"""`manage.py rotate_keys`: every stored secret under the newest key."""

from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from backups.operations import vault
from backups.queries import chain


class Command(BaseCommand):
    help = "Seal every stored secret with the first of CREDENTIAL_KEYS; may be run again at any time."

    def handle(self, *args: Any, **options: Any) -> None:
        """Rotate and report; exit code 1 while a secret opens with no key of the list."""
        rotation = vault.rotate()
        self.stdout.write(f"{rotation.resealed} credentials, channels and key pairs sealed anew.")
        for line in self._of_the_audit():
            self.stdout.write(line)
        if rotation.leftovers:
            names = ", ".join(map(str, rotation.leftovers))
            raise CommandError(f"These open with no key of CREDENTIAL_KEYS: {names}.")

    def _of_the_audit(self) -> Iterator[str]:
        """Events are never marked anew: what that means for the keys of the list."""
        older, unknown = chain.under_other_keys()
        if older:
            yield f"{older} audit events can be verified only while the older keys stay listed."
        if unknown:
            yield f"{unknown} audit events cannot be verified: their key is not listed."
