"""Points from WeChat and Tencent maps (GCJ-02) as CGCS2000, the system everything here is kept in.

GCJ-02 shifts a point by up to 700 m by a published formula on the Krasovsky ellipsoid. It is turned
back by repeating: guess, shift the guess, correct by the difference.
"""

from math import cos, pi, sin, sqrt

CGCS2000, GCJ02 = "cgcs2000", "gcj02"
AXIS = 6378245.0  # metres
ECCENTRICITY = 0.00669342162296594323
NEAR_ENOUGH = 1e-9  # degrees: a tenth of a millimetre


def to_gcj02(longitude: float, latitude: float) -> tuple[float, float]:
    x, y = longitude - 105.0, latitude - 35.0
    ripple = 20 * (sin(6 * x * pi) + sin(2 * x * pi)) * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x)) + ripple
    north += (20 * sin(y * pi) + 40 * sin(y / 3 * pi)) * 2 / 3
    north += (160 * sin(y / 12 * pi) + 320 * sin(y * pi / 30)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x)) + ripple
    east += (20 * sin(x * pi) + 40 * sin(x / 3 * pi)) * 2 / 3
    east += (150 * sin(x / 12 * pi) + 300 * sin(x / 30 * pi)) * 2 / 3
    angle = latitude / 180 * pi
    bulge = 1 - ECCENTRICITY * sin(angle) ** 2
    meridian = AXIS * (1 - ECCENTRICITY) / (bulge * sqrt(bulge))
    return (
        longitude + east * 180 / (AXIS / sqrt(bulge) * cos(angle) * pi),
        latitude + north * 180 / (meridian * pi),
    )


def from_gcj02(longitude: float, latitude: float) -> tuple[float, float]:
    east, north = longitude, latitude
    for _again in range(20):
        shifted = to_gcj02(east, north)
        off_east, off_north = shifted[0] - longitude, shifted[1] - latitude
        east, north = east - off_east, north - off_north
        if max(abs(off_east), abs(off_north)) < NEAR_ENOUGH:
            break
    return east, north


def as_cgcs2000(longitude: float, latitude: float, system: str) -> tuple[float, float]:
    if system == GCJ02:
        return from_gcj02(longitude, latitude)
    if system == CGCS2000:
        return longitude, latitude
    raise ValueError(f"unknown coordinate system {system!r}")
