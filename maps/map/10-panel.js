// The panel: tabs, filters, layers. Every change of what is shown ends in refresh().
const TABS = [["filters", words.tab_filters], ["firms", words.tab_firms], ...(data.links.length ? [["links", words.tab_links]] : []),
  ...(data.route.length ? [["route", words.tab_route]] : [])];
function openTab(name, focus) {
  for (const [key] of TABS) {
    const tab = byId(`for-${key}`), open = key === name;
    tab.setAttribute("aria-selected", String(open));
    tab.tabIndex = open ? 0 : -1;
    byId(`tab-${key}`).hidden = !open;
    if (open && focus) tab.focus();
  }
}
byId("tabs").append(...TABS.map(([key, text], at) => node("button", { type: "button", role: "tab", id: `for-${key}`, "aria-controls": `tab-${key}`,
  click: () => openTab(key),
  keydown: (event) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (by) { event.preventDefault(); openTab(TABS[(at + by + TABS.length) % TABS.length][0], true); }
  } }, text)));
const isOpen = (key) => byId(`tab-${key}`) && !byId(`tab-${key}`).hidden;

function refresh() {
  drawFirms();
  drawHomes();
  drawLines();
  drawIncumbents();
  drawParks();
  drawHeat();
  const toggles = [[heatLayer, byLayer.heat], [parkLayer, byLayer.parks], [firmLayer, byLayer.firms], [lineLayer, true], [homeLayer, true],
    [incumbentLayer, true], [changeLayer, byLayer.changes], [routeLayer, byLayer.route], [regionLayer, byLayer.districts], [baseLayer, byLayer.base],
    [groundLayer, !byLayer.base], [fillLayer, !byLayer.base]];
  for (const [layer, wanted] of toggles) {
    if (!layer) continue;
    if (wanted && !map.hasLayer(layer)) map.addLayer(layer);
    if (!wanted && map.hasLayer(layer)) map.removeLayer(layer);
  }
  countShown();
  drawLists();
  drawLegend();
  markChosen();
  layNames();
}

function countShown() {
  const now = data.firms.filter(passes).length, links = data.links.filter(linkPasses).filter((link) => link.short.length);
  const said = [isHandout ? null : whenText(), say(words.shown, { n: byLayer.firms ? now : 0, all: data.firms.length })];
  if (links.some((link) => link.short[0] > 0)) {
    const sum = (step) => links.reduce((total, link) => total + link.short[step], 0);
    const closed = links.filter((link) => link.short[0] > 0 && link.short[state.step] === 0).length;
    said.push(say(words.shortage_now, { before: amount(sum(0)), now: amount(sum(state.step)) }), closed ? say(words.links_closed, { n: closed }) : null);
  }
  byId("shown").textContent = said.filter(Boolean).join(" · ");
  const chains = new Array(data.chains.length).fill(0), tiers = new Array(data.tiers.length + 1).fill(0);
  data.firms.filter(inTime).forEach((firm) => {
    if (state.tiers.has(tierOf(firm.link))) chains[firm.chain] += 1;
    if (state.chains.has(firm.chain)) tiers[tierOf(firm.link)] += 1;
  });
  for (const [kind, counts] of [["chain", chains], ["tier", tiers]]) {
    document.querySelectorAll(`[data-${kind}-count]`).forEach((place) => { place.textContent = String(counts[place.dataset[`${kind}Count`]]); });
  }
}

const boxes = { chain: [], tier: [] };
function checkbox(text, picture, count, change, attributes) {
  const box = node("input", { type: "checkbox", checked: true, change: () => change(box.checked), ...attributes });
  return [box, node("label", {}, box, picture, node("span", { class: "t" }, text), count)];
}
function filterGroup(title, kind, set, entries) {
  if (entries.length < 2) return "";
  const every = (wanted) => {
    boxes[kind].forEach((box) => { box.checked = wanted; if (wanted) set.add(Number(box.dataset[kind])); else set.delete(Number(box.dataset[kind])); });
    refresh();
  };
  const rows = entries.map(([at, text, picture]) => {
    const count = node("span", { class: "n", [`data-${kind}-count`]: at });
    const [box, label] = checkbox(text, picture, count, (on) => { if (on) set.add(at); else set.delete(at); refresh(); }, { [`data-${kind}`]: at });
    boxes[kind].push(box);
    return label;
  });
  const all = node("div", { class: "all" }, node("button", { type: "button", click: () => every(true), "aria-label": `${title}: ${words.all}` }, words.all),
    node("button", { type: "button", click: () => every(false), "aria-label": `${title}: ${words.none}` }, words.none));
  return node("fieldset", {}, node("legend", {}, title), all, node("div", { class: kind === "tier" ? "rows columns" : "rows" }, ...rows));
}
const chainsUsed = data.chains_used || data.chains.map((chain, at) => at);
const tiersUsed = [...new Set([...data.links.map((link) => (link.tier === null ? data.tiers.length : link.tier)), ...data.firms.map((firm) => tierOf(firm.link))])].sort((one, two) => one - two);
function layerBox(key) {
  const label = key === "base" ? say(words.layer_base, { name: data.base.name }) : words[`layer_${key}`];
  const [box, made] = checkbox(label, null, null, (on) => { byLayer[key] = on; refresh(); }, { "data-layer": key });
  box.checked = byLayer[key];
  return made;
}
byId("filters").append(
  filterGroup(words.chains, "chain", state.chains, chainsUsed.map((at) => [at, data.chains[at].name, symbolNode(chainSymbol(at, 15))])),
  filterGroup(words.tiers, "tier", state.tiers, tiersUsed.map((at) => [at, data.tiers[at] || words.no_tier, null])),
  node("fieldset", {}, node("legend", {}, words.layers), node("div", { class: "rows columns" }, ...Object.keys(byLayer).map(layerBox))),
);
data.notes.forEach(({ text, items }) => byId("notes").append(items.length
  ? node("details", { class: "note", "data-short": items.length <= 12 }, node("summary", {}, text), node("ul", {}, ...items.map((item) => node("li", {}, item))))
  : node("p", { class: "note" }, text)));

byId("panel-toggle").addEventListener("click", () => {
  const open = byId("panel").classList.toggle("open");
  byId("panel-toggle").setAttribute("aria-expanded", String(open));
});
function closeDrawer() {
  byId("panel").classList.remove("open");
  byId("panel-toggle").setAttribute("aria-expanded", "false");
}
