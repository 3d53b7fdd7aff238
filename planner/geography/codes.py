"""The code of every problem of a plan's own boundary file."""

from __future__ import annotations

from planner.problems import Codes

CODES = Codes(
    """
G101 边界文件不存在 | 找不到边界文件 | 核对 region.boundary 的路径，它相对于 plan.yaml
     boundary file is missing | the boundary file does not exist | check the path in region.boundary; it is relative to plan.yaml
G102 边界文件读不出 | {rule} | {remedy}
     boundary file cannot be read | {rule} | {remedy}
G103 边界没有坐标系 | 图层没有坐标系，无法得知坐标含义 | 在 QGIS 中为图层设置坐标系（如 EPSG:4490）后另存
     boundary without a coordinate system | a layer does not say what its coordinates are | set the layer's coordinate system in QGIS (e.g. EPSG:4490)
G104 边界文件没有面或线 | 文件中没有面也没有线 | 提供含行政区面或界线的图层
     boundary file without areas or lines | the file holds neither areas nor lines | give a file with a layer of areas or of boundary lines
G105 边界中有不可用的图形 | 第 {number} 个要素的图形{why} | 在 QGIS 中修复或重画该要素
     unusable shape in the boundary file | the shape of feature {number} {why} | mend or redraw it in QGIS
"""
)
problem, refusal = CODES.problem, CODES.refusal
