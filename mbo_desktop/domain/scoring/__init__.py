"""Scoring: rules as data, every point with its working (domain notes §3).

A rule is a small tree of primitives with parameters; the families of primitives are modules of
this package and register themselves. Everything is pure and exact; no clock.
"""

import mbo_desktop.domain.scoring.attainment
import mbo_desktop.domain.scoring.combining
import mbo_desktop.domain.scoring.formula
import mbo_desktop.domain.scoring.relative
import mbo_desktop.domain.scoring.tallies  # noqa: F401 the families register their primitives
