"""The offline map of a plan: :func:`write_map`."""

from planner.publish.map.page import write_map as write_map
