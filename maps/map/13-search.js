// Search over firms, parks, links and local firms; a hit opens its popup, and shows its chain and quarter if hidden.
function openAt(layer, place) {
  closeDrawer();
  if (!layer) return;
  map.closePopup();
  map.setView(place, Math.max(map.getZoom(), homeZoom + 1.5), { animate: false });
  layer.openPopup();
}
function openLoose(content, place) {
  closeDrawer();
  L.popup(POPUP).setLatLng(place || map.getCenter()).setContent(content).openOn(map);
}
function reveal(firm) {
  for (const [kind, set, at] of [["chain", state.chains, firm.chain], ["tier", state.tiers, tierOf(firm.link)]]) {
    set.add(at);
    boxes[kind].filter((box) => Number(box.dataset[kind]) === at).forEach((box) => { box.checked = true; });
  }
  if (!inTime(firm)) { stopPlaying(); setStep(firm.quarter + 1); }
  showLayer("firms");
}
function showLayer(key) {
  byLayer[key] = true;
  document.querySelector(`[data-layer="${key}"]`).checked = true;
  refresh();
}
function openFirm(index) {
  const firm = data.firms[index], made = firmSpots[index];
  reveal(firm);
  if (!made) { openLoose(firmCard(index)); return; }
  if (clustered) openInSwarm(firmLayer, made); else openAt(made, made.getLatLng());
}
function openInSwarm(layer, made) {
  closeDrawer();
  map.setView(made.getLatLng(), Math.max(map.getZoom(), SHOWN_SINGLY_AT), { animate: false });
  layer.zoomToShowLayer(made, () => made.openPopup());
}
function openPark(index) {
  showLayer("parks");
  if (parkSpots[index]) openAt(parkSpots[index], data.parks[index].at); else openLoose(parkCard(index));
}
function openLink(index) {
  const places = data.firms.filter((firm, at) => firm.link === index && firmSpots[at]).map((firm) => data.parks[firm.park].at);
  if (places.length) map.fitBounds(L.latLngBounds(places), { maxZoom: Math.max(homeZoom + 1.5, map.getZoom()), padding: [60, 60], animate: false });
  openLoose(linkCard(index), places.length ? places[0] : null);
}
function openIncumbent(index) {
  showLayer("incumbents");
  if (gathered) openInSwarm(incumbentLayer, incumbentSpots[index]); else openAt(incumbentSpots[index], data.incumbents[index].at);
}

const fold = (text) => text.normalize("NFKC").toLowerCase();
const targets = [
  ...data.firms.map((firm, at) => ({ text: firm.name, more: [words.kind_firm, firm.id, data.chains[firm.chain].name].filter(Boolean).join(" · "), seek: fold(`${firm.name} ${firm.id}`), open: () => openFirm(at) })),
  ...data.parks.map((park, at) => ({ text: park.name, more: [words.kind_park, park.id].filter(Boolean).join(" · "), seek: fold(`${park.name} ${park.id}`), open: () => openPark(at) })),
  ...data.links.map((link, at) => ({ text: link.name, more: `${words.kind_link} · ${data.chains[link.chain].name}`, seek: fold(`${link.name} ${link.id}`), open: () => openLink(at) })),
  ...data.incumbents.flatMap((group, at) => group.firms.map((firm) => ({ text: firm.name, more: words.incumbent, seek: fold(firm.name), open: () => openIncumbent(at) }))),
];
const query = byId("query"), hits = byId("hits");
let found = [], marked = -1;

function closeHits() {
  hits.hidden = true;
  query.setAttribute("aria-expanded", "false");
  query.removeAttribute("aria-activedescendant");
}
function mark(at) {
  marked = at;
  [...hits.children].forEach((row, index) => row.setAttribute("aria-selected", String(index === at)));
  if (at >= 0) { query.setAttribute("aria-activedescendant", `hit-${at}`); hits.children[at].scrollIntoView({ block: "nearest" }); }
}
function choose(at) {
  closeHits();
  query.value = found[at].text;
  found[at].open();
}
function look() {
  const wanted = fold(query.value.trim());
  if (!wanted) { closeHits(); return; }
  const starts = targets.filter((target) => target.seek.startsWith(wanted));
  const holds = targets.filter((target) => !target.seek.startsWith(wanted) && target.seek.includes(wanted));
  found = [...starts, ...holds].slice(0, 12);
  hits.replaceChildren(...(found.length
    ? found.map((hit, at) => node("li", { role: "option", id: `hit-${at}`, mousedown: (event) => event.preventDefault(), click: () => choose(at) }, hit.text, node("small", {}, hit.more)))
    : [node("li", { class: "none" }, isHandout ? words.nothing_found_here : words.nothing_found)]));
  hits.hidden = false;
  query.setAttribute("aria-expanded", "true");
  mark(found.length ? 0 : -1);
}
query.addEventListener("input", look);
query.addEventListener("focus", look);
query.addEventListener("blur", closeHits);
query.addEventListener("keydown", (event) => {
  if (event.key === "Escape") { closeHits(); return; }
  if (hits.hidden || found.length === 0) return;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    mark((marked + (event.key === "ArrowDown" ? 1 : found.length - 1)) % found.length);
  } else if (event.key === "Enter") {
    event.preventDefault();
    choose(Math.max(0, marked));
  }
});
