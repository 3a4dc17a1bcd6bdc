"""The processes that the tests lean on are the real ones, on the test's own database."""

import http.client
from urllib.parse import urlsplit

from backups.models import User


def test_a_worker_connects_to_the_tests_own_broker_and_stops_when_asked(celery_worker):
    worker = celery_worker()
    worker.stop()
    assert not worker.is_running
    assert "Warm shutdown" in worker.output()


def test_the_reconciler_survives_nothing_to_do_and_stops_cleanly(reconciler):
    process = reconciler()
    process.stop()
    assert process.process.returncode == 0


def test_the_web_server_sees_what_the_test_committed(web):
    User.objects.create_user("dba", password="correct horse battery")
    pages = http.client.HTTPConnection(urlsplit(web().url).netloc, timeout=10)
    pages.request("GET", "/welcome/")  # a page for an empty Safepoint alone
    reply = pages.getresponse()
    assert (reply.status, reply.getheader("Location")) == (302, "/sign-in/")
