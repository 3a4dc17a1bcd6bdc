"""The Celery application: `celery -A dashboard worker`.

A message is only a hint to look at a row (faults.md, rule 6), so messages are acknowledged early and
never tried again by the broker: the reconciler finds every row whose hint was lost.
"""

import os
from typing import Any

from celery import Celery, signals

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dashboard.settings")

app = Celery("safepoint")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["backups"])


@signals.celeryd_init.connect
def be_patient(conf: Any, **_: Any) -> None:
    """A worker waits for messages; only those who publish must be quick to give up."""
    conf.broker_connection_timeout = 4.0
    conf.broker_transport_options = {"socket_connect_timeout": 4.0, "socket_timeout": 30.0}
