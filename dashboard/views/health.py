"""Whether this process answers."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache


@login_not_required
@never_cache
def alive(request: HttpRequest) -> HttpResponse:
    """Answer without asking anything else: a supervisor restarts what does not."""
    return HttpResponse("ok\n", content_type="text/plain")
