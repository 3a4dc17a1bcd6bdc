"""`manage.py decide approve|reject BACKUP --as USER`: a person's word on a request, from a terminal."""

from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from backups.models import Backup, User
from backups.operations import decisions
from backups.operations.refusals import Refused

OPERATIONS = {"approve": decisions.approve, "reject": decisions.reject}


class Command(BaseCommand):
    """The rule is that of the page: nobody decides on what he asked for himself."""

    help = "Approve or reject a request, as a person."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("verdict", choices=sorted(OPERATIONS))
        parser.add_argument("backup", type=UUID, help="the ID in the address of its page")
        parser.add_argument("--as", dest="username", required=True, help="who decides")
        parser.add_argument("--comment", default="", help="needed to reject")

    def handle(self, *args: Any, **options: Any) -> None:
        person = User.objects.filter(username=options["username"]).first()
        backup = Backup.objects.filter(pk=options["backup"]).first()
        if person is None or backup is None:
            raise CommandError(_("There is no such person or no such backup."))
        try:
            OPERATIONS[options["verdict"]](
                backup,
                by=person,
                seen=backup.content_hash,
                comment=options["comment"],
                at=timezone.now(),
            )
        except Refused as refused:
            raise CommandError(refused.message) from refused
        self.stdout.write(f"{backup.name}: {options['verdict']}")
