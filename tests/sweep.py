"""Sweeps: the first of many seeds in every test run, all of them with ``pytest -m slow`` beside it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest


def sweep(every: Iterable[Any], first: int) -> list[Any]:
    """Parameters, all but the first few marked as slow."""
    given = [one if isinstance(one, tuple) else (one,) for one in every]
    return [pytest.param(*one, marks=pytest.mark.slow if n >= first else ()) for n, one in enumerate(given)]
