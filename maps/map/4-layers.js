// The plan itself: parks, the firms placed there, where they come from, and who is here already.
const byLayer = { parks: true, firms: true, homes: true, incumbents: true, districts: true, names: true };
const parkLayer = L.layerGroup(), lineLayer = L.layerGroup(), homeLayer = L.layerGroup();
// Above a thousand symbols, of firms or of local firms, they are gathered into numbers until one zooms in.
const SHOWN_SINGLY_AT = 11;
const clustered = data.firms.length > data.cluster_above, gathered = data.incumbents.length > data.cluster_above;
function swarms(radius, pane, icon) {
  return L.markerClusterGroup({ chunkedLoading: false, animate: false, showCoverageOnHover: false, spiderfyOnMaxZoom: false,
    maxClusterRadius: radius, disableClusteringAtZoom: SHOWN_SINGLY_AT, clusterPane: pane, iconCreateFunction: (cluster) => L.divIcon(icon(cluster)) });
}
function firmSwarm(cluster) {
  const count = cluster.getChildCount(), size = 24 + 6 * Math.min(3, Math.floor(Math.log10(count) * 2));
  return { className: "swarm", html: String(count), iconSize: [size, size] };
}
// Beside its point, like the symbol of a park's local firms: what the point itself stands for stays in sight.
function incumbentSwarm(cluster) {
  const count = cluster.getAllChildMarkers().reduce((sum, made) => sum + made.options.firms, 0), width = 22 + 7 * String(count).length;
  return { className: "swarm local", html: `<span>${incumbentSymbol(11)} ${count}</span>`, iconSize: [width, 18], iconAnchor: [width + 2, -4] };
}
const firmLayer = clustered ? swarms(46, "firms", firmSwarm) : L.layerGroup();
const incumbentLayer = gathered ? swarms(80, "incumbents", incumbentSwarm) : L.layerGroup();
function fill(layer, inSwarms, shown) {
  layer.clearLayers();
  if (inSwarms) layer.addLayers(shown); else shown.forEach((made) => made.addTo(layer));
}

// A symbol of no size of its own: the drawing hangs from the point, shifted by its place in the ring.
const SpotIcon = L.DivIcon.extend({
  createIcon(old) {
    const made = L.DivIcon.prototype.createIcon.call(this, old);
    made.style.setProperty("--dx", `${this.options.dx || 0}px`);
    made.style.setProperty("--dy", `${this.options.dy || 0}px`);
    made.setAttribute("aria-label", this.options.label);
    return made;
  },
});
function spot(place, markup, kind, label, pane, dx, dy) {
  const icon = new SpotIcon({ className: `spot ${kind}`, html: `<div class="mark">${markup}</div>`, iconSize: [0, 0], label, dx, dy });
  return L.marker(place, { icon, pane, title: label, keyboard: true, riseOnHover: true });
}
// Room for the buttons and the north arrow beside an open popup; on a narrow screen only above it.
const narrow = window.matchMedia("(max-width: 760px)").matches;
const POPUP = { maxWidth: 360, minWidth: 120, autoPanPaddingTopLeft: narrow ? [8, 64] : [74, 14], autoPanPaddingBottomRight: narrow ? [8, 8] : [60, 14] };
function bindCard(layer, make, dx, dy) {
  const popup = L.popup(POPUP);
  layer.bindPopup(popup);
  popup.setContent(() => {
    const scale = symbolScale();
    popup.options.offset = L.point((dx || 0) * scale, (dy || 0) * scale - 5);
    return make();
  });
}
function textTip(layer, text) {
  layer.bindTooltip(node("span", {}, text), { direction: "top", offset: [0, -6] });
}
// Areas and circles are reachable by keyboard like the symbols are.
function reachable(layer, label) {
  layer.on("add", () => {
    const path = layer.getElement();
    if (!path) return;
    path.setAttribute("tabindex", "0");
    path.setAttribute("role", "button");
    path.setAttribute("aria-label", label);
    path.addEventListener("keydown", (event) => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); layer.openPopup(); } });
  });
}

const parkAreas = [];
const parkSpots = data.parks.map((park, index) => {
  if (!park.at) return null;
  const empty = park.level === 0;
  const style = { color: empty ? "#8496a6" : "#1b3b57", weight: 1.2, fillColor: parkColour(park), fillOpacity: 1,
    dashArray: data.classes[park.level].dashed ? "2 2" : null };
  if (park.area) {
    const area = L.geoJSON(park.area, { style: { ...style, weight: 1, renderer: renderers.areas, pane: "areas" } });
    bindCard(area, () => parkCard(index));
    textTip(area, park.name);
    area.addTo(parkLayer);
    parkAreas.push(area);
  }
  const label = say(words.park_label, { name: park.name, level: data.classes[park.level].name });
  const made = L.circleMarker(park.at, { ...style, radius: 7, renderer: renderers.parks, pane: "parks" });
  bindCard(made, () => parkCard(index));
  textTip(made, park.name);
  reachable(made, label);
  made.addTo(parkLayer);
  addName(park.at, park.name, "park", 0, 9, (zoom) => byLayer.parks && (data.parks.length <= 40 || zoom >= homeZoom + 0.8));
  return made;
});
// An area that is hardly larger than the park's circle would only look like a smudge behind it.
map.on("zoomend", () => parkAreas.forEach((area) => {
  const bounds = area.getBounds();
  const size = map.latLngToLayerPoint(bounds.getSouthEast()).distanceTo(map.latLngToLayerPoint(bounds.getNorthWest()));
  area.setStyle(size > 30 ? { opacity: 1, fillOpacity: 0.85 } : { opacity: 0, fillOpacity: 0 });
}));
map.on("zoomend", () => parkSpots.forEach((made, at) => made && made.setRadius((4 + 3.5 * symbolScale()) * (data.parks[at].level === 0 ? 0.75 : 1))));

const firmSpots = data.firms.map((firm, index) => {
  if (firm.park === null || !data.parks[firm.park].at) return null;
  const made = spot(data.parks[firm.park].at, chainSymbol(firm.chain, 16), "firm", firm.name, "firms", firm.dx, firm.dy);
  bindCard(made, () => firmCard(index), firm.dx, firm.dy);
  made.on("popupopen", () => { chosen = index; drawLines(); });
  made.on("popupclose", () => { chosen = null; drawLines(); });
  return made;
});
let chosen = null;

function passes(firm) {
  return shownChains.has(firm.chain) && (firm.quarter === null || shownQuarters.has(firm.quarter));
}
const shownChains = new Set(data.chains.map((chain, at) => at));
const shownQuarters = new Set(data.quarters.map((quarter, at) => at));

function drawFirms() {
  fill(firmLayer, clustered, byLayer.firms ? firmSpots.filter((made, at) => made && passes(data.firms[at])) : []);
}

// A gentle arc, always bent the same way, so that lines there and back do not cover each other.
function arc(from, to) {
  const [y1, x1] = from, [y2, x2] = to, points = [];
  const bendX = (x1 + x2) / 2 - (y2 - y1) * 0.14, bendY = (y1 + y2) / 2 + (x2 - x1) * 0.14;
  for (let step = 0; step <= 20; step += 1) {
    const t = step / 20, a = (1 - t) * (1 - t), b = 2 * t * (1 - t), c = t * t;
    points.push([a * y1 + b * bendY + c * y2, a * x1 + b * bendX + c * x2]);
  }
  return points;
}

function drawLines() {
  lineLayer.clearLayers();
  if (!byLayer.homes || !byLayer.firms) return;
  const together = new Map();
  data.firms.forEach((firm, at) => {
    if (firm.home === null || !firmSpots[at] || !passes(firm)) return;
    const key = `${firm.home}:${firm.park}`;
    together.set(key, [...(together.get(key) || []), at]);
  });
  const alpha = together.size > 400 ? 0.12 : together.size > 80 ? 0.18 : 0.4;
  for (const members of together.values()) {
    const { home, park } = data.firms[members[0]], lit = members.includes(chosen);
    L.polyline(arc(data.homes[home].at, data.parks[park].at), {
      color: lit ? "#c8501e" : data.palette.line, weight: lit ? 2.4 : 0.8 + Math.log2(1 + members.length) * 0.5,
      opacity: lit ? 0.95 : alpha, interactive: false, renderer: renderers.lines, pane: "lines",
    }).addTo(lineLayer);
  }
}

function drawHomes() {
  homeLayer.clearLayers();
  if (!byLayer.homes || !byLayer.firms) return;
  data.homes.forEach((home, index) => {
    const shown = data.firms.map((firm, at) => at).filter((at) => data.firms[at].home === index && passes(data.firms[at]));
    home.count = shown.length;
    if (shown.length === 0) return;
    const label = say(words.home_label, { name: home.name, n: shown.length });
    const made = spot(home.at, String(shown.length), "home", label, "homes");
    made.on("add", () => {
      const mark = made.getElement().querySelector(".mark"), size = 17 + Math.min(14, Math.sqrt(shown.length) * 3);
      mark.style.width = mark.style.height = `${size}px`;
    });
    bindCard(made, () => homeCard(home, shown));
    made.addTo(homeLayer);
  });
}
data.homes.forEach((home) => addName(home.at, home.name, "home", 0, 10, () => byLayer.homes && byLayer.firms && home.count > 0));

const incumbentSpots = data.incumbents.map((group) => {
  const label = group.firms.length === 1 ? group.firms[0].name : say(words.incumbents_here, { n: group.firms.length });
  const made = spot(group.at, incumbentSymbol(15), "incumbent", label, "incumbents", group.dx, group.dy);
  made.options.firms = group.firms.length;
  bindCard(made, () => incumbentCard(group), group.dx, group.dy);
  return made;
});
function drawIncumbents() {
  const isShown = (group) => group.firms.some((firm) => firm.chain === null || shownChains.has(firm.chain));
  fill(incumbentLayer, gathered, byLayer.incumbents ? incumbentSpots.filter((made, at) => isShown(data.incumbents[at])) : []);
}
data.ground.names.forEach(([place, text, kind]) => addName(place, text, kind, 1, 0,
  (zoom) => byLayer.districts && (kind !== "district" || data.ground.cities === 0 || zoom >= homeZoom + 1.6)));
