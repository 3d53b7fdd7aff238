"""Tests.

Byte code is kept here even where PYTHONDONTWRITEBYTECODE says otherwise: each process that a test starts would compile
the whole planner again, half a second of work.
"""

import os
import sys

sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
