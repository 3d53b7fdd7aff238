"""Write the tables of the shipped demo, ``data/demo/data``: ``python -m benchmarks.make_demo``.

Pure and seeded: the same bytes every time on one machine, the same content everywhere. ``plan.yaml`` and the README beside
the tables are written by hand and left alone. With ``--sums`` it also prints what candidates ask against what there is.
"""

from __future__ import annotations

import argparse
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from benchmarks.demo import ground, offers, office, outlook, projects, tables
from benchmarks.demo.firms import SOURCE

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

SEED = 2027
FOLDER = Path(__file__).resolve().parent.parent / "data" / "demo" / "data"
WRITTEN = datetime(2026, 12, 1)
"""The date inside workbooks and GeoPackages, fixed so that a rewrite changes nothing."""


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--out", type=Path, default=FOLDER, help="folder to write to (default: data/demo/data)")
    parser.add_argument("--sums", action="store_true", help="print demand against capacity")
    arguments = parser.parse_args()
    write_demo(arguments.out)
    if arguments.sums:
        print(sums().to_string())


def write_demo(folder: Path, seed: int = SEED) -> None:
    """Write every table of the demo into ``folder``, replacing those of an earlier run."""
    folder.mkdir(parents=True, exist_ok=True)
    candidates = projects.candidates(seed)
    here = tables.incumbents(seed)
    for name, table in (
        ("产业链", tables.chains(here)),
        ("环节", tables.links()),
        ("供需关系", tables.link_edges()),
        ("本地企业", here),
        ("选址选项", tables.site_options()),
        ("分期能力", tables.capacities(candidates)),
        ("责任人", office.people()),
        ("日历", office.days()),
        ("目标", office.targets()),
        ("政策", offers.policies()),
        ("运价", offers.freight()),
        ("里程", offers.distances()),
        ("技术", outlook.technologies()),
        ("应用", outlook.applications()),
    ):
        table.to_csv(folder / f"{name}.csv", index=False, encoding="utf-8-sig", lineterminator="\n")
    write_workbook(folder / "客商库.xlsx", {"客商库": candidates})
    write_workbook(folder / "资金与专班.xlsx", {"资金": tables.funds(candidates), "专班": tables.teams(candidates)})
    city, counties = ground.counties(seed)
    outlines = {park.park_id: ground.outline(park, seed) for park in ground.PARKS}
    outside = [park.name for park in ground.PARKS if not counties[park.county].contains(outlines[park.park_id])]
    if outside:
        raise ValueError(f"outside their county: {outside}")
    attributes, shapes = tables.parks(candidates, outlines)
    write_layers(folder / "园区.gpkg", {"园区": (attributes, shapes)})
    names = pd.DataFrame([{"name": county.name, "name_en": county.name_en, "source": SOURCE} for county in ground.COUNTIES])
    whole = pd.DataFrame([{"name": "示例市", "name_en": "Shili City", "source": SOURCE}])
    write_layers(folder / "边界.gpkg", {"市界": (whole, [city]), "县界": (names, [counties[name] for name in names["name"]])})


def write_workbook(path: Path, sheets: dict[str, pd.DataFrame]) -> None:
    """Sheets as a bureau keeps them: a coloured, frozen header, filters, widths that fit, whole cells."""
    import xlsxwriter

    with xlsxwriter.Workbook(path) as book:
        book.set_properties({"title": f"{SOURCE}：{path.stem}", "created": WRITTEN})
        head = book.add_format(
            {
                "bold": True,
                "bg_color": "#1F4E79",
                "font_color": "white",
                "text_wrap": True,
                "align": "center",
                "valign": "vcenter",
                "border": 1,
            }
        )
        for name, table in sheets.items():
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 2)
            sheet.set_row(0, 34, head)
            for column, header in enumerate(table.columns):
                values = [value if pd.notna(value) else None for value in table[header].tolist()]
                sheet.write_string(0, column, header, head)
                for row, value in enumerate(values, start=1):
                    if value is not None:
                        sheet.write(row, column, value)
                sheet.set_column(column, column, _width([header[: len(header) // 2 + 1], *map(str, values)]))
            sheet.autofilter(0, 0, len(table), len(table.columns) - 1)
            sheet.set_landscape()
            sheet.fit_to_pages(1, 0)
            sheet.repeat_rows(0)


def _width(texts: list[str]) -> float:
    """Character widths, Chinese counted double, within reason."""
    longest = max(sum(2 if ord(letter) > 255 else 1 for letter in text) for text in texts)
    return float(min(max(longest + 2, 8), 44))


def write_layers(path: Path, layers: dict[str, tuple[pd.DataFrame, list[Any]]]) -> None:
    """Layers of a GeoPackage in :data:`~benchmarks.demo.ground.CRS`."""
    import geopandas
    import pyogrio

    path.unlink(missing_ok=True)
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": WRITTEN.strftime("%Y-%m-%dT%H:%M:%S.000Z")})
    shapes: list[BaseGeometry]
    for name, (table, shapes) in layers.items():
        frame = geopandas.GeoDataFrame(table, geometry=shapes, crs=ground.CRS)
        pyogrio.write_dataframe(frame, path, layer=name, driver="GPKG", append=path.exists())
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})


def sums(seed: int = SEED) -> pd.DataFrame:
    """Demand against capacity for each limit, in the unit of its header."""
    candidates = projects.candidates(seed)
    rows = [
        {"limit": header, "asked": tables.asked(candidates, header).sum(), "there is": tables.available(candidates, header)}
        for header in tables.TIGHT
    ]
    return pd.DataFrame(rows).assign(share=lambda frame: frame["there is"] / frame["asked"]).round(2)


if __name__ == "__main__":
    main()
