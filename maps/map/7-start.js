// First view, the buttons that lead back to it, and paper.
const regionBounds = data.ground.bounds ? L.latLngBounds(data.ground.bounds) : map.getBounds();
function wholeBounds() {
  const whole = L.latLngBounds(regionBounds.getSouthWest(), regionBounds.getNorthEast());
  data.homes.forEach((home) => whole.extend(home.at));
  return whole;
}
function viewRegion() { map.fitBounds(regionBounds, { padding: [26, 26], animate: false }); }
function viewWhole() { map.fitBounds(wholeBounds(), { padding: [40, 40], animate: false }); }

const Views = L.Control.extend({
  onAdd() {
    const bar = node("div", { class: "leaflet-bar" },
      node("button", { type: "button", click: viewRegion }, words.view_region),
      data.homes.length ? node("button", { type: "button", click: viewWhole }, words.view_whole) : null);
    L.DomEvent.disableClickPropagation(bar);
    return bar;
  },
});
L.control.zoom({ position: "topleft", zoomInTitle: words.zoom_in, zoomOutTitle: words.zoom_out }).addTo(map);
new Views({ position: "topleft" }).addTo(map);
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
let before = null, paper = "A4";
function setPaper(size) {
  paper = size;
  byId("paper").textContent = `@page { size: ${size} landscape; margin: 8mm; }`;
  document.body.classList.toggle("a3", size === "A3");
}
function toPaper() {
  if (before) return;
  before = map.getBounds();
  document.body.classList.add("printing");
  map.invalidateSize({ animate: false, pan: false });
  map.fitBounds(before, { animate: false });
  layNames();
}
function toScreen() {
  if (!before) return;
  document.body.classList.remove("printing");
  map.invalidateSize({ animate: false, pan: false });
  map.fitBounds(before, { animate: false });
  before = null;
  layNames();
}
window.addEventListener("beforeprint", toPaper);
window.addEventListener("afterprint", toScreen);
document.querySelectorAll("[data-paper]").forEach((button) => button.addEventListener("click", () => {
  setPaper(button.dataset.paper);
  window.print();
}));
