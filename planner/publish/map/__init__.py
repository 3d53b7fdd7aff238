"""The offline maps of a plan: :func:`write_map`; for those outside :func:`write_handout_map`, one for each chain :func:`write_handouts`."""

from planner.publish.map.handout import write_handout_map as write_handout_map
from planner.publish.map.handout import write_handouts as write_handouts
from planner.publish.map.page import write_map as write_map
