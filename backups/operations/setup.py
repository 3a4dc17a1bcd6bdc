"""The first steps of an empty Safepoint: its first admin and team."""

from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils.text import slugify
from django.utils.translation import gettext as _

from backups.models import Channel, Membership, Role, Service, Team, User
from backups.operations import audit
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
    team = Team.objects.create(name=team_name, slug=slugify(team_name) or "team")
    Membership.objects.create(team=team, user=user, roles=[Role.ADMIN, Role.REQUESTER], since=at)
    by_mail = Service.EMAIL
    Channel.objects.create(
        team=team, service=by_mail, name=_("The people concerned"), occasions=by_mail.occasions
    )
    audit.record("team_created", team_id=team.pk, at=at, by=user, data={"name": team_name})
    return user
