from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('backups', '0018_instance_by_its_names'),
    ]

    operations = [
        migrations.AddField(
            model_name='user',
            name='is_service',
            field=models.BooleanField(db_default=False, default=False, verbose_name='service account'),
        ),
    ]
