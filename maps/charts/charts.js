(function () {
"use strict";
// Text of the plan only ever becomes a text node or an attribute value, never markup.
const all = (selector, from) => Array.from((from || document).querySelectorAll(selector));
const one = (selector) => document.querySelector(selector);
const root = document.documentElement;

// light and dark
let dark = window.matchMedia && window.matchMedia("(prefers-color-scheme: dark)").matches;
const show = () => { root.dataset.theme = dark ? "dark" : "light"; };
show();
one("#theme").addEventListener("click", () => { dark = !dark; show(); });
if (!one("#views")) return;

const data = JSON.parse(one("#chart-data").textContent);
const say = (text, n) => text.replace("{n}", String(n));
function node(tag, kind, ...children) {
  const made = document.createElement(tag);
  if (kind) made.className = kind;
  made.append(...children);
  return made;
}

// charts as tabs; #gap opens one
const tabs = all('[role="tab"]');
const panels = all('[role="tabpanel"]');
function open(key, focus) {
  const at = Math.max(0, tabs.findIndex((tab) => tab.getAttribute("aria-controls") === key));
  tabs.forEach((tab, position) => {
    tab.setAttribute("aria-selected", String(position === at));
    tab.tabIndex = position === at ? 0 : -1;
    panels[position].hidden = position !== at;
  });
  if (focus) tabs[at].focus();
  one("#filters").hidden = !panels[at].querySelector(".link");
  one("#details").hidden = !panels[at].querySelector(".link");
  mark();
}
const current = () => panels.find((panel) => !panel.hidden);
tabs.forEach((tab, at) => {
  tab.addEventListener("click", () => { open(tab.getAttribute("aria-controls")); history.replaceState(null, "", "#" + tab.getAttribute("aria-controls")); });
  tab.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    open(tabs[(at + step + tabs.length) % tabs.length].getAttribute("aria-controls"), true);
  });
});
window.addEventListener("hashchange", () => open(location.hash.slice(1)));

// zoom and pan
let zoom = 1;
function enlarge(by, pan) {
  zoom = by ? Math.min(6, Math.max(1, zoom * by)) : 1;
  all(".pan").forEach((each) => {
    const x = (each.scrollLeft + each.clientWidth / 2) / each.scrollWidth;
    const y = (each.scrollTop + each.clientHeight / 2) / each.scrollHeight;
    each.style.setProperty("--zoom", zoom);
    each.scrollLeft = x * each.scrollWidth - each.clientWidth / 2;
    each.scrollTop = y * each.scrollHeight - each.clientHeight / 2;
  });
}
const steps = { in: 1.25, out: 0.8, fit: 0 };
all("[data-zoom]").forEach((button) => button.addEventListener("click", () => enlarge(steps[button.dataset.zoom])));
all(".pan").forEach((pan) => {
  pan.addEventListener("wheel", (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    enlarge(event.deltaY < 0 ? 1.12 : 0.893);
  }, { passive: false });
  pan.addEventListener("keydown", (event) => {
    if (event.target !== pan || event.ctrlKey || event.metaKey) return;
    const way = { "+": 1.25, "=": 1.25, "-": 0.8, "0": 0 }[event.key];
    if (way !== undefined) { event.preventDefault(); enlarge(way); }
  });
  let from = null;
  pan.addEventListener("pointerdown", (event) => {
    if (event.pointerType !== "mouse" || event.button) return;
    from = { x: event.clientX + pan.scrollLeft, y: event.clientY + pan.scrollTop };
  });
  pan.addEventListener("pointermove", (event) => {
    if (!from) return;
    pan.classList.add("held");
    pan.scrollLeft = from.x - event.clientX;
    pan.scrollTop = from.y - event.clientY;
  });
  ["pointerup", "pointerleave"].forEach((kind) => pan.addEventListener(kind, () => { from = null; pan.classList.remove("held"); }));
});

// details of a link, with the lines that begin or end there
let held = null;
function list(kind, heading, entries) {
  const items = entries.map((entry) => Array.isArray(entry) ? node("li", kind, entry[0], " ", node("small", "", entry[1])) : node("li", kind, entry));
  return [node("h3", "", heading + (entries.length ? " " + entries.length : "")), items.length ? node("ul", "", ...items) : node("p", "sub", data.words.none)];
}
// Links of this chain are led to; those of other chains stand on other pages.
function ways(heading, entries) {
  const [title, items] = list("", heading, entries.map(([name, id]) => {
    if (!data.links[id]) return name;
    const button = node("button", "way", name);
    button.type = "button";
    button.addEventListener("click", () => {
      const box = all(".link", current()).find((part) => part.dataset.link === id);
      if (!box) return;
      box.scrollIntoView({ block: "center", inline: "center" });
      box.focus();
      hold(id);
    });
    return [button, ""];
  }));
  return [title, items];
}
function tell(id) {
  const link = data.links[id];
  if (!link) return;
  const facts = node("dl", "");
  link.rows.forEach(([heading, value]) => facts.append(node("dt", "", heading), node("dd", "", value)));
  const close = node("button", "", "×");
  close.id = "let-go";
  close.type = "button";
  close.setAttribute("aria-label", data.words.close);
  close.addEventListener("click", letGo);
  one("#details").replaceChildren(
    close, node("h2", "", link.name), node("p", "sub", link.tier), facts,
    ...list("local", data.words.local, link.local), ...list("target", data.words.targets, link.targets),
    ...ways(data.words.from, link.from), ...ways(data.words.to, link.to));
}
function light(id) {
  all(".edge").forEach((edge) => edge.classList.toggle("on", id !== null && (edge.dataset.from === id || edge.dataset.to === id)));
  all(".link.held").forEach((link) => link.classList.remove("held"));
  if (id !== null) all(".link").filter((link) => link.dataset.link === id).forEach((link) => link.classList.add("held"));
}
function hold(id) { held = null; look(id); held = id; document.body.classList.add("telling"); }
function letGo() { held = null; light(null); document.body.classList.remove("telling"); }
function look(id) { if (held === null) { tell(id); light(id); } }
all(".link").forEach((link) => {
  const id = link.dataset.link;
  link.setAttribute("tabindex", "0");
  link.setAttribute("role", "button");
  link.setAttribute("aria-label", data.links[id] ? data.links[id].name : id);
  link.addEventListener("mouseenter", () => look(id));
  link.addEventListener("focus", () => look(id));
  link.addEventListener("mouseleave", () => { if (held === null) light(null); });
  link.addEventListener("click", () => (held === id ? letGo() : hold(id)));
  link.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === " ") { event.preventDefault(); hold(id); }
  });
});
document.addEventListener("keydown", (event) => { if (event.key === "Escape") letGo(); });

// search and filters: what does not match steps back
const query = one("#query");
let turn = 0;
const texts = new Map();
function textOf(part) {
  if (!texts.has(part)) {
    const link = data.links[part.dataset.link];
    const more = link ? [link.name, ...link.local.map((firm) => firm[0]), ...link.targets.map((firm) => firm.join(" "))] : [];
    texts.set(part, [part.textContent, ...more].join(" ").toLowerCase());
  }
  return texts.get(part);
}
function chosen(name) { return all(`[data-filter="${name}"]:checked`).map((box) => box.value); }
function mark() {
  const panel = current();
  const asked = query.value.trim().toLowerCase();
  const [grades, tiers, marks] = ["grade", "tier", "marks"].map(chosen);
  const filtered = grades.length || tiers.length || marks.length;
  let found = 0, matching = new Set();
  all(".link, .row[data-row]:not([data-row=''])", panel).forEach((part) => {
    const its = (part.dataset.marks || "").split(" ");
    const fits = !part.classList.contains("link") || ((!grades.length || grades.includes(part.dataset.grade)) &&
      (!tiers.length || tiers.includes(part.dataset.tier)) && (!marks.length || marks.some((each) => its.includes(each))));
    const hit = Boolean(asked) && textOf(part).includes(asked);
    part.classList.toggle("hit", hit && fits);
    part.classList.toggle("away", !fits || (Boolean(asked) && !hit));
    if (hit && fits) found += 1;
    if (fits && part.dataset.link) matching.add(part.dataset.link);
  });
  all(".tree details, .tree .leaf", panel).reverse().forEach((part) => {
    const own = part.matches(".leaf") ? part : part.querySelector("summary");
    const hit = Boolean(asked) && own.textContent.toLowerCase().includes(asked);
    const within = part.querySelector(".hit") !== null;
    part.classList.toggle("hit", hit);
    part.classList.toggle("away", Boolean(asked) && !hit && !within && !part.parentElement.closest(".hit"));
    if (within && part.matches("details")) part.open = true;
  });
  all(".tree .hit", panel).forEach((part) => all(".away", part).forEach((inner) => inner.classList.remove("away")));
  const said = asked ? [say(data.words.found, found + all(".tree .hit", panel).length)] : [];
  if (filtered) said.push(say(data.words.shown, matching.size));
  one("#found").textContent = said.join(" · ");
}
query.addEventListener("input", () => { turn = 0; mark(); });
query.addEventListener("keydown", (event) => {
  if (event.key === "Escape") { query.value = ""; mark(); }
  if (event.key !== "Enter") return;
  const hits = all(".hit", current()).filter((part) => part.getClientRects().length);
  if (!hits.length) return;
  const hit = hits[turn++ % hits.length];
  hit.scrollIntoView({ block: "center", inline: "center" });
  if (!hit.classList.contains("link")) return;
  held = null;
  look(hit.dataset.link);
});
all("[data-filter]").forEach((box) => box.addEventListener("change", mark));
all("[data-tree]").forEach((button) => button.addEventListener("click", () => {
  const opened = button.dataset.tree === "open_all";
  all(".tree details details").forEach((part) => { part.open = opened; });
}));

if (window.innerWidth <= 900) one("#filters").open = false;

// paper
one("#print").addEventListener("click", () => { document.body.classList.remove("everything"); window.print(); });
one("#print-all").addEventListener("click", () => { document.body.classList.add("everything"); window.print(); });

open(location.hash.slice(1) || (tabs[0] && tabs[0].getAttribute("aria-controls")));
})();
