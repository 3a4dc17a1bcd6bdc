"""Where a file says that a secret is: in the environment, or in a file of its own."""

import os
from pathlib import Path

from django.utils.translation import gettext as _

from backups.operations.refusals import Refused
from backups.secrecy.secret import Secret


class ReferenceRefused(Refused):
    """There is no secret where the reference leads, or it is none."""


def resolve(reference: str) -> Secret:
    """The secret that `env:NAME` or `file:PATH` leads to; raises `ReferenceRefused`, which repeats no text.

    What looks like no reference may be the secret itself.
    """
    kind, _colon, name = reference.partition(":")
    if kind == "env":
        return _from_environment(name)
    if kind == "file":
        return _from_file(Path(name))
    told = _("A secret is not written here itself: write “env:NAME” or “file:PATH”, where it is to be found.")
    raise ReferenceRefused("literal", told)


def _from_environment(name: str) -> Secret:
    if value := os.environ.get(name):
        return Secret(value)
    raise ReferenceRefused("nowhere", _("The environment has no such variable, or an empty one."))


def _from_file(path: Path) -> Secret:
    try:
        value = path.read_text(encoding="utf-8").strip()
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else _("it holds no text")
        raise ReferenceRefused("nowhere", _("The file cannot be read: %(why)s.") % {"why": why}) from None
    if value:
        return Secret(value)
    raise ReferenceRefused("nowhere", _("The file is empty."))
