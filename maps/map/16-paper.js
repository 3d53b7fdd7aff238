// Paper: the page takes its printed size first, so that the map is laid out for it and not for the window; it is always light.
const root = document.documentElement;
let before = null, wasAtRegion = false, wasTheme = "light", folded = [];
function setPaper(size) {
  byId("paper").textContent = `@page { size: ${size} landscape; margin: 8mm; }`;
  root.classList.toggle("a3", size === "A3");
}
function printFacts() {
  const [top, low] = [[0, map.getSize().y / 2], [100, map.getSize().y / 2]].map((point) => map.containerPointToLatLng(point));
  const metres = map.distance(top, low) / 100, scale = Number((metres / (0.0254 / 96)).toPrecision(2));
  const today = new Date(), two = (value) => String(value).padStart(2, "0");
  const day = `${today.getFullYear()}-${two(today.getMonth() + 1)}-${two(today.getDate())}`;
  return [[words.scale_number, `1:${figure(scale)}`], [words.printed, day]].map(([heading, text]) =>
    node("div", { class: "of-print" }, node("dt", {}, heading), node("dd", {}, text)));
}
function toPaper() {
  if (before) return;
  before = map.getBounds();
  wasAtRegion = isAtRegion();
  wasTheme = root.dataset.theme;
  folded = [...document.querySelectorAll("details[data-short]:not([open])")];
  folded.forEach((note) => { note.open = true; });
  map.closePopup();
  setTheme("light");
  root.classList.add("printing");
  layOut();
  document.querySelector("#about dl").append(...printFacts());
  fitBlock();
}
function toScreen() {
  if (!before) return;
  root.classList.remove("printing");
  setTheme(wasTheme);
  folded.forEach((note) => { note.open = false; });
  document.querySelectorAll(".of-print").forEach((part) => part.remove());
  layOut();
  before = null;
}
// The title block keeps its place: what does not fit is set smaller.
function fitBlock() {
  root.style.fontSize = "";
  if (!root.classList.contains("printing")) return;
  const panel = byId("panel");
  for (let size = parseFloat(getComputedStyle(root).fontSize); size > 7.5 && panel.scrollHeight > panel.clientHeight + 1; size -= 0.25) root.style.fontSize = `${size}px`;
}
function layOut() {
  for (const name of names) name.width = 0;
  onScreen = null;
  fitBlock();
  map.invalidateSize({ animate: false, pan: false });
  if (wasAtRegion) viewRegion(); else map.fitBounds(before, { animate: false });
  drawLegend();
  layNames();
}
window.addEventListener("beforeprint", toPaper);
window.addEventListener("afterprint", toScreen);
document.querySelectorAll("[data-paper]").forEach((button) => button.addEventListener("click", () => {
  setPaper(button.dataset.paper);
  window.print();
}));
