// The page's own small tools. Text from the plan only ever becomes a text node or an attribute value, never markup (R6).
const data = JSON.parse(document.getElementById("plan-data").textContent);
const words = data.words;
const byId = (id) => document.getElementById(id);

function node(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes || {})) {
    if (typeof value === "function") made.addEventListener(key, value);
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

function say(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, key) => (key in values ? String(values[key]) : whole));
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
const parkColour = (park) => data.classes[park.level].colour;
