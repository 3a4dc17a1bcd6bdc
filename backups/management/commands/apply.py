"""`manage.py apply FILE`: teams, projects, instances and policies as a file declares them."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import yaml
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from backups.management import references
from backups.models import User
from backups.operations.declarations import applying, document
from backups.operations.declarations.run import DeclarationRefused


class Command(BaseCommand):
    help = (
        "Make teams, members, projects, credentials, instances and policies as a YAML or JSON file declares "
        "them; what is so already is left alone, and nothing is taken away."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--as", dest="username", help="who acts; needed where a second admin must agree")
        parser.add_argument("--dry-run", action="store_true", help="only say what would change")

    def handle(self, *args: Any, **options: Any) -> None:
        """Apply and print each change; all that is wrong where something is, and then nothing is written."""
        declaration = document.read(_load(options["file"]), resolve=references.resolve)
        person = _person(options["username"])
        try:
            differences = applying.apply(
                declaration, by=person, at=timezone.now(), is_trial=options["dry_run"]
            )
        except DeclarationRefused as refused:
            raise CommandError("\n".join(map(str, refused.problems))) from None
        for difference in differences:
            self.stdout.write(str(difference))
        if not any(difference.is_new for difference in differences):
            self.stdout.write("Nothing to do.")


def _person(username: str | None) -> User | None:
    if username is None:
        return None
    person = User.objects.filter(username=username, is_active=True, is_service=False).first()
    if person is None:
        raise CommandError(_("There is nobody of that name who could act."))
    return person


def _load(path: Path) -> object:
    """What the file says; an error tells the line and nothing of it, for it may hold a secret."""
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}") from None
    except yaml.MarkedYAMLError as error:
        line = f", line {error.problem_mark.line + 1}" if error.problem_mark else ""
        raise CommandError(_("%(place)s: this is not YAML.") % {"place": f"{path}{line}"}) from None
    except (yaml.YAMLError, ValueError, RecursionError):
        raise CommandError(_("%(place)s: this is not YAML.") % {"place": path}) from None
