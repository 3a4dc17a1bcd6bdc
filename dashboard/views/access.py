"""What the reader's programs sign in with: listed, made, revoked."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from backups.models import ApiToken, KeyPair
from backups.operations import access
from backups.operations.refusals import Refused
from backups.queries import access as held
from backups.secrecy.secret import Secret
from dashboard.forms import AccessForm
from dashboard.forms.access import TOKEN
from dashboard.people import reader


@require_GET
def show_list(request: HttpRequest) -> HttpResponse:
    """Tokens and key pairs of the reader, and of the service accounts that the reader looks after."""
    rows = held.held_by(reader(request), at=timezone.now())
    good = [row for row in rows if not row.ended]
    context = {"section": "account", "good": good, "ended": [row for row in rows if row.ended]}
    return render(request, "access/list.html", context)


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """Make one, and show its secret in the very answer to the form.

    No redirect: to carry the secret over one it would have to be written down, in a session's row for all to
    read who read the database. Nothing is kept of the answer (`never_cache`), and sent again the form makes
    no second one, for what it makes has the form's token for its id: it leads to the list, which says so.
    """
    user, now = reader(request), timezone.now()
    is_sent = request.method == "POST"
    form = AccessForm(request.POST if is_sent else None, initial={"holder": request.GET.get("for")}, by=user)
    if form.is_valid():
        grant = form.grant(at=now)
        try:
            if form.cleaned_data["kind"] == TOKEN:
                made = access.issue_token(grant, scopes=form.cleaned_data["scopes"], by=user, at=now)
                return _shown_once(request, *made)
            return _shown_once(request, *access.issue_key_pair(grant, by=user, at=now))
        except Refused as refused:
            if refused.code == "made":
                messages.warning(request, refused.message)
                return redirect("access")
            form.tell(refused)
    context = {"section": "account", "form": form}
    return render(request, "access/form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def revoke(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Have it open nothing from now on, once that was said twice."""
    found = held.find(reader(request), pk)
    if found is None:
        raise Http404
    if request.method == "GET":
        return render(request, "access/revoke.html", {"section": "account", "access": found})
    try:
        access.revoke(found, by=reader(request), at=timezone.now())
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(
            request, _("“%(name)s” is revoked: it opens nothing any more.") % {"name": found.name}
        )
    return redirect("access")


def _shown_once(request: HttpRequest, made: ApiToken | KeyPair, secret: Secret) -> HttpResponse:
    context = {
        "section": "account",
        "access": made,
        "is_key_pair": isinstance(made, KeyPair),
        "secret": secret,
        "site_url": settings.SITE_URL,
    }
    return render(request, "access/made.html", context)
