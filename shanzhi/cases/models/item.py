"""What can be asked for, and where it goes."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from shanzhi.kernel.codes import CodeField
from shanzhi.work.models import Clock


class Item(models.Model):
    """One version of a service item (办事指南). A case keeps the version it was sent under."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("Published")
        RETIRED = "retired", _("Retired")

    class Provider(models.TextChoices):
        GOVERNMENT = "government", _("Government")
        MARKET = "market", _("Market")
        SOCIETY = "society", _("Society")

    class Level(models.TextChoices):
        COMMUNITY = "community", _("Community")
        SUBDISTRICT = "subdistrict", _("Sub-district")
        DISTRICT = "district", _("District")
        CITY = "city", _("City")

    code = CodeField(max_length=40)  # "elderly-allowance"
    version = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    name = models.CharField(max_length=200)
    summary = models.CharField(max_length=300, default="")
    theme = models.CharField(max_length=30, default="")  # the heading it stands under: 养老
    kind = models.CharField(max_length=40, default="application")  # a code from cases/kinds.py
    department = CodeField(max_length=30, default="")  # who decides; "" is the community itself
    level = models.CharField(max_length=12, choices=Level.choices)  # at which level it is decided
    provider = models.CharField(
        max_length=12, choices=Provider.choices, default=Provider.GOVERNMENT
    )
    audience = models.CharField(max_length=200, default="")
    basis = models.JSONField(default=list)  # ["城市居民委员会组织法 第…条"]
    conditions = models.JSONField(default=list)  # sentences
    materials = models.JSONField(default=list)  # see cases/shapes.py: Material
    steps = models.JSONField(default=list)  # see cases/shapes.py: Step
    form = models.JSONField(default=list)  # see cases/shapes.py: Field
    statutory_amount = models.PositiveSmallIntegerField(null=True)
    statutory_unit = models.CharField(max_length=14, choices=Clock.Unit.choices, default="")
    promised_amount = models.PositiveSmallIntegerField()
    promised_unit = models.CharField(max_length=14, choices=Clock.Unit.choices)
    fee = models.CharField(max_length=100, default="")  # "" is free
    result = models.CharField(
        max_length=100, default=""
    )  # what is delivered; "" is the reply alone
    delivery = models.CharField(max_length=100, default="")
    window = models.CharField(max_length=200, default="")  # where and when in person
    phone = models.CharField(max_length=40, default="")  # advice and complaints
    faq = models.JSONField(default=list)  # [{"question": …, "answer": …}]
    instead = models.JSONField(
        default=dict
    )  # {"reason", "where", "items"}: not done here, but there
    source = models.CharField(max_length=100, default="")  # where an imported item came from
    published_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="item_version_once"),
            models.UniqueConstraint(
                fields=["code"], condition=Q(state="published"), name="item_published_once"
            ),
            models.UniqueConstraint(
                fields=["code"], condition=Q(state="draft"), name="item_draft_once"
            ),
            models.CheckConstraint(
                condition=Q(statutory_amount=None, statutory_unit="")
                | (Q(statutory_amount__isnull=False) & ~Q(statutory_unit="")),
                name="item_statutory_limit_has_a_unit",
            ),
            models.CheckConstraint(
                condition=Q(published_at__isnull=False) | Q(state="draft"),
                name="item_published_at_once_published",
            ),
        ]

    def __str__(self):
        return self.name


class Category(models.Model):
    """What a free report is about: a tree of three levels, "01", "0102", "010203"."""

    code = CodeField(max_length=6, primary_key=True)
    name = models.CharField(max_length=60)
    path = models.CharField(max_length=200)  # 城乡建设 / 安全生产 / 安全隐患

    def __str__(self):
        return self.path


class Route(models.Model):
    """A rule that says which unit a case goes to. The first that fits, in order, decides."""

    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=100)
    # what it fits; empty fits all
    items = models.JSONField(default=list)  # codes of service items
    category = CodeField(max_length=6, default="")  # a category and all below
    place = CodeField(max_length=20, default="")  # a division and all below
    # where it sends
    level = models.CharField(max_length=12, choices=Item.Level.choices)
    department = CodeField(max_length=30, default="")
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)  # first day it no longer holds

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["position"],
                name="route_position_once",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_to__gt=F("valid_from")),
                name="route_ends_after_it_begins",
            ),
        ]

    def __str__(self):
        return f"{self.position}. {self.name}"
