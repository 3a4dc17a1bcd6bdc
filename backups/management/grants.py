"""What the commands that make a token or a key pair are told: for whom, and for how long."""

from datetime import datetime, timedelta
from typing import Any

from django.core.management.base import CommandError, CommandParser

from backups.models import Team, User
from backups.operations import access


def add_arguments(parser: CommandParser) -> None:
    """The person, the team, and what the token or pair is called."""
    parser.add_argument("user", help="user name of its owner")
    parser.add_argument("--team", required=True, help="short name of the team it is bound to")
    parser.add_argument("--name", default="made at a terminal", help="what uses it")
    parser.add_argument("--days", type=int, default=access.DEFAULT_LIFE.days, help="its life")


def read(options: dict[str, Any], *, at: datetime) -> access.Grant:
    """The grant that the options name; raises `CommandError`."""
    try:
        return access.Grant(
            user=User.objects.get(username=options["user"]),
            team=Team.objects.get(slug=options["team"]),
            name=options["name"],
            expires_at=at + timedelta(days=options["days"]),
        )
    except User.DoesNotExist as error:
        raise CommandError(f"There is nobody called {options['user']}.") from error
    except Team.DoesNotExist as error:
        raise CommandError(f"There is no team with the short name {options['team']}.") from error
    except OverflowError as error:
        raise CommandError("So many days are none of this calendar.") from error
