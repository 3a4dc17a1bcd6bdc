"""The filters that a person keeps under a name: nobody else sees them, and no team's audit tells of them."""

from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from backups.models import SavedView, User
from backups.operations.refusals import Refused

NAME_MAX = 60
QUERY_MAX = 1000
MOST = 50


class ViewRefused(Refused):
    """The view cannot be kept like this."""


def save(user: User, *, name: str, query: str) -> SavedView:
    """Keep `query`, filters and sort as an address spells them, for `user`. Raises `ViewRefused`."""
    name = _checked(name)
    if not query:
        raise ViewRefused("invalid", _("There is nothing to keep: filter or sort the list first."), "name")
    if len(query) > QUERY_MAX:
        raise ViewRefused("invalid", _("That is more than a view can hold: choose fewer filters."), "name")
    if SavedView.objects.filter(user=user).count() >= MOST:
        full = _("You have %(most)d views, which is as many as there can be: delete one first.")
        raise ViewRefused("full", full % {"most": MOST}, "name")
    return _write(SavedView(user=user, name=name, query=query))


def rename(view: SavedView, *, name: str) -> SavedView:
    """Give a view of the reader's another name. Raises `ViewRefused`."""
    view.name = _checked(name)
    return _write(view)


def delete(user: User, pk: UUID) -> None:
    """Forget a view of `user`; one that is gone already stays so."""
    SavedView.objects.filter(user=user, pk=pk).delete()


def _checked(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise ViewRefused("invalid", _("Give it a name."), "name")
    if len(name) > NAME_MAX:
        too_long = _("%(count)d characters; at most %(limit)d.")
        raise ViewRefused("invalid", too_long % {"count": len(name), "limit": NAME_MAX}, "name")
    return name


def _write(view: SavedView) -> SavedView:
    try:
        with transaction.atomic():
            view.save()
    except IntegrityError as error:
        taken = _("You have a view named “%(name)s” already.") % {"name": view.name}
        raise ViewRefused("taken", taken, "name") from error
    return view
