import django.contrib.postgres.fields
from django.db import migrations, models

OCCASIONS = [
    ("asked", "Approval asked for"),
    ("reminder", "Approval still missing at half time"),
    ("decided", "Approved or rejected"),
    ("expired", "Expired"),
    ("started", "Backup began"),
    ("completed", "Backup completed"),
    ("failed", "Backup failed"),
    ("needs_decision", "A person must decide"),
    ("break_glass", "Glass broken"),
    ("review_due", "Review of broken glass overdue"),
    ("proposal", "Change of the rules proposed"),
    ("coverage", "Coverage at risk, lost or restored"),
    ("state", "Every change of a backup’s status"),
]


class Migration(migrations.Migration):
    """Channels that told of everything are left as they are: every change is many times as much."""

    dependencies = [
        ("backups", "0019_access"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="channel", name="channel_occasions_known"),
        migrations.AlterField(
            model_name="channel",
            name="occasions",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(choices=OCCASIONS, max_length=14),
                size=None,
                verbose_name="tells of",
            ),
        ),
        migrations.AlterField(
            model_name="notice",
            name="occasion",
            field=models.CharField(blank=True, choices=OCCASIONS, max_length=14),
        ),
        migrations.AddConstraint(
            model_name="channel",
            constraint=models.CheckConstraint(
                condition=models.Q(("occasions__contained_by", [value for value, _ in OCCASIONS])),
                name="channel_occasions_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="channel",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("service", "webhook"),
                    models.Q(("occasions__contains", ["state"]), _negated=True),
                    _connector="OR",
                ),
                name="channel_state_by_webhook",
            ),
        ),
        migrations.AddField(
            model_name="delivery",
            name="replayed_at",
            field=models.DateTimeField(null=True),
        ),
    ]
