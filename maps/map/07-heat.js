// Shortage by county: what each county is short of at the quarter that is shown, of the chains and tiers that are shown.
const heat = data.heat;
const counties = heat ? heat.counties.map((at) => data.ground.region[at]) : [];
const heatLayers = counties.map((feature) => {
  const area = drawn([feature], "heat", "heat", { interactive: true, bubblingMouseEvents: false });
  area.bindTooltip(() => feature.tip || "", { sticky: true, className: "tip" });
  return area;
});
const heatLayer = L.layerGroup(heatLayers);
const HEAT_STEPS = data.palette.heat;

function heatSums() {
  const sums = counties.map(() => new Array(LAST + 1).fill(0));
  if (heat) heat.rows.filter(([, link]) => linkPasses(data.links[link])).forEach(([county, , values]) =>
    values.forEach((value, step) => { sums[county][step] += value; }));
  return sums;
}
// Classes of as many figures each, over counties and quarters together: colours mean the same in every quarter, and a single large county
// does not make all others alike. Ends are rounded up to two digits.
function heatEnds(sums) {
  const every = sums.flat().filter((value) => value > 0).sort((one, two) => one - two), ends = [];
  for (let at = 1; every.length && at <= HEAT_STEPS; at += 1) {
    const value = every[Math.ceil(every.length * at / HEAT_STEPS) - 1], power = Math.pow(10, Math.floor(Math.log10(value)) - 1);
    const end = Math.ceil(value / power * (1 - 1e-9)) * power;
    if (!ends.length || end > ends[ends.length - 1]) ends.push(end);
  }
  return ends;
}
const heatColour = (at) => `var(--heat-${at})`;
function drawHeat() {
  if (!heat) return;
  const sums = heatSums(), ends = heatEnds(sums);
  heatLayers.forEach((area, at) => {
    const now = sums[at][state.step], level = now > 0 ? ends.findIndex((end) => now <= end) : null;
    const name = counties[at].properties.name;
    counties[at].tip = node("span", {}, `${name} · ${now > 0 ? amount(now) : words.no_shortage}`);
    area.setStyle({ stroke: false, fillColor: level === null ? "none" : heatColour(level), fillOpacity: level === null ? 0 : 0.78 });
  });
  const total = data.links.filter(linkPasses).reduce((sum, link) => sum + atStep(link.short), 0);
  const placed = sums.reduce((sum, values) => sum + values[state.step], 0);
  const unit = moneyUnit(10 * (ends[0] || 0)); // of both ends of every class
  const ranges = ends.map((end, at) => legendRow(swatch(heatColour(at)), say(unit[0], { n: `${bare(at ? ends[at - 1] : 0, unit)}–${bare(end, unit)}` })));
  const table = sums.map((values, at) => [counties[at].properties.name, values[state.step]]).filter(([, value]) => value > 0).sort((one, two) => two[1] - one[1]);
  byId("heat-legend").replaceChildren(node("h3", {}, say(words.legend_heat, { when: whenText() })),
    node("ul", { class: "pairs" }, ...ranges),
    node("p", { class: "how" }, words[`heat_${heat.basis}`], total - placed > 0.5 ? `${document.documentElement.lang === "en" ? "; " : "；"}${say(words.heat_rest, { amount: amount(total - placed) })}` : null),
    table.length ? node("details", { class: "table" }, node("summary", {}, words.heat_table), node("table", {}, node("tbody", {}, ...table.map(([name, value]) =>
      node("tr", {}, node("th", { scope: "row" }, name), node("td", {}, amount(value))))))) : null);
}
