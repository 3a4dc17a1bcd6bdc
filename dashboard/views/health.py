"""Whether this process answers, whether all of Safepoint is ready, and the banner of what is not well."""

from concurrent.futures import Future
from time import monotonic
from typing import Any

import redis
import structlog
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from backups.queries import health
from dashboard import live
from dashboard.people import reader
from dashboard.probes import Probe
from dashboard.templatetags.health import banner

logger = structlog.get_logger(__name__)

PATIENCE_SECONDS = 1.5
REDIS_SECONDS = 1.0


@login_not_required
@never_cache
def alive(request: HttpRequest) -> HttpResponse:
    """Answer without asking anything else: a supervisor restarts what does not."""
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
@never_cache
@require_GET
def ready(request: HttpRequest) -> JsonResponse:
    """Whether database, Redis, a worker and the reconciler are there: 200, or 503 with what is not.

    Answers within two seconds also where one of them is frozen.
    """
    deadline = monotonic() + PATIENCE_SECONDS
    signs, pong = DATABASE.start(), REDIS.start()
    found, database = _answer(signs, deadline)
    _, broker = _answer(pong, deadline)
    told = {
        "database": database,
        "redis": broker,
        "worker": _life(found.queue if found else None),
        "reconciler": _life(found.reconciler if found else None),
    }
    is_ready = all(each["ok"] for each in told.values())
    return JsonResponse({"ready": is_ready, **told}, status=200 if is_ready else 503)


@require_GET
def show_changes(request: HttpRequest) -> HttpResponse:
    """The banner again if something else is not well than the reader's page says, else 204."""
    asked = request.GET
    shown = banner(
        reader(request), without=asked.get("without", ""), is_placed=asked.get("placed") == "1", is_live=True
    )
    if asked.get("seen", "") == shown["digest"]:
        return live.nothing_new()
    return render(request, "pieces/health.html#banner", shown)


def _read_signs() -> health.Signs:
    try:
        return health.signs_of_life(at=timezone.now())
    finally:
        connection.close()


def _ping() -> None:
    with redis.Redis.from_url(
        settings.REDIS_URL, socket_timeout=REDIS_SECONDS, socket_connect_timeout=REDIS_SECONDS
    ) as broker:
        broker.ping()


DATABASE = Probe(_read_signs)
REDIS = Probe(_ping)


def _answer(asked: "Future[Any]", deadline: float) -> tuple[Any, dict[str, Any]]:
    try:
        return asked.result(max(deadline - monotonic(), 0)), {"ok": True, "says": "answers"}
    except TimeoutError:
        return None, {"ok": False, "says": "does not answer"}
    except Exception as error:
        # What a server says of itself may name hosts and accounts: the log has it, strangers do not.
        logger.warning("not ready", error=str(error).strip())
        return None, {"ok": False, "says": "cannot be reached"}


def _life(life: health.Life | None) -> dict[str, Any]:
    if life is None:
        return {"ok": False, "says": "unknown without the database"}
    if life.since is None:
        return {"ok": life.is_well, "says": "has shown no sign of life yet"}
    return {"ok": life.is_well, "says": f"last seen {life.since.isoformat(timespec='seconds')}"}
