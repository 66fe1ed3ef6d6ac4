from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0002_number")]
    operations = [
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["-submitted_at", "-id"], name="case_submitted"),
        )
    ]
