"""What the pages of the charts say, in both languages."""

from __future__ import annotations

from collections.abc import Mapping

from planner.language import Words

PAGE: Mapping[str, Words] = {
    "index": Words("图谱目录", "All charts"),
    "region": Words("全域", "All chains"),
    "pages": Words("各产业链", "Chains"),
    "charts": Words("图", "Charts"),
    "search": Words("查找", "Search"),
    "search_hint": Words("环节、企业、园区、城市", "Link, firm, park, city"),
    "filter": Words("筛选", "Filters"),
    "clear": Words("清除", "Clear"),
    "grade": Words("程度", "Grade"),
    "tier": Words("位置", "Tier"),
    "marks": Words("标记", "Marks"),
    "zoom_in": Words("放大", "Zoom in"),
    "zoom_out": Words("缩小", "Zoom out"),
    "zoom_fit": Words("适合宽度", "Fit width"),
    "theme": Words("深色 / 浅色", "Dark / light"),
    "print": Words("打印本图（A3）", "Print this chart (A3)"),
    "print_all": Words("打印全部", "Print all"),
    "details": Words("详情", "Details"),
    "details_hint": Words(
        "把鼠标移到环节上，或用 Tab 键选中环节，这里显示它的详情；回车固定，Esc 取消。",
        "Point at a link, or reach it with Tab: what is known of it is shown here. Enter holds it, Escape lets go.",
    ),
    "as_svg": Words("本页的 SVG 文件", "This sheet as SVG"),
    "open_all": Words("全部展开", "Open all"),
    "close_all": Words("全部收起", "Close all"),
    "no_script": Words(
        "没有脚本时所有图依次显示，不能查找和筛选。", "Without scripts all charts are shown in turn, without search and filters."
    ),
    "chain_says": Words("{links} 个环节，目标企业 {n} 家，缺口 {short}", "{links:link}, {n:target firm}, shortage {short}"),
    "missing": Words(
        "没有画“{chart}”：计划没有“{table}”表（{name}）", "“{chart}” is not drawn: the plan has no table “{table}” ({name})"
    ),
}
"""Texts of the templates."""

SCRIPT: Mapping[str, Words] = {
    "local": Words("本地企业", "Local firms"),
    "targets": Words("目标企业", "Targets"),
    "from": Words("上游供方环节", "Supplied by"),
    "to": Words("下游需方环节", "Supplies"),
    "close": Words("关闭", "Close"),
    "none": Words("无", "none"),
    "found": Words("找到 {n} 处", "{n} found"),
    "shown": Words("符合条件的环节 {n} 个", "{n} links match"),
}
"""Texts that the scripts use; ``{n}`` is filled there."""
