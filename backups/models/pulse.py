"""Signs of life of the processes, by which a page knows that something is not well."""

from django.db import models


class Pulse(models.Model):
    """The last sign of life of one kind of process, and the last failure seen since.

    `reconciler`: it writes its own. `worker`: a worker wrote it on a message that came through the queue.
    """

    name = models.CharField(max_length=16, primary_key=True)
    at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
