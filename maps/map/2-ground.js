// What lies under the plan: sea, land, borders, the region and its districts. Names appear where there is room for them.
const PANES = { ground: 210, region: 220, lines: 420, areas: 430, parks: 440, incumbents: 610, homes: 620, firms: 640, names: 660 };
for (const [name, height] of Object.entries(PANES)) map.createPane(name).style.zIndex = height;
map.getPane("names").style.pointerEvents = "none";
map.getContainer().style.background = data.palette.ground.sea;
const renderers = {};
for (const name of ["ground", "region", "lines", "areas", "parks"]) renderers[name] = L.svg({ pane: name, padding: 0.6 });

const shades = data.palette.ground;
const GROUND = {
  country: { color: shades.border, weight: 0.8, fill: true, fillColor: shades.land, fillOpacity: 1 },
  province: { color: shades.province, weight: 0.8, fill: false },
  border: { color: shades.border, weight: 1.1, fill: false },
  region: { color: shades.outline, weight: 1.9, fill: true, fillColor: shades.region, fillOpacity: 1 },
  city: { color: shades.city, weight: 1, fill: false },
  district: { color: shades.district, weight: 0.7, fill: false },
};
const ORDER = ["country", "province", "border", "region", "district", "city"];

function draw(features, pane) {
  const group = L.layerGroup();
  for (const layer of ORDER) {
    const of = features.filter((feature) => feature.properties.layer === layer);
    if (of.length === 0) continue;
    const areas = layer === "region" || layer === "country";
    L.geoJSON({ type: "FeatureCollection", features: of }, {
      style: { ...GROUND[layer], renderer: renderers[pane], interactive: false, pane },
    }).addTo(group);
    // The region's outline lies over the lines inside it, its fill below them.
    if (areas && layer === "region") outline = of;
  }
  if (pane === "region" && outline) {
    L.geoJSON({ type: "FeatureCollection", features: outline }, {
      style: { ...GROUND.region, fill: false, renderer: renderers[pane], interactive: false, pane },
    }).addTo(group);
  }
  return group;
}
let outline = null;
draw(data.ground.country, "ground").addTo(map);
const regionLayer = draw(data.ground.region, "region").addTo(map);

// Names: the more important first; one that would touch another waits until there is room.
const names = [];
function addName(place, text, kind, rank, below, isShown) {
  names.push({ at: L.latLng(place), text, kind, rank, below, isShown, made: null, width: 0 });
}
function layNames() {
  const pane = map.getPane("names"), zoom = map.getZoom(), taken = [];
  const size = map.getSize(), corner = map.containerPointToLayerPoint([0, 0]);
  const scale = Number(getComputedStyle(map.getContainer()).getPropertyValue("--k")) || 1;
  for (const name of names) {
    if (!name.made) {
      name.made = node("span", { class: `name ${name.kind}`, "aria-hidden": "true" }, name.text);
      pane.append(name.made);
      name.width = name.made.offsetWidth;
    }
    const spot = map.latLngToLayerPoint(name.at), x = spot.x, y = spot.y + name.below * scale;
    const box = [x - name.width / 2 - 3, y - 1, x + name.width / 2 + 3, y + 17];
    const inside = x > corner.x - 80 && x < corner.x + size.x + 80 && y > corner.y - 40 && y < corner.y + size.y + 40;
    const free = inside && byLayer.names !== false && name.isShown(zoom) &&
      !taken.some((other) => box[0] < other[2] && other[0] < box[2] && box[1] < other[3] && other[1] < box[3]);
    name.made.style.display = free ? "" : "none";
    if (!free) continue;
    name.made.style.left = `${x}px`;
    name.made.style.top = `${y}px`;
    taken.push(box);
  }
}

// Symbols shrink when many parks share the screen, so that rings of firms do not run into each other.
function fitSymbols() {
  map.getContainer().style.setProperty("--k", String(symbolScale()));
  layNames();
}
function symbolScale() {
  const away = map.getZoom() - (homeZoom ?? map.getZoom());
  const crowd = data.parks.length > 40 ? 0.62 : data.parks.length > 15 ? 0.8 : 1;
  return Math.max(0.5, Math.min(1.15, crowd * Math.pow(1.32, away)));
}
let homeZoom = null;
