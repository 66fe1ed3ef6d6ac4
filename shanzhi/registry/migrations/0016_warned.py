from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registry", "0015_grants")]

    operations = [
        migrations.AddField("binding", "warned_at", models.DateTimeField(null=True)),
        migrations.AlterField(
            "binding", "ended",
            models.CharField(
                blank=True, default="", max_length=8,
                choices=[
                    ("phone", "The phone number changed"), ("resident", "Ended by the resident"),
                    ("staff", "Ended by staff"), ("again", "Bound again"),
                    ("age", "The child has come of age"), ("died", "The person died"),
                    ("over", "Its time was over"),
                ],
            ),
        ),
    ]
