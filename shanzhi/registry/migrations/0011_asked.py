from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registry", "0008_retention")]

    operations = [
        migrations.AlterField(
            model_name="difference",
            name="state",
            field=models.CharField(
                choices=[
                    ("waiting", "Not settled"),
                    ("taken", "The file was right"),
                    ("kept", "The registry was right"),
                    ("asked", "The owner was asked"),
                    ("stale", "Changed meanwhile"),
                    ("undone", "Undone"),
                ],
                default="waiting",
                max_length=7,
            ),
        ),
    ]
