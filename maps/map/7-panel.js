// The control panel: chains and quarters act together; layers; legend; what could not be drawn.
function refresh() {
  drawFirms();
  drawHomes();
  drawLines();
  drawIncumbents();
  const toggles = [[parkLayer, byLayer.parks], [firmLayer, byLayer.firms], [lineLayer, true], [homeLayer, true], [incumbentLayer, true], [changeLayer, byLayer.changes], [routeLayer, byLayer.route], [regionLayer, byLayer.districts]];
  for (const [layer, wanted] of toggles) {
    if (wanted && !map.hasLayer(layer)) map.addLayer(layer);
    if (!wanted && map.hasLayer(layer)) map.removeLayer(layer);
  }
  countShown();
  layNames();
}

function countShown() {
  const now = data.firms.filter(passes).length;
  byId("shown").textContent = say(words.shown, { n: byLayer.firms ? now : 0, all: data.firms.length });
  data.chains.forEach((chain, at) => {
    const count = data.firms.filter((firm) => firm.chain === at && shownQuarters.has(firm.quarter)).length;
    document.querySelectorAll(`[data-chain-count="${at}"]`).forEach((place) => { place.textContent = String(count); });
  });
  data.quarters.forEach((quarter, at) => {
    const count = data.firms.filter((firm) => firm.quarter === at && shownChains.has(firm.chain)).length;
    byId(`quarter-count-${at}`).textContent = String(count);
  });
}

const boxes = { chain: [], quarter: [] };
function checkbox(text, picture, count, change, attributes) {
  const box = node("input", { type: "checkbox", checked: true, change: () => change(box.checked), ...attributes });
  return [box, node("label", {}, box, picture, node("span", { class: "t" }, text), count)];
}
function filterGroup(title, kind, set, entries) {
  const every = (wanted) => {
    boxes[kind].forEach((box, at) => { box.checked = wanted; if (wanted) set.add(at); else set.delete(at); });
    refresh();
  };
  const rows = entries.map(([text, picture, count], at) => {
    const [box, label] = checkbox(text, picture, count, (on) => { if (on) set.add(at); else set.delete(at); refresh(); }, { [`data-${kind}`]: at });
    boxes[kind].push(box);
    return label;
  });
  if (entries.length === 0) return "";
  const all = node("div", { class: "all" }, node("button", { type: "button", click: () => every(true) }, words.all),
    node("button", { type: "button", click: () => every(false) }, words.none));
  return node("fieldset", {}, node("legend", {}, title), all, node("div", { class: kind === "quarter" ? "rows columns" : "rows" }, ...rows));
}

byId("filters").append(
  filterGroup(words.chains, "chain", shownChains, data.chains.map((chain, at) => [chain.name, symbolNode(chainSymbol(at, 15)), node("span", { class: "n", "data-chain-count": at })])),
  filterGroup(words.quarters, "quarter", shownQuarters, data.quarters.map((quarter, at) => [quarter, null, node("span", { class: "n", id: `quarter-count-${at}` })])),
  node("fieldset", {}, node("legend", {}, words.layers), node("div", { class: "rows columns" }, ...Object.keys(byLayer).map((key) =>
    checkbox(words[`layer_${key}`], null, null, (on) => { byLayer[key] = on; refresh(); }, { "data-layer": key })[1]))),
);

function legendRow(key, text, count) {
  const cell = node("span", { class: "key" });
  if (typeof key === "string") cell.innerHTML = key; else cell.append(key);
  return node("li", {}, cell, node("span", {}, text), count || null);
}
function swatch(colour, dashed) {
  const dash = dashed ? 'stroke-dasharray="2.5 2"' : "";
  return `<svg width="22" height="13" aria-hidden="true"><rect x=".6" y=".6" width="20.8" height="11.8" rx="2.5" fill="${colour}" stroke="#1b3b57" ${dash}/></svg>`;
}
function stroke(colour, width) {
  return `<svg width="22" height="13" aria-hidden="true"><path d="M1 11Q11 -2 21 7" fill="none" stroke="${colour}" stroke-width="${width}"/></svg>`;
}
const used = new Set(data.parks.map((park) => park.level));
const homeKey = `<svg width="15" height="15" aria-hidden="true"><circle cx="7.5" cy="7.5" r="6.4" fill="#fff" stroke="${data.palette.home}" stroke-width="1.4"/><text x="7.5" y="11" text-anchor="middle" font-size="9" font-weight="700" fill="${data.palette.home}">3</text></svg>`;
const bounds = [["region", shades.outline, 1.9], ["city", shades.city, 1.1], ["district", shades.district, 1]]
  .filter(([layer]) => data.ground.region.some((feature) => feature.properties.layer === layer));
byId("legend").append(
  node("h2", {}, words.legend),
  node("div", { class: "print-only" }, node("h3", {}, words.legend_firms), node("ul", {}, ...data.chains.map((chain, at) =>
    legendRow(chainSymbol(at, 15), chain.name)))),
  node("h3", {}, data.quarters.length ? say(words.legend_parks, { quarter: data.quarters[data.quarters.length - 1] }) : words.layer_parks),
  node("ul", { class: "pairs" }, ...data.classes.map((level, at) => [level, at]).filter(([level, at]) => level.always || used.has(at))
    .map(([level]) => legendRow(swatch(level.colour, level.dashed), level.name))),
  node("h3", {}, words.legend_other),
  node("ul", { class: "pairs" }, ...[
    data.homes.length ? legendRow(homeKey, words.legend_home) : null,
    data.homes.length ? legendRow(stroke(data.palette.line, 1.6), words.legend_line) : null,
    data.incumbents.length ? legendRow(incumbentSymbol(15), words.incumbent) : null,
    data.changes.some((change) => change.from !== null && change.to !== null && change.from !== change.to)
      ? legendRow(arrowHead(0, 16), words.legend_arrow) : null,
    ...["added", "dropped", "moved"].filter((key) => data.changes.some((change) => SIGNS[change.key] === SIGNS[key]
      && (key !== "moved" || change.from === change.to))).map((key) => legendRow(node("span", { class: "badge-key" }, SIGNS[key]), words[`legend_${key}`])),
  ].filter(Boolean), ...bounds.map(([layer, colour, width]) =>
    legendRow(`<svg width="22" height="13" aria-hidden="true"><path d="M0 6.5H22" stroke="${colour}" stroke-width="${width}"/></svg>`, words[`ground_${layer}`]))),
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
