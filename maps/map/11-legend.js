// The legend: what is on the map now, with the figures that sizes and colours stand for.
function legendRow(key, text) {
  const cell = node("span", { class: "key" });
  if (typeof key === "string") cell.innerHTML = key; else cell.append(key);
  return node("li", {}, cell, node("span", {}, text));
}
function swatch(colour, dashed) {
  const dash = dashed ? 'stroke-dasharray="2.5 2"' : "";
  return `<svg width="22" height="13" aria-hidden="true"><rect x=".6" y=".6" width="20.8" height="11.8" rx="2.5" fill="${colour}" class="edge" ${dash}/></svg>`;
}
function stroke(name, width, path) {
  return `<svg width="22" height="13" aria-hidden="true"><path d="${path || "M0 6.5H22"}" class="${name}" fill="none" stroke-width="${width}"/></svg>`;
}
// Firms of the sizes that the legend names, drawn as large as they are on the map now.
function sizeRows() {
  const scale = symbolScale(), shape = data.chains.length ? data.chains[0].shape : "M8 2a6 6 0 1 1 0 12a6 6 0 1 1 0-12z";
  const { top, smallest, above, unknown } = data.sizes;
  const rows = [[top, above ? say(words.size_most, { amount: amount(top) }) : amount(top)], [top / 2, amount(top / 2)],
    [top * smallest * smallest, say(words.size_least, { amount: amount(top * smallest * smallest) }) + (unknown ? ` · ${words.size_unknown}` : "")]];
  return rows.map(([value, text]) => legendRow(symbol(shape, "var(--soft)", (sizeOf(value) * scale).toFixed(1)), text));
}
const homeKey = '<svg width="15" height="15" aria-hidden="true" class="home-key"><circle cx="7.5" cy="7.5" r="6.4"/><text x="7.5" y="11" text-anchor="middle" font-size="9" font-weight="700">3</text></svg>';
const hasLayer = (layer) => data.ground.region.some((feature) => feature.properties.layer === layer);
const parkTitle = node("h3", {});
byId("legend").append(
  node("div", { class: chainsUsed.length > 1 ? "print-only" : null }, node("h3", {}, words.legend_firms), node("ul", { class: "pairs" }, ...chainsUsed.map((at) =>
    legendRow(chainSymbol(at, 15), data.chains[at].name)))),
  data.sizes && data.sizes.top ? node("div", { id: "size-legend" }) : "",
  parkTitle, node("ul", { class: "pairs", id: "park-legend" }),
  isHandout ? "" : node("div", { id: "heat-legend" }, heat_given() ? null : node("p", { class: "how" }, words.heat_none)),
  node("h3", {}, words.legend_other),
  node("ul", { class: "pairs" }, ...[
    data.homes.length ? legendRow(homeKey, words.legend_home) : null,
    data.homes.length ? legendRow(stroke("line", 1.6, "M1 11Q11 -2 21 7"), words.legend_line) : null,
    data.incumbents.length ? legendRow(incumbentSymbol(15), words.incumbent) : null,
    data.route.length ? legendRow(node("span", { class: "stop-key" }, "1"), words.legend_stop) : null,
    data.changes.some((change) => change.from !== null && change.to !== null && change.from !== change.to)
      ? legendRow(arrowHead(0, 16), words.legend_arrow) : null,
    ...["added", "dropped", "moved"].filter((key) => data.changes.some((change) => SIGNS[change.key] === SIGNS[key]
      && (key !== "moved" || change.from === change.to))).map((key) => legendRow(node("span", { class: "badge-key" }, SIGNS[key]), words[`legend_${key}`])),
    ...[["region", 1.9], ["city", 1.1], ["district", 1]].filter(([layer]) => hasLayer(layer)).map(([layer, width]) => legendRow(stroke(`g-${layer}`, width), words[`ground_${layer}`])),
  ].filter(Boolean)),
);
function drawLegend() {
  const used = new Set(data.parks.flatMap((park) => park.levels));
  parkTitle.textContent = LAST ? say(words.legend_parks, { quarter: data.quarters[Math.max(0, state.step - 1)] }) : words.layer_parks;
  byId("park-legend").replaceChildren(...data.classes.filter((level, at) => level.always || used.has(at)).map((level) => legendRow(swatch(level.colour, level.dashed), level.name)));
  if (byId("size-legend")) byId("size-legend").replaceChildren(node("h3", {}, words.legend_size), node("ul", { class: "sizes" }, ...sizeRows()));
  if (byId("heat-legend")) byId("heat-legend").hidden = heat_given() && !byLayer.heat;
}
