// Names: the more important first; one that would touch another, a symbol or a button waits until there is room.
const names = [];
const LINE = 1.36;
// ``places``: where the name of an area may have its middle, all within it; a park or a home city has one, and its name stands about it.
function addName(places, text, kind, rank, below, isShown) {
  names.push({ places: places.map((place) => L.latLng(place)), text, kind, rank, below, isShown, made: null, width: 0, height: 0 });
}
const touches = (box, others) => others.some((other) => box[0] < other[2] && other[0] < box[2] && box[1] < other[3] && other[1] < box[3]);

function layNames() {
  const zoom = map.getZoom(), scale = symbolScale(), taken = [...controlBoxes(), ...symbolBoxes(scale)];
  const size = map.getSize(), corner = map.containerPointToLayerPoint([0, 0]);
  // What a name takes is measured before anything is moved: reading and writing in turn would lay the page out for each name.
  for (const name of names) {
    if (name.made) continue;
    name.made = node("span", { class: `name ${name.kind}`, "aria-hidden": "true" }, name.text);
    map.getPane(name.rank === 0 ? "names" : "places").append(name.made);
  }
  for (const name of names) if (!name.width) { name.width = name.made.offsetWidth; name.height = name.made.offsetHeight || 16; }
  for (const name of names) {
    const spots = name.places.map((place) => map.latLngToLayerPoint(place)), spot = spots[0], half = name.width / 2, high = name.height;
    const inside = spot.x > corner.x - 80 && spot.x < corner.x + size.x + 80 && spot.y > corner.y - 40 && spot.y < corner.y + size.y + 40;
    // Rings of firms shrink with the scale, the circles of home cities do not.
    const gap = typeof name.below === "function" ? name.below() : name.below * scale;
    const low = spot.y + gap, beside = half + 5 + gap, up = -high - 2 * gap;
    const boxAt = ([dx, dy]) => [spot.x + dx - half - 2, low + dy, spot.x + dx + half + 2, low + dy + high];
    // The name of a park or home city stays below, beside or above its symbol, that of an area within it.
    const tries = name.rank === 0
      ? [[0, 0], [0, 0.85 * high], [beside, -high / 2 - gap], [-beside, -high / 2 - gap], [-half, 0.85 * high], [half, 0.85 * high], [0, up], [half, up], [-half, up]]
      : spots.map((other) => [other.x - spot.x, other.y - spot.y - high / 2]);
    const by = inside && byLayer.names && name.isShown(zoom) ? tries.find((one) => !touches(boxAt(one), taken)) : undefined;
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
    boxes.push([x - half, y - half, x + half, y + half]);
  };
  if (byLayer.parks) data.parks.forEach((park) => park.at && boxAround(park.at, 3 + 3.5 * scale));
  if (byLayer.firms && !clustered) {
    data.firms.forEach((firm, at) => firmSpots[at] && passes(firm)
      && boxAround(data.parks[firm.park].at, sizeOf(firm.size) * 0.4 * scale, firm.dx, firm.dy));
  }
  if (byLayer.homes && byLayer.firms) data.homes.forEach((home) => home.count && boxAround(home.at, homeSize(home.count) / 2));
  if (byLayer.incumbents && !gathered) data.incumbents.forEach((group) => groupPasses(group) && boxAround(group.at, 6 * scale, group.dx, group.dy));
  if (byLayer.route) data.route.forEach((stop) => boxAround(stop.at, 12));
  return [...boxes, ...pageBoxes(".swarm, .badge .mark")];
}
// The boxes of things that stand on the map's pane, or over it, in the coordinates of its layers.
function pageBoxes(selector, root) {
  const frame = map.getContainer().getBoundingClientRect();
  return [...(root || map.getContainer()).querySelectorAll(selector)].map((thing) => {
    const box = thing.getBoundingClientRect(), spot = map.containerPointToLayerPoint([box.left - frame.left, box.top - frame.top]);
    return [spot.x, spot.y, spot.x + box.width, spot.y + box.height];
  }).filter((box) => box[2] > box[0]);
}
function controlBoxes() {
  return pageBoxes(".leaflet-control, #north, #time", byId("stage"));
}

// Symbols shrink when many parks share the screen, so that rings of firms do not run into each other.
function fitSymbols() {
  map.getContainer().style.setProperty("--k", String(symbolScale()));
  layNames();
}
function symbolScale() {
  const away = map.getZoom() - (homeZoom ?? map.getZoom());
  const crowd = data.parks.length > 40 ? 0.62 : data.parks.length > 15 ? 0.8 : 1;
  return screenScale() * Math.max(0.5, Math.min(1.15, crowd * Math.pow(1.32, away)));
}
// Letters and symbols are larger on a wall; asked for once each time the screen or the paper changes.
let onScreen = null;
function screenScale() {
  onScreen = onScreen ?? parseFloat(getComputedStyle(document.documentElement).fontSize) / 13;
  return onScreen;
}
let homeZoom = null;
