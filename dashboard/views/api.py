"""The API as a page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from dashboard import reference


@require_GET
def show_docs(request: HttpRequest) -> HttpResponse:
    """Every operation with its fields, examples and errors, drawn from the OpenAPI document."""
    return render(request, "api/docs.html", {"section": "account", "groups": reference.groups()})
