"""Where things are: divisions of five levels, versioned in time, grids and estates.

Owns: Division, Succession, Grid, Estate. Rows elsewhere carry codes, not foreign keys.
"""
