"""Whose posts see numbers of persons instead of persons."""

ROLES = frozenset(
    {"subdistrict_clerk", "district_clerk", "city_clerk", "city_leader", "burden_office"}
)
