"""The one day that files are given as that of their making, so that the same plan gives the same bytes (R8)."""

from __future__ import annotations

from datetime import datetime

CREATED = datetime(2000, 1, 1)
