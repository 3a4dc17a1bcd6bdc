"""What people are told of."""

from django.db import models


class Event(models.TextChoices):
    ASKED = "asked"
    REMINDER = "reminder"
    DECIDED = "decided"
    EXPIRED = "expired"
    STARTED = "started"
    COMPLETED = "completed"
    FAILED = "failed"
    NEEDS_DECISION = "needs_decision"
    BREAK_GLASS = "break_glass"
    PROPOSAL = "proposal"
    REVIEW_DUE = "review_due"
