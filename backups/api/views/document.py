"""The API's description of itself, for programs."""

from functools import cache
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import conditional_page, require_GET
from drf_spectacular.generators import SchemaGenerator


@cache
def document() -> dict[str, Any]:
    """The OpenAPI document; the same for everybody."""
    made: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    return made


@login_not_required
@require_GET
@conditional_page
def show_document(request: HttpRequest) -> JsonResponse:
    """The document as JSON."""
    return JsonResponse(document(), content_type="application/vnd.oai.openapi+json")
