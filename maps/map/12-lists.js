// Lists of firms and links that pass the filters: a row leads to its place on the map, and what is open on the map is marked in its list.
const PAGE = 200;
const listed = { firms: PAGE, links: PAGE };
const byShortage = data.links.map((link, at) => at).sort((one, two) => (data.links[two].short[0] || 0) - (data.links[one].short[0] || 0));

function row(kind, at, open, ...parts) {
  return node("li", {}, node("button", { type: "button", "data-kind": kind, "data-at": at, click: open }, ...parts));
}
function firmRow(at) {
  const firm = data.firms[at], park = firm.park === null ? "" : data.parks[firm.park].name;
  return row("firm", at, () => openFirm(at), symbolNode(chainSymbol(firm.chain, 14)),
    node("span", { class: "t" }, firm.name, node("small", {}, [park, firm.link === null ? null : data.links[firm.link].name].filter(Boolean).join(" · "))),
    node("span", { class: "n" }, firm.quarter === null ? "" : data.quarters[firm.quarter]));
}
// What a link was short of before the plan, as a bar: what is filled by now, and what is still short.
function linkRow(at, most) {
  const link = data.links[at], tier = link.tier === null ? null : data.tiers[link.tier];
  const parts = [symbolNode(chainSymbol(link.chain, 14)), node("span", { class: "t" }, link.name, node("small", {}, [tier, data.chains[link.chain].name].filter(Boolean).join(" · ")))];
  if (link.short.length) {
    const [before, now] = [link.short[0], atStep(link.short)], bar = node("span", { class: "gap", "aria-hidden": "true" }), left = node("i", {});
    bar.style.width = `${Math.max(1, 100 * Math.max(before, now) / most)}%`;
    left.style.width = `${before || now ? 100 * now / Math.max(before, now) : 0}%`;
    if (before || now) bar.append(left);
    parts.push(node("span", { class: "n" }, before || now ? `${amount(before)} → ${now ? amount(now) : words.no_shortage}` : words.no_shortage), before || now ? bar : null);
  }
  return row("link", at, () => openLink(at), ...parts);
}
function drawList(name, positions, make) {
  if (!isOpen(name)) return;
  const rest = positions.length - listed[name];
  byId(`tab-${name}`).replaceChildren(
    positions.length ? node("ul", { class: "list" }, ...positions.slice(0, listed[name]).map(make)) : node("p", { class: "how" }, words.list_empty),
    ...(rest > 0 ? [node("button", { type: "button", class: "more", click: () => { listed[name] += PAGE; drawLists(); } }, say(words.more_rows, { n: Math.min(PAGE, rest), all: positions.length }))] : []));
  markRows();
}
function drawLists() {
  drawList("firms", data.firms.map((firm, at) => at).filter((at) => passes(data.firms[at])), firmRow);
  const most = Math.max(1, ...data.links.map((link) => Math.max(0, ...link.short)));
  if (data.links.length) drawList("links", byShortage.filter((at) => linkPasses(data.links[at])), (at) => linkRow(at, most));
}
for (const name of ["firms", "links"]) if (byId(`for-${name}`)) byId(`for-${name}`).addEventListener("click", drawLists);
byId("tabs").addEventListener("keyup", drawLists);
byId("tab-route").append(node("ul", { class: "list" }, ...data.route.map((stop, at) =>
  row("stop", at, () => openAt(stopSpots[at], stop.at), node("span", { class: "stop-key" }, String(at + 1)), node("span", { class: "t" }, stop.name, node("small", {}, stopFacts(stop)))))));

function markRows() {
  document.querySelectorAll(".list [aria-current]").forEach((button) => button.removeAttribute("aria-current"));
  if (!chosen) return;
  const firms = chosen[0] === "park" ? data.firms.map((firm, at) => at).filter((at) => data.firms[at].park === chosen[1]) : [];
  const lit = [chosen, ...firms.map((at) => ["firm", at])].map(([kind, at]) => document.querySelector(`.list [data-kind="${kind}"][data-at="${at}"]`)).filter(Boolean);
  lit.forEach((button) => button.setAttribute("aria-current", "true"));
  if (lit.length && lit[0].offsetParent) lit[0].scrollIntoView({ block: "nearest" });
}
