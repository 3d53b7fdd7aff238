// The page's own small tools. Text from the plan only ever becomes a text node or an attribute value, never markup (R6).
const data = JSON.parse(document.getElementById("plan-data").textContent);
const words = data.words;
const byId = (id) => document.getElementById(id);
const isHandout = data.kind === "handout";

function node(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes || {})) {
    if (typeof value === "function") made.addEventListener(key, value);
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

function say(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, key) => (key in values ? String(values[key]) : whole));
}

// A figure with no more decimals than it needs, as the other outputs have it.
function figure(value) {
  if (Math.round(value * 1e6) === 0) return "0";
  const digits = Math.abs(value) < 100 ? Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value)))) : 0;
  const text = value.toFixed(Math.min(digits, 6)).replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "");
  return text.replace(/^(-?\d+)/, (whole) => whole.replace(/\B(?=(\d{3})+$)/g, ","));
}
// Money of 万元, in the unit that the plan's sentences have: of several the first of which there is one.
const moneyUnit = (value) => data.money.find(([text, one]) => Math.abs(value) >= one) || data.money[data.money.length - 1];
function amount(value) {
  const unit = moneyUnit(value);
  return say(unit[0], { n: bare(value, unit) });
}
function bare(value, [, one]) {
  return one >= 10000 ? figure(Math.round(value / one * 100) / 100) : figure(value / one);
}

// What is shown now. ``step`` 0 is before the plan, then the quarters; ``only``: the firms of that quarter alone.
const LAST = data.quarters.length;
const state = {
  step: LAST,
  only: false,
  chains: new Set(data.chains.map((chain, at) => at)),
  tiers: new Set([...data.tiers.map((tier, at) => at), data.tiers.length]),
};
const tierOf = (link) => (link === null || data.links[link].tier === null ? data.tiers.length : data.links[link].tier);
const inTime = (firm) => firm.quarter === null || (state.only ? firm.quarter === state.step - 1 : firm.quarter < state.step);
const inPart = (firm) => state.chains.has(firm.chain) && state.tiers.has(tierOf(firm.link));
const passes = (firm) => inPart(firm) && inTime(firm);
const linkPasses = (link) => state.chains.has(link.chain) && state.tiers.has(link.tier === null ? data.tiers.length : link.tier);
const atStep = (values) => values[Math.min(state.step, values.length - 1)];
function whenText() {
  if (state.step === 0) return words.before;
  return say(state.only ? words.during : words.until, { quarter: data.quarters[state.step - 1] });
}

// Symbols are drawn from the palette, which is ours: this is the only markup that is ever made from strings.
function symbol(path, fill, size, stroke) {
  return `<svg width="${size}" height="${size}" viewBox="0 0 16 16" aria-hidden="true"><path d="${path}" fill="${fill}" ` +
    `stroke="${stroke || "#fff"}" stroke-width="${stroke ? 1.6 : 1.3}" stroke-linejoin="round" paint-order="stroke"/></svg>`;
}

function symbolNode(markup) {
  const holder = node("span", { class: "symbol" });
  holder.innerHTML = markup;
  return holder;
}

const INCUMBENT = "M8 2.6l5.6 4.2v6.8h-11.2v-6.8z";
const chainSymbol = (chain, size) => symbol(data.chains[chain].shape, data.chains[chain].colour, size);
const incumbentSymbol = (size) => symbol(INCUMBENT, data.palette.incumbent, size);
const levelOf = (park) => data.classes[atStep(park.levels)];
// The area of a firm's symbol is its investment. Above the largest and below the smallest symbol all are alike; so small are also those
// whose investment is not given.
const WIDEST = 19;
function sizeOf(investment) {
  if (!data.sizes || !data.sizes.top) return 16;
  const share = investment === null ? 0 : Math.sqrt(Math.max(0, investment) / data.sizes.top);
  return WIDEST * Math.min(1, Math.max(data.sizes.smallest, share));
}
