"""The pages of what went wrong."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from backups.api.problems import in_the_clouds_form, is_api, is_gateway, to_a_program


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: the request cannot be read."""
    if is_api(request):
        return to_a_program(400, "bad_request", _("This request cannot be read."))
    if is_gateway(request):
        return in_the_clouds_form(400)
    return render(request, "errors/400.html", status=400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: the reader may not."""
    return render(request, "errors/403.html", {"why": str(exception)}, status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form was not ours, or too old."""
    return render(request, "errors/csrf.html", status=403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: there is nothing here, as far as this reader may know."""
    return render(request, "errors/404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: a mistake of ours; nothing of it is shown."""
    if is_api(request):
        return to_a_program(500, "error", _("A mistake of Safepoint's own. It is in the log."))
    if is_gateway(request):
        return in_the_clouds_form(500)
    # Without the request, so that no reader is looked up: it may be the database that is gone.
    return HttpResponse(render_to_string("errors/500.html"), status=500)
