"""What is told of a path that leads nowhere."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from backups.api.problems import to_a_program


@csrf_exempt
@login_not_required
def nowhere(request: HttpRequest, **_parts: str) -> JsonResponse:
    """404, whatever the method; the documents are under `/api/v1/docs/`."""
    return to_a_program(404, "not_found", _("There is no such path: see /api/v1/docs/."))
