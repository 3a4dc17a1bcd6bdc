"""Who reads a page."""

from typing import cast

from django.http import HttpRequest

from backups.models import User


def reader(request: HttpRequest) -> User:
    """The person who is signed in; every page but the public ones has one (SignInRequiredMiddleware)."""
    return cast(User, request.user)
