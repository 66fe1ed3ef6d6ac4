from django.db import migrations

from shanzhi.kernel.codes import CodeField


class Migration(migrations.Migration):
    dependencies = [("registry", "0014_deaths")]

    operations = [
        migrations.AddField(
            "grantpart", "moves_to",
            CodeField(blank=True, db_collation="C", default="", max_length=20),
        ),
    ]
