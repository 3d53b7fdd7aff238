// The plan itself: parks, and the firms placed there. What is opened is chosen: on the map, in the lists and among the lines alike.
const byLayer = { ...(heat_given() ? { heat: true } : {}), parks: true, firms: true, homes: true, incumbents: true, districts: true, names: true };
function heat_given() { return Boolean(data.heat && data.heat.rows.length); }
const parkLayer = L.layerGroup();
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
const firmLayer = clustered ? swarms(46, "firms", firmSwarm) : L.layerGroup();
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

let chosen = null; // kind and position of what is open
function isChosen(kind, at) { return chosen !== null && chosen[0] === kind && chosen[1] === at; }
function setChosen(subject) {
  chosen = subject;
  markChosen();
  drawLines();
}
function markChosen() {
  document.querySelectorAll(".spot.chosen, path.chosen").forEach((mark) => mark.classList.remove("chosen"));
  const made = chosen && { firm: firmSpots, park: parkSpots, stop: stopSpots }[chosen[0]]?.[chosen[1]];
  const element = made && made.getElement && made.getElement();
  if (element) element.classList.add("chosen");
  markRows();
}

// Room for the buttons and the north arrow beside an open popup; on a narrow screen only above it.
const narrow = window.matchMedia("(max-width: 760px)").matches;
const POPUP = { maxWidth: 380, minWidth: 120, autoPanPaddingTopLeft: narrow ? [8, 64] : [74, 14], autoPanPaddingBottomRight: narrow ? [8, 96] : [60, 96] };
function bindCard(layer, make, dx, dy, subject) {
  const popup = L.popup(POPUP);
  layer.bindPopup(popup);
  popup.setContent(() => {
    const scale = symbolScale();
    popup.options.offset = L.point((dx || 0) * scale, (dy || 0) * scale - 5);
    return make();
  });
  if (subject) layer.on("popupopen", () => setChosen(subject)).on("popupclose", () => setChosen(null));
}
function textTip(layer, text) {
  layer.bindTooltip(node("span", {}, text), { direction: "top", offset: [0, -6], className: "tip" });
}
// Areas and circles are reachable by keyboard like the symbols are.
function reachable(layer, label) {
  layer.on("add", () => {
    const path = layer.getElement();
    if (!path) return;
    path.setAttribute("tabindex", "0");
    path.setAttribute("role", "button");
    path.setAttribute("aria-label", label());
    path.addEventListener("keydown", (event) => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); layer.openPopup(); } });
  });
}

const parkAreas = [];
const parkLabel = (park) => say(words.park_label, { name: park.name, level: levelOf(park).name });
const parkSpots = data.parks.map((park, index) => {
  if (!park.at) return null;
  if (park.area) {
    const area = drawn([{ type: "Feature", geometry: park.area, properties: {} }], "park-area", "areas", { interactive: true });
    bindCard(area, () => parkCard(index), 0, 0, ["park", index]);
    textTip(area, park.name);
    area.addTo(parkLayer);
    parkAreas.push([area, park]);
  }
  const made = L.circleMarker(park.at, { radius: 7, className: "park-mark", renderer: renderers.parks, pane: "parks" });
  bindCard(made, () => parkCard(index), 0, 0, ["park", index]);
  textTip(made, park.name);
  reachable(made, () => parkLabel(park));
  made.addTo(parkLayer);
  addName([park.at], park.name, "park", 0, 9, (zoom) => byLayer.parks && (data.parks.length <= 40 || zoom >= homeZoom + 0.8));
  return made;
});
function parkStyle(park) {
  const level = levelOf(park);
  return { fillColor: level.colour, fillOpacity: 1, weight: 1.2, dashArray: level.dashed ? "2 2" : null };
}
function drawParks() {
  parkSpots.forEach((made, at) => {
    if (!made) return;
    const park = data.parks[at];
    made.setStyle(parkStyle(park));
    made.setRadius((4 + 3.5 * symbolScale()) * (atStep(park.levels) === 0 && !isHandout ? 0.75 : 1));
    if (made.getElement()) made.getElement().setAttribute("aria-label", parkLabel(park));
  });
  // An area that is hardly larger than the park's circle would only look like a smudge behind it.
  parkAreas.forEach(([area, park]) => {
    const bounds = area.getBounds();
    const size = map.latLngToLayerPoint(bounds.getSouthEast()).distanceTo(map.latLngToLayerPoint(bounds.getNorthWest()));
    const shown = size > 30 ? 1 : 0;
    area.setStyle({ ...parkStyle(park), weight: 1, opacity: shown, fillOpacity: 0.85 * shown });
  });
}

const firmSpots = data.firms.map((firm, index) => {
  if (firm.park === null || !data.parks[firm.park].at) return null;
  const made = spot(data.parks[firm.park].at, chainSymbol(firm.chain, sizeOf(firm.size).toFixed(1)), "firm", firm.name, "firms", firm.dx, firm.dy);
  bindCard(made, () => firmCard(index), firm.dx, firm.dy, ["firm", index]);
  return made;
});
function drawFirms() {
  fill(firmLayer, clustered, byLayer.firms ? firmSpots.filter((made, at) => made && passes(data.firms[at])) : []);
}
