// What lies under the plan: sea, land, borders, the region and its districts. Names appear where there is room for them.
const PANES = { ground: 210, region: 220, lines: 420, areas: 430, parks: 440, incumbents: 610, homes: 620, firms: 640, names: 660, places: 415 };
for (const [name, height] of Object.entries(PANES)) map.createPane(name).style.zIndex = height;
for (const name of ["names", "places"]) map.getPane(name).style.pointerEvents = "none";
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
  const zoom = map.getZoom(), scale = symbolScale(), taken = [], marks = symbolBoxes(scale);
  const size = map.getSize(), corner = map.containerPointToLayerPoint([0, 0]);
  const touches = (box, others) => others.some((other) => box[0] < other[2] && other[0] < box[2] && box[1] < other[3] && other[1] < box[3]);
  for (const name of names) {
    if (!name.made) {
      name.made = node("span", { class: `name ${name.kind}`, "aria-hidden": "true" }, name.text);
      map.getPane(name.rank === 0 ? "names" : "places").append(name.made);
      name.width = name.made.offsetWidth;
    }
    const spot = map.latLngToLayerPoint(name.at), x = spot.x;
    const inside = x > corner.x - 80 && x < corner.x + size.x + 80 && spot.y > corner.y - 40 && spot.y < corner.y + size.y + 40;
    const boxAt = (y) => [x - name.width / 2 - 3, y, x + name.width / 2 + 3, y + 16];
    const isFree = (y) => !touches(boxAt(y), taken) && !touches(boxAt(y), marks);
    // The name of a place may give way a little; that of a park or city stays under its symbol.
    const tries = name.rank === 0 ? [0] : [0, -15, 15, -30, 30, -45, 45];
    const shift = inside && byLayer.names && name.isShown(zoom) ? tries.find((by) => isFree(spot.y + name.below * scale + by)) : undefined;
    name.made.style.display = shift === undefined ? "none" : "";
    if (shift === undefined) continue;
    const y = spot.y + name.below * scale + shift;
    name.made.style.left = `${x}px`;
    name.made.style.top = `${y}px`;
    taken.push(boxAt(y));
  }
}

// What a name must not cover: the symbols of parks, firms and local firms that are on the map now.
function symbolBoxes(scale) {
  const boxes = [];
  const add = (place, dx, dy, half) => {
    const spot = map.latLngToLayerPoint(place), x = spot.x + dx * scale, y = spot.y + dy * scale;
    boxes.push([x - half, y - half, x + half, y + half]);
  };
  data.parks.forEach((park) => { if (park.at && byLayer.parks) add(park.at, 0, 0, 3 + 3.5 * scale); });
  if (byLayer.firms && !clustered) {
    data.firms.forEach((firm, at) => { if (firmSpots[at] && passes(firm)) add(data.parks[firm.park].at, firm.dx, firm.dy, 6 * scale); });
  }
  if (byLayer.incumbents) data.incumbents.forEach((group) => add(group.at, group.dx, group.dy, 6 * scale));
  return boxes;
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
