from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shanzhi.kernel.codes import CodeField


class Division(models.Model):
    """A province, city, district, sub-district, community or grid, for the time one name held.

    A code that is renamed gets a second row; a code that ends keeps its rows, and its successors
    are in Succession.
    """

    class Level(models.TextChoices):
        PROVINCE = "province", _("Province")
        CITY = "city", _("City")
        DISTRICT = "district", _("District or county")
        SUBDISTRICT = "subdistrict", _("Sub-district or town")
        COMMUNITY = "community", _("Community or village")
        GRID = "grid", _("Grid")

    code = CodeField(max_length=20)
    name = models.CharField(max_length=100)  # official: 天安社区居委会
    short_name = models.CharField(max_length=100)  # on pages: 天安社区
    level = models.CharField(max_length=12, choices=Level.choices)
    parent = CodeField(max_length=20, default="")
    kind = models.CharField(max_length=3, default="")  # urban/rural class 111 … 220, where known
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)  # first day it no longer holds

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "valid_from"], name="division_version_once"),
            models.UniqueConstraint(
                fields=["code"], condition=Q(valid_to=None), name="division_current_once"
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=models.F("valid_from")),
                name="division_ends_after_it_begins",
            ),
        ]
        indexes = [models.Index(fields=["parent"], name="division_parent")]

    def __str__(self):
        return self.short_name


class Succession(models.Model):
    """From `on`, what was `old` is (partly) `new`: merged, split, moved."""

    class Kind(models.TextChoices):
        MERGED = "merged", _("Merged")
        SPLIT = "split", _("Split")
        MOVED = "moved", _("Moved")

    old = CodeField(max_length=20)
    new = CodeField(max_length=20)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["old", "new", "on"], name="succession_once")]

    def __str__(self):
        return f"{self.old} → {self.new}"


class Edition(models.Model):
    """One row. Who changes divisions locks it; who keeps names in memory sees by it that they are
    stale. Its number is the changing transaction's, so that it never comes twice.
    """

    number = models.BigIntegerField()

    def __str__(self):
        return str(self.number)


class Grid(models.Model):
    """What a grid has beyond a division: its area and households. Its name is its Division row."""

    code = CodeField(max_length=20, primary_key=True)
    area = models.JSONField(null=True)  # GeoJSON (Multi)Polygon, CGCS2000 longitude and latitude
    outline = models.CharField(max_length=32, default="")  # digest of the area, "" without one
    west = models.FloatField(null=True)  # bounding box, for the index
    south = models.FloatField(null=True)
    east = models.FloatField(null=True)
    north = models.FloatField(null=True)
    households = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    area__isnull=True, outline="", west=None, south=None, east=None, north=None
                )
                | Q(
                    area__isnull=False, west__isnull=False, south__isnull=False,
                    east__isnull=False, north__isnull=False,
                ) & ~Q(outline=""),
                name="grid_drawn_whole",
            )
        ]  # fmt: skip

    def __str__(self):
        return self.code


class Estate(models.Model):
    """小区: a named group of buildings in a community."""

    name = models.CharField(max_length=100)
    place = CodeField(max_length=20)  # its grid, or its community where the grid is not known
    address = models.CharField(max_length=200, default="")  # 河海中路 88 号: of the estate, no room
    longitude = models.FloatField(null=True)  # CGCS2000
    latitude = models.FloatField(null=True)
    buildings = models.PositiveSmallIntegerField(default=0)
    households = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["place", "name"], name="estate_name_once"),
            models.CheckConstraint(
                condition=Q(longitude=None, latitude=None)
                | Q(longitude__isnull=False, latitude__isnull=False),
                name="estate_point_whole",
            ),
        ]

    def __str__(self):
        return self.name
