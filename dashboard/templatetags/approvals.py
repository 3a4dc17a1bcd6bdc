"""How much waits for the reader's word."""

from django import template
from django.utils import timezone

from backups.models import User
from backups.queries import approvers

register = template.Library()

MOST = 99


@register.simple_tag
def waiting_for(user: User) -> str:
    """How many requests the reader may decide now, as the badge shows it; empty where there are none."""
    found = len(approvers.to_decide(user, at=timezone.now()).order_by()[: MOST + 1].values_list("pk"))
    return f"{MOST}+" if found > MOST else str(found or "")
