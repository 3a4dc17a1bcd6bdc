from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('backups', '0020_every_change_and_replay'),
    ]

    operations = [
        migrations.AlterField(
            model_name='proposal',
            name='kind',
            field=models.CharField(choices=[('policy', 'Policy'), ('retire_policy', 'Policy taken away'), ('member', 'Roles'), ('four_eyes', 'Four eyes switched off'), ('break_glass', 'Break-glass quota'), ('instance', 'Environment and labels')], max_length=13),
        ),
    ]
