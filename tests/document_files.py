"""Documents that try every kind of block, what they are made of, and the text that stands in their files."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
from dataclasses import replace
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn

from planner.plan.model import Plan
from planner.publish.documents.model import Column, Document, Fact, Facts, Light, Lights, Note, Picture, Section, Table, Text, Value
from planner.publish.reports.money import Money
from planner.publish.view import View

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 60"><rect width="200" height="60" fill="#e8eef4"/>'
    '<text x="10" y="30" font-family="Noto Sans CJK SC" font-size="14">图中文字</text></svg>'
)
RARE = "鄠浉硚镕堃𫖯"
HOSTILE = (
    '#panic("x") $x^2$ *粗* _斜_ <script>alert(1)</script> {{ 7*7 }} {% if %} =1+1 @ref `raw` \\u{41} // 注 /* */ [a](b) &amp;'
)
MORE = Money(("资金“F1”每季多 1,000 万元：目标值 +0.02，已证明",))


def document(*blocks: object, **more: object) -> Document:
    """A page with one of each kind of block, then those given."""
    each = (
        Text("缺口 80 万套。", "lead"),
        Text("第一项", "item"),
        Facts((Fact("投资", Value("12.5 亿元", assumed=True)), Fact("用地", "200 亩", "净地"))),
        Facts((Fact("项目", "52"), Fact("总投资", "1,234 亿元")), 2, tiles=True),
        Table(
            (Column("企业", share=3), Column("金额", "right")),
            (("甲公司", "3,210"), ("合计", Value("6,420", assumed=True))),
            "供应商",
            total=True,
        ),
        Lights(
            "状态", (Column("要素"),), (Light("green", ("土地",)), Light("red", ("用工",)), Light("unknown", ("技术",), "无数据"))
        ),
        Picture(SVG, "园区位置", "图一", 0.5),
        Note("未经批准", "warning"),
    )
    sections = (Section("one", "各种内容", each), Section("two", "另外的", tuple(blocks)))  # type: ignore[arg-type]
    return replace(Document("page", "测试企业", "副标题", "zh", sections, "2026-11-26", "草案", "ab12cd34"), **more)  # type: ignore[arg-type]


def viewed(plan: Plan, **more: Any) -> View:
    plan = plan.model_copy(update={"signatures": (), **more})
    return View(plan, plan.plan.language)


def pdf_text(pdf: bytes) -> str:
    """All text of a PDF without blanks; skips where poppler is not installed, and fails there in CI."""
    program = shutil.which("pdftotext")
    if program is None and not os.environ.get("CI"):
        pytest.skip("pdftotext is not installed")
    found = subprocess.run([program or "pdftotext", "-", "-"], input=pdf, capture_output=True, check=True)
    return "".join(found.stdout.decode("utf-8").split())


def docx_text(file: bytes) -> str:
    """All text of the body without blanks."""
    body = docx.Document(io.BytesIO(file)).element.body
    return "".join("".join(part.text or "" for part in body.iter(qn("w:t"))).split())


def squeezed(text: str) -> str:
    return "".join(text.split())
