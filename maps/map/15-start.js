// First view, the buttons that lead back to it, and the theme.
// The whole country is always shown whole, with the South China Sea, and with home cities abroad.
function wholeBounds() {
  const whole = L.geoJSON({ type: "FeatureCollection", features: data.ground.country }).getBounds();
  return [...data.homes, ...data.route].reduce((bounds, place) => bounds.extend(place.at), whole);
}
const regionBounds = data.ground.bounds ? L.latLngBounds(data.ground.bounds) : wholeBounds();
let atRegion = null;
// The region stays clear of the bar below it.
function viewRegion() {
  const low = document.documentElement.classList.contains("printing") ? 22 : byId("time").offsetHeight + 26;
  map.fitBounds(regionBounds, { paddingTopLeft: [22, 22], paddingBottomRight: [22, low], animate: false });
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
const corner = narrow ? "topright" : "topleft";
L.control.zoom({ position: corner, zoomInTitle: words.zoom_in, zoomOutTitle: words.zoom_out }).addTo(map);
new Views({ position: corner }).addTo(map);
L.control.scale({ imperial: false, metric: true, maxWidth: narrow ? 90 : 130, position: narrow ? "topleft" : "bottomleft" }).addTo(map);
map.getContainer().setAttribute("role", "region");
map.getContainer().setAttribute("aria-label", words.map_label);
L.DomEvent.disableClickPropagation(byId("time"));

function setTheme(theme) {
  document.documentElement.dataset.theme = theme;
  byId("theme").setAttribute("aria-pressed", String(theme === "dark"));
  if (homeZoom !== null) drawLines();
}
byId("theme").addEventListener("click", () => setTheme(document.documentElement.dataset.theme === "dark" ? "light" : "dark"));
setTheme(window.matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");

openTab(data.route.length ? "route" : "filters");
viewRegion();
homeZoom = map.getZoom();
map.on("zoomend", () => { drawParks(); fadeLines(); drawLegend(); fitSymbols(); });
map.on("moveend", layNames);
map.on("resize", () => { onScreen = null; fitSymbols(); });
// On the map before they are filled: off it, a swarm looks for each of its symbols among all the others.
firmLayer.addTo(map);
incumbentLayer.addTo(map);
refresh();
map.fire("zoomend");
// Leaflet hears Escape only while the map itself has the focus, not one of its symbols.
document.addEventListener("keydown", (event) => { if (event.key === "Escape") map.closePopup(); });
