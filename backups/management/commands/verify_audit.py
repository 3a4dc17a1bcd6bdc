"""`manage.py verify_audit`: whether anybody has touched the audit."""

import argparse
import json
import re
from collections.abc import Iterable
from typing import Any, TextIO

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from backups.models import AuditHead, Damage, Team
from backups.operations import verification
from backups.queries.chain import Place, Walk

EVENT = "audit head"
WORDS = re.compile(r"\b(team_id|number|mac)=(\w+)")


class Command(BaseCommand):
    help = (
        "Walk each team's chain of events from its beginning to its end, and say where it is broken. "
        "Exit code 1 if one is."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Which teams, and what was seen earlier."""
        parser.add_argument("--team", metavar="SLUG", help="only this team")
        parser.add_argument(
            "--head",
            type=argparse.FileType(encoding="utf-8", errors="replace"),
            metavar="FILE",
            help="a log kept elsewhere: the chains must come by its lines “audit head”; - is standard input",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Verify and report."""
        teams = Team.objects.order_by("name")
        if slug := options["team"]:
            teams = teams.filter(slug=slug)
            if not teams:
                raise CommandError(f"There is no team “{slug}”.")
        exported = _read(options["head"]) if options["head"] else []
        broken = [team.slug for team in teams if not self._verify(team, exported)]
        if slug is None:
            known = set(teams.values_list("pk", flat=True))
            broken += [f"team {gone}, which is gone" for gone in sorted({row[0] for row in exported} - known)]
        if broken:
            raise CommandError(f"The audit is broken: {', '.join(broken)}.")

    def _verify(self, team: Team, exported: Iterable[tuple[int, Place]]) -> bool:
        places = [place for number, place in exported if number == team.pk]
        head = AuditHead.objects.select_related("team").filter(team=team).first() or AuditHead(team=team)
        found = verification.verify(head, exported=places, at=timezone.now())
        self.stdout.write(f"{team.slug}: {_told(found)}")
        if places and not found.broken:
            self.stdout.write(f"{team.slug}: comes by all of {len(places)} exported heads.")
        return found.broken is None


def _told(found: Walk) -> str:
    sound = f"whole up to event {found.sound.number}"
    if found.broken is None:
        return f"{sound}, its end. {found.sound.mac}"
    if found.broken.damage == Damage.KEY_GONE:
        return (
            f"{sound}. Event {found.broken.number} was marked with a key that is not in CREDENTIAL_KEYS, "
            "or was edited: put the old key back at the end of the list, and verify again."
        )
    return f"{sound}. BROKEN at event {found.broken.number}: it looks as if {found.broken.damage.label}."


def _read(log: TextIO) -> list[tuple[int, Place]]:
    """The exported heads in a log, whose lines are JSON or words; other lines are passed over."""
    with log:
        found = [_read_line(line) for line in log if EVENT in line]
    return [head for head in found if head]


def _read_line(line: str) -> tuple[int, Place] | None:
    try:
        told = json.loads(line[line.index("{") :])
    except ValueError:
        told = dict(WORDS.findall(line))
    try:
        return int(told["team_id"]), Place(int(told["number"]), str(told["mac"]))
    except (KeyError, TypeError, ValueError):
        return None
