// First view, the buttons that lead back to it, and paper.
const regionBounds = data.ground.bounds ? L.latLngBounds(data.ground.bounds) : map.getBounds();
// The whole country is always shown whole, with the South China Sea, and with home cities abroad.
function wholeBounds() {
  const whole = L.geoJSON({ type: "FeatureCollection", features: data.ground.country }).getBounds();
  return data.homes.reduce((bounds, home) => bounds.extend(home.at), whole);
}
let atRegion = null;
function viewRegion() {
  map.fitBounds(regionBounds, { padding: [22, 22], animate: false });
  atRegion = { zoom: map.getZoom(), centre: map.getCenter() };
}
function isAtRegion() { return atRegion && map.getZoom() === atRegion.zoom && map.getCenter().distanceTo(atRegion.centre) < 1; }
function viewWhole() {
  map.closePopup();
  map.fitBounds(wholeBounds(), { padding: [14, 14], animate: false });
}

const Views = L.Control.extend({
  onAdd() {
    const bar = node("div", { class: "leaflet-bar" },
      node("button", { type: "button", click: () => { map.closePopup(); viewRegion(); } }, words.view_region),
      node("button", { type: "button", click: viewWhole }, words.view_whole));
    L.DomEvent.disableClickPropagation(bar);
    return bar;
  },
});
const corner = narrow ? "bottomright" : "topleft";
L.control.zoom({ position: corner, zoomInTitle: words.zoom_in, zoomOutTitle: words.zoom_out }).addTo(map);
new Views({ position: corner }).addTo(map);
L.control.scale({ imperial: false, metric: true, maxWidth: 130, position: "bottomleft" }).addTo(map);
map.getContainer().setAttribute("aria-label", words.map_label);
map.getContainer().style.setProperty("--home", data.palette.home);

viewRegion();
homeZoom = map.getZoom();
map.on("zoomend", fitSymbols);
map.on("moveend resize", layNames);
fitSymbols();
refresh();
map.fire("zoomend");

// Paper: the page takes its printed size first, so that the map is laid out for it and not for the window.
let before = null, wasAtRegion = false, folded = [];
function setPaper(size) {
  byId("paper").textContent = `@page { size: ${size} landscape; margin: 8mm; }`;
  document.body.classList.toggle("a3", size === "A3");
}
function toPaper() {
  if (before) return;
  before = map.getBounds();
  wasAtRegion = isAtRegion();
  folded = [...document.querySelectorAll("details[data-short]:not([open])")];
  folded.forEach((note) => { note.open = true; });
  document.body.classList.add("printing");
  layOut();
}
function toScreen() {
  if (!before) return;
  document.body.classList.remove("printing");
  folded.forEach((note) => { note.open = false; });
  layOut();
  before = null;
}
function layOut() {
  map.invalidateSize({ animate: false, pan: false });
  if (wasAtRegion) viewRegion(); else map.fitBounds(before, { animate: false });
  layNames();
}
window.addEventListener("beforeprint", toPaper);
window.addEventListener("afterprint", toScreen);
document.querySelectorAll("[data-paper]").forEach((button) => button.addEventListener("click", () => {
  setPaper(button.dataset.paper);
  window.print();
}));
// Leaflet hears Escape only while the map itself has the focus, not one of its symbols.
document.addEventListener("keydown", (event) => { if (event.key === "Escape") map.closePopup(); });
