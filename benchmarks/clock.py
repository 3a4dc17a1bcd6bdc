"""How long a request takes in the server, and how many queries it makes."""

import time
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse

COUNT = "HTTP_X_COUNT_QUERIES"


class ServerTimeMiddleware:
    """Says in `Server-Timing` what all of Django took; around every other middleware.

    A streamed answer is timed until its first byte may go out. Queries are counted only where that is asked
    for, so that counting costs nothing where time is taken.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, with what it took."""
        if COUNT in request.META:
            return self._count(request)
        began = time.perf_counter()
        response = self.get_response(request)
        response["Server-Timing"] = f"app;dur={(time.perf_counter() - began) * 1000:.3f}"
        return response

    def _count(self, request: HttpRequest) -> HttpResponse:
        told: list[str] = []

        def note(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
            told.append(sql)
            return execute(sql, *rest)

        with connection.execute_wrapper(note):
            response = self.get_response(request)
        response["X-Queries"] = str(len(told))
        return response
