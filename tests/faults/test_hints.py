"""A click reaches a worker by its hint alone, and the reconciler by the row alone."""

from django.utils import timezone

from tests.faults.visitor import Visitor
from tests.faults.waiting import until


def test_a_worker_hears_of_a_click_without_any_reconciler(
    simulated, simulator, celery_worker, web, dba, password
):
    instance = simulated.instances.filter(status="normal").order_by("volume_gb")[0]
    cloud = {"CLOUD_ENDPOINTS": simulator.endpoint}
    celery_worker(**cloud)
    visitor = Visitor(web(**cloud).url)
    visitor.sign_in(dba.username, password)
    path = visitor.ask("by-hint-alone", str(instance.pk))
    until(lambda: "Completed</span>" in visitor.get(path), patience=60)


def test_the_reconciler_finds_a_row_without_any_worker(simulated, simulator, reconciler, ask):
    instance = simulated.instances.filter(status="normal").order_by("volume_gb")[0]
    reconciler(CLOUD_ENDPOINTS=simulator.endpoint)
    backup = ask(instance, "by-row-alone", at=timezone.now())
    until(lambda: type(backup).objects.get(pk=backup.pk).status == "COMPLETED", patience=60)
