// What lies under the plan: sea, land, borders, the region and its districts. Names appear where there is room for them.
const PANES = { ground: 210, region: 220, lines: 420, areas: 430, parks: 440, incumbents: 610, homes: 620, firms: 640, changes: 650, names: 660, places: 415 };
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
  near: { color: shades.city, weight: 0.8, fill: true, fillColor: shades.region, fillOpacity: 1 },
  district: { color: shades.district, weight: 0.7, fill: false },
};
const ORDER = ["country", "province", "near", "border", "region", "district", "city"];

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
    const spot = map.latLngToLayerPoint(name.at);
    const inside = spot.x > corner.x - 80 && spot.x < corner.x + size.x + 80 && spot.y > corner.y - 40 && spot.y < corner.y + size.y + 40;
    // Rings of firms shrink with the scale, the circles of home cities do not.
    const gap = name.below * (name.kind === "home" ? 1 : scale);
    const low = spot.y + gap, beside = name.width / 2 + 5 + gap;
    const boxAt = ([dx, dy]) => [spot.x + dx - name.width / 2 - 2, low + dy, spot.x + dx + name.width / 2 + 2, low + dy + 16];
    const isFree = (by) => !touches(boxAt(by), taken) && !touches(boxAt(by), marks);
    // The name of a park or home city stays below or beside its symbol; that of a district may give way a little more.
    const tries = name.rank === 0
      ? [[0, 0], [0, 13], [beside, -8 - gap], [-beside, -8 - gap], [-name.width / 2, 13], [name.width / 2, 13]]
      : [0, -15, 15, -30, 30, -45, 45].map((dy) => [0, dy]);
    const by = inside && byLayer.names && name.isShown(zoom) ? tries.find(isFree) : undefined;
    name.made.style.display = by === undefined ? "none" : "";
    if (by === undefined) continue;
    name.made.style.left = `${spot.x + by[0]}px`;
    name.made.style.top = `${low + by[1]}px`;
    taken.push(boxAt(by));
  }
}

// What a name must not cover: the symbols of parks, firms and local firms, and their swarms, that are on the map now.
function symbolBoxes(scale) {
  const boxes = [];
  const boxAround = (place, half, dx = 0, dy = 0) => {
    const spot = map.latLngToLayerPoint(place), x = spot.x + dx * scale, y = spot.y + dy * scale;
    return [x - half, y - half, x + half, y + half];
  };
  data.parks.forEach((park) => { if (park.at && byLayer.parks) boxes.push(boxAround(park.at, 3 + 3.5 * scale)); });
  if (byLayer.firms && !clustered) {
    data.firms.forEach((firm, at) => { if (firmSpots[at] && passes(firm)) boxes.push(boxAround(data.parks[firm.park].at, 6 * scale, firm.dx, firm.dy)); });
  }
  if (byLayer.homes && byLayer.firms) data.homes.forEach((home) => { if (home.count) boxes.push(boxAround(home.at, 9)); });
  if (byLayer.incumbents && !gathered) data.incumbents.forEach((group) => boxes.push(boxAround(group.at, 6 * scale, group.dx, group.dy)));
  const frame = map.getContainer().getBoundingClientRect();
  map.getContainer().querySelectorAll(".swarm").forEach((swarm) => {
    const box = swarm.getBoundingClientRect(), spot = map.containerPointToLayerPoint([box.left - frame.left, box.top - frame.top]);
    boxes.push([spot.x, spot.y, spot.x + box.width, spot.y + box.height]);
  });
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
