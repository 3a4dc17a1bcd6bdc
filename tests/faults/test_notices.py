"""A mail server or a receiver that is down slows nothing, and is given everything when it is back."""

from backups.models import Backup, Delivery, DeliveryState, Status
from tests.cloud.raw_server import always
from tests.faults.waiting import until


def is_done(backup: Backup) -> bool:
    return Backup.objects.get(pk=backup.pk).status == Status.COMPLETED


def test_row_32_with_the_mail_server_down_and_a_receiver_that_hangs_backups_go_on_and_each_is_told_once(
    quick_instances,
    quick,
    celery_worker,
    reconciler,
    by_mail,
    mail_server,
    hook,
    serve_raw,
    ask_now,
    simulator,
):
    mail_server.stop()
    hanging = serve_raw(lambda _sock, _received: None)
    refusing = serve_raw(always(503))
    hook(hanging.origin, name="Hangs")
    hook(refusing.origin, name="Refuses")
    environ = {
        **quick,
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": str(mail_server.port),
        "WEBHOOK_ORIGINS": f"{hanging.origin},{refusing.origin}",
    }
    celery_worker(**environ)
    reconciler(**environ)
    backups = [ask_now(row, f"before-release-{number}") for number, row in enumerate(quick_instances[:3])]
    until(lambda: all(Backup.objects.get(pk=each.pk).status != Status.QUEUED for each in backups))
    simulator.advance(7200)
    until(lambda: all(map(is_done, backups)))
    until(lambda: hanging.requests and refusing.requests)
    assert not Delivery.objects.filter(state=DeliveryState.DELIVERED).exists()
    mail_server.start()
    until(lambda: len(mail_server.told("dba@example.com")) == 2 * len(backups))
    mails = Delivery.objects.filter(channel=by_mail)
    until(lambda: not mails.exclude(state=DeliveryState.DELIVERED).exists())
    assert len(set(mail_server.told("dba@example.com"))) == 2 * len(backups)
    assert Delivery.objects.exclude(channel=by_mail).exclude(failure="").count() >= 2
