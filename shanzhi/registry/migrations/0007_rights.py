import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import shanzhi.kernel.codes
import shanzhi.kernel.fields
from shanzhi.registry import fence

# They run as the owner of the tables and answer with little: ids to a known number, and who shares
# a household with a person, to that person.
HOLDERS = """
CREATE FUNCTION registry_holders(number bytea) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT id FROM registry_person
    WHERE identity_hash = number AND merged_into_id IS NULL
    ORDER BY id LIMIT 10
$$
"""
HOUSEMATES = """
CREATE FUNCTION registry_housemates(about bigint) RETURNS TABLE (relation text, name text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT other.relation::text, person.name::text
    FROM registry_membership AS own
    JOIN registry_membership AS other ON other.household_id = own.household_id
    JOIN registry_person AS person ON person.id = other.person_id
    WHERE own.person_id = about AND own.until IS NULL AND other.until IS NULL
        AND other.person_id <> about
    ORDER BY other.relation, other.id
$$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0006_linking"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PrivacyNotice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveSmallIntegerField(unique=True)),
                ("title", models.CharField(max_length=100)),
                ("text", models.TextField()),
                ("changes", models.CharField(default="", max_length=500)),
                ("in_force_from", models.DateField()),
                ("published_at", models.DateTimeField()),
                ("published_by", models.BigIntegerField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Purpose",
            fields=[
                (
                    "code",
                    shanzhi.kernel.codes.CodeField(
                        db_collation="C", max_length=40, primary_key=True, serialize=False
                    ),
                ),
                ("title", models.CharField(max_length=100)),
                ("text", models.TextField()),
                ("elements", models.JSONField(default=list)),
                (
                    "department",
                    shanzhi.kernel.codes.CodeField(db_collation="C", default="", max_length=30),
                ),
                ("open", models.BooleanField(default=True)),
            ],
        ),
        migrations.CreateModel(
            name="Assessment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=200)),
                ("purpose", models.TextField()),
                ("effects", models.TextField()),
                ("measures", models.TextField()),
                ("elements", models.JSONField(default=list)),
                (
                    "risk",
                    models.CharField(
                        choices=[("low", "Low"), ("middle", "Middle"), ("high", "High")],
                        max_length=6,
                    ),
                ),
                ("place", shanzhi.kernel.codes.CodeField(db_collation="C", max_length=20)),
                (
                    "department",
                    shanzhi.kernel.codes.CodeField(db_collation="C", default="", max_length=30),
                ),
                ("made_on", models.DateField()),
                ("kept_until", models.DateField()),
                ("recorded_at", models.DateTimeField()),
                ("recorded_by", models.BigIntegerField(null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["-made_on", "-id"], name="assessment_by_day")],
            },
        ),
        migrations.CreateModel(
            name="ErasureRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("person_id", models.BigIntegerField()),
                ("asked_by", models.BigIntegerField(null=True)),
                ("asked_at", models.DateTimeField()),
                ("outcome", models.JSONField(default=dict)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["person_id", "-id"], name="erasure_request_person")
                ],
            },
        ),
        migrations.CreateModel(
            name="Incident",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=200)),
                ("what", models.TextField()),
                ("elements", models.JSONField(default=list)),
                ("harm", models.TextField()),
                ("advice", models.TextField()),
                ("place", shanzhi.kernel.codes.CodeField(db_collation="C", max_length=20)),
                ("persons", models.JSONField(default=list)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("found", "Found"),
                            ("contained", "Contained"),
                            ("reported", "Reported"),
                            ("told", "Those affected told"),
                            ("closed", "Closed"),
                        ],
                        default="found",
                        max_length=9,
                    ),
                ),
                ("found_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("recorded_by", models.BigIntegerField(null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["-id"], name="incident_by_id")],
            },
        ),
        migrations.CreateModel(
            name="SeenToken",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("adapter", models.CharField(max_length=40)),
                ("token", models.CharField(max_length=80)),
                ("at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("adapter", "token"), name="token_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Binding",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "level",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "Checked at the counter"),
                            (2, "Checked by an identity service"),
                            (3, "Checked by staff from the papers sent"),
                        ]
                    ),
                ),
                (
                    "relation",
                    models.CharField(
                        choices=[
                            ("self", "Oneself"),
                            ("guardian", "Guardian"),
                            ("proxy", "Proxy"),
                            ("relative", "Close relative of the dead"),
                        ],
                        default="self",
                        max_length=8,
                    ),
                ),
                ("scope", models.JSONField(default=list)),
                ("phone_hash", models.BinaryField(max_length=32)),
                ("proved_at", models.DateTimeField()),
                ("proved_by", models.BigIntegerField(null=True)),
                ("proof", models.CharField(default="", max_length=200)),
                ("since", models.DateField()),
                ("until", models.DateField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "ended",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("phone", "The phone number changed"),
                            ("resident", "Ended by the resident"),
                            ("staff", "Ended by staff"),
                            ("again", "Bound again"),
                            ("age", "The child has come of age"),
                            ("died", "The person died"),
                        ],
                        default="",
                        max_length=8,
                    ),
                ),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="bindings",
                        to="registry.person",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["account"], name="binding_account"),
                    models.Index(fields=["person"], name="binding_person"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None), ("relation", "self")),
                        fields=("account",),
                        name="account_is_one_person",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None), ("relation", "self")),
                        fields=("person",),
                        name="person_has_one_account",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("account", "person"),
                        name="bound_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended", ""), ("ended_at", None)),
                            models.Q(
                                ("ended_at__isnull", False), models.Q(("ended", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="binding_ended_for_a_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BindingRequest",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("counter", "At the counter"),
                            ("staff", "By papers sent"),
                            ("adapter", "By an identity service"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "relation",
                    models.CharField(
                        choices=[
                            ("self", "Oneself"),
                            ("guardian", "Guardian"),
                            ("proxy", "Proxy"),
                            ("relative", "Close relative of the dead"),
                        ],
                        default="self",
                        max_length=8,
                    ),
                ),
                ("scope", models.JSONField(default=list)),
                ("until", models.DateField(null=True)),
                (
                    "place",
                    shanzhi.kernel.codes.CodeField(db_collation="C", default="", max_length=20),
                ),
                ("said", shanzhi.kernel.fields.SealedJSON(default=dict)),
                ("digest", models.BinaryField(max_length=32, null=True)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "Waiting"), ("done", "Bound"), ("refused", "Refused")],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                ("decided_by", models.BigIntegerField(null=True)),
                ("answer", models.CharField(default="", max_length=300)),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["account", "-asked_at"], name="binding_request_account"),
                    models.Index(
                        condition=models.Q(("digest__isnull", False), ("state", "waiting")),
                        fields=["digest"],
                        name="binding_request_code",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ChangeRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("element", shanzhi.kernel.codes.CodeField(db_collation="C", max_length=80)),
                ("wanted", shanzhi.kernel.fields.SealedText(null=True)),
                ("held", shanzhi.kernel.fields.SealedText(null=True)),
                ("reason", models.CharField(max_length=500)),
                ("place", shanzhi.kernel.codes.CodeField(db_collation="C", max_length=20)),
                (
                    "department",
                    shanzhi.kernel.codes.CodeField(db_collation="C", default="", max_length=30),
                ),
                ("asked_by", models.BigIntegerField(null=True)),
                ("case", models.CharField(default="", max_length=12)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Being checked"),
                            ("accepted", "Corrected"),
                            ("refused", "Not corrected"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="waiting",
                        max_length=9,
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                ("decided_by", models.BigIntegerField(null=True)),
                ("decided_post", models.BigIntegerField(null=True)),
                ("answer", models.CharField(default="", max_length=500)),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="registry.person",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["person", "-id"], name="change_request_person"),
                    models.Index(fields=["place", "department", "-id"], name="change_request_unit"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "waiting")),
                        fields=("person", "element"),
                        name="disputed_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at", None), ("state", "waiting")),
                            models.Q(
                                ("decided_at__isnull", False),
                                models.Q(("state", "waiting"), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="change_request_decided_at",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="IncidentStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("found", "Found"),
                            ("contained", "Contained"),
                            ("reported", "Reported"),
                            ("told", "Those affected told"),
                            ("closed", "Closed"),
                        ],
                        max_length=9,
                    ),
                ),
                ("words", models.TextField()),
                ("at", models.DateTimeField()),
                ("by", models.BigIntegerField(null=True)),
                (
                    "incident",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="steps",
                        to="registry.incident",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("incident", "state"), name="incident_step_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Consent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("person_id", models.BigIntegerField()),
                ("text", models.TextField()),
                ("relation", models.CharField(default="self", max_length=8)),
                ("account", models.BigIntegerField()),
                (
                    "through",
                    models.CharField(
                        choices=[("phone", "On the phone"), ("counter", "At the counter")],
                        max_length=8,
                    ),
                ),
                ("given_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(null=True)),
                (
                    "purpose",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consents",
                        to="registry.purpose",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["person_id", "-id"], name="consent_of_person")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_at", None)),
                        fields=("person_id", "purpose"),
                        name="consent_given_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("withdrawn_at", None),
                            ("withdrawn_at__gte", models.F("given_at")),
                            _connector="OR",
                        ),
                        name="consent_withdrawn_after_it_was_given",
                    ),
                ],
            },
        ),
        migrations.RunSQL(HOLDERS, "DROP FUNCTION registry_holders(bytea)"),
        migrations.RunSQL(HOUSEMATES, "DROP FUNCTION registry_housemates(bigint)"),
        fence.policy("registry_changerequest"),
    ]
