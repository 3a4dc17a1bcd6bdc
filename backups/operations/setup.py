"""The first steps of an empty Safepoint: its first admin and team."""

from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils.translation import gettext as _

from backups.models import Role, User
from backups.operations import audit, teams
from backups.operations.refusals import Refused

FIRST_ADMIN_LOCK = 7_301


class SetupRefused(Refused):
    """The first admin cannot be made so."""


def needs_first_admin() -> bool:
    """Whether nobody can sign in yet."""
    return not User.objects.exists()


@audit.act
def create_first_admin(*, username: str, email: str, password: str, team_name: str, at: datetime) -> User:
    """Make the first person, who holds the admin and requester roles of a new team.

    Raises `SetupRefused` when somebody was first, or the password is too weak.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [FIRST_ADMIN_LOCK])
    if not needs_first_admin():
        raise SetupRefused("done", _("Safepoint already has its first admin. Sign in."))
    user = User(username=username, email=email)
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise SetupRefused("weak_password", " ".join(error.messages), "password") from error
    user.set_password(password)
    user.save()
    teams.create(team_name, {user: [Role.ADMIN, Role.REQUESTER]}, by=user, at=at)
    return user
