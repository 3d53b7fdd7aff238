"""The offline maps of a plan: :func:`write_map`, and :func:`write_handout_map` for those outside."""

from planner.publish.map.handout import write_handout_map as write_handout_map
from planner.publish.map.page import write_map as write_map
