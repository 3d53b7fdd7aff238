"""The page on the architecture says what is so, and the house keeps its own rules of size."""

from __future__ import annotations

import ast
import pkgutil
import re
import tomllib
from collections.abc import Container
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from planner.settings.outputs import MODULES, OUTPUTS

ROOT = Path(__file__).parents[1]
CODE = ROOT / "planner"
LONGEST, WIDEST = 400, 25
"""Lines of a file, files of a folder."""


def layers() -> list[str]:
    """Names of the layers of the import contract, from the top."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contract = next(one for one in settings["tool"]["importlinter"]["contracts"] if one["type"] == "layers")
    return [name.strip().removeprefix("planner.") for line in contract["layers"] for name in line.split(":")]


def told() -> list[str]:
    """Names in the page's table of packages, in its order."""
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    rows = page.partition("| package |")[2].partition("\n\n")[0].splitlines()[2:]
    return [name.rstrip("/") for row in rows for name in re.findall(r"`([a-z_]+/?)`", row.split("|")[1])]


def test_the_page_has_every_package_in_the_order_of_the_contract() -> None:
    assert told() == layers()


def test_every_package_is_a_layer() -> None:
    packages = {path.name for path in CODE.iterdir() if (path / "__init__.py").exists()}
    assert packages <= set(layers())


def test_no_file_is_longer_and_no_folder_wider_than_one_can_oversee() -> None:
    long = {path.name: size for path in CODE.rglob("*.py") if (size := len(path.read_text("utf-8").splitlines())) > LONGEST}
    wide = {path.name: size for path in CODE.rglob("*") if path.is_dir() and (size := len(list(path.glob("*.py")))) > WIDEST}
    assert (long, wide) == ({}, {})


def test_no_code_tells_the_formatter_to_stay_away() -> None:
    assert not [path for path in CODE.rglob("*.py") if re.search(r"# fmt: (skip|off)", path.read_text("utf-8"))]


def test_every_file_of_code_that_a_page_names_is_there() -> None:
    """By its path, or its end; examples in the guide for those who come new are none."""
    files = [
        f"/{path.relative_to(ROOT).as_posix()}"
        for folder in ("planner", "tests", "benchmarks")
        for path in (ROOT / folder).rglob("*.py")
    ]
    pages = [*ROOT.glob("README*.md"), *(ROOT / "docs").glob("*.md"), ROOT / "models" / "FORMULATION.md"]
    lost = {
        (page.name, name)
        for page in pages
        for name in re.findall(r"`([\w/]+\.py)`", page.read_text("utf-8"))
        if not any(file.endswith(f"/{name}") for file in files)
    }
    assert lost == set()


def test_whatever_a_docstring_refers_to_is_there() -> None:
    lost = set()
    for path in CODE.rglob("*.py"):
        for kind, name in re.findall(r":(mod|class|func|meth|data|attr):`~?(planner\.[\w.]+)`", path.read_text("utf-8")):
            owner, _, last = name.rpartition(".")
            try:
                if kind != "attr" or last not in pkgutil.resolve_name(owner).__annotations__:
                    pkgutil.resolve_name(name)
            except (ImportError, AttributeError):
                lost.add((path.relative_to(CODE).as_posix(), kind, name))
    assert lost == set()


def imports_of(path: Path, modules: Container[str]) -> set[str]:
    """Modules of ours that a file imports when it is loaded or run, and for types alone too, and those named in a string."""
    found: set[str] = set()
    left: list[ast.AST] = [ast.parse(path.read_text(encoding="utf-8"))]
    while left:
        node = left.pop()
        left += ast.iter_child_nodes(node)
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            inner = {f"{node.module}.{name.name}" for name in node.names}
            found |= {name if name in modules else node.module for name in inner}
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.startswith("planner."):
            found |= {node.value, f"{node.value}.ask", f"{node.value}.command", f"{node.value}.sheet"}
    return found


def test_no_circle_of_modules_not_even_by_name() -> None:
    names = {}
    for path in CODE.rglob("*.py"):
        parts = path.relative_to(ROOT).with_suffix("").parts
        names[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    graph = {name: (imports_of(path, names) & names.keys()) - {name} for name, path in names.items()}
    for output in OUTPUTS:  # written by name
        graph["planner.publish.run_folder"].add(f"planner.publish.{MODULES.get(output, output)}")
    try:
        order = list(TopologicalSorter(graph).static_order())
    except CycleError as circle:
        raise AssertionError(" → ".join(circle.args[1])) from None
    assert len(order) == len(graph)
