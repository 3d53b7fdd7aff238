// What differs from the earlier plan: an arrow from park to park for each pair between which firms move, and at each park a badge that
// counts who has come, who has gone and whose quarter is another one.
const changeLayer = L.layerGroup();
const CHANGE = "#7a1fa2";
const SIGNS = { fallen: "−", dropped: "−", added: "+", moved: "◷" };
const ARROW = [[-6, -5], [7, 0], [-6, 5], [-3, 0]];
if (data.changes.length) byLayer.changes = true;

function changeRows(changes) {
  return changes.map((change) => node("section", {}, node("h3", {}, `${change.kind} · ${change.name} · ${change.id}`),
    node("table", {}, node("tbody", {}, ...change.rows.map(([key, value]) => node("tr", { class: value.length > 26 ? "wide" : false },
      node("th", { scope: "row" }, key), node("td", {}, value)))))));
}
function changeCard(title, changes) {
  return card(title, node("p", { class: "sub" }, words.layer_changes), [], ...changeRows(changes));
}
function arrowHead(angle, size) {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const path = ARROW.map(([x, y]) => `${(8 + x * cos - y * sin).toFixed(2)} ${(8 + x * sin + y * cos).toFixed(2)}`).join("L");
  return symbol(`M${path}z`, CHANGE, size);
}
function drawArrows() {
  const between = new Map();
  data.changes.filter((change) => change.to !== null && change.from !== null && change.from !== change.to).forEach((change) => {
    if (!data.parks[change.from].at || !data.parks[change.to].at) return;
    const key = `${change.from}:${change.to}`;
    between.set(key, [...(between.get(key) || []), change]);
  });
  for (const changes of between.values()) {
    const [from, to] = [data.parks[changes[0].from], data.parks[changes[0].to]], points = arc(from.at, to.at);
    L.polyline(points, { color: CHANGE, weight: 1.6 + Math.log2(changes.length), opacity: 0.85, interactive: false,
      renderer: renderers.lines, pane: "lines" }).addTo(changeLayer);
    // The head stands at two thirds of the way: at the end the firms of the park would cover it.
    const [here, next] = [points[13], points[14]].map((point) => map.project(point, 12));
    const label = `${from.name} → ${to.name} · ${changes.map((change) => change.name).join(", ")}`;
    const head = spot(points[13], arrowHead(Math.atan2(next.y - here.y, next.x - here.x), 20), "change", label, "changes");
    bindCard(head, () => changeCard(`${from.name} → ${to.name}`, changes));
    head.addTo(changeLayer);
  }
}
function drawBadges() {
  data.parks.forEach((park, index) => {
    if (!park.at) return;
    const here = data.changes.filter((change) => (change.to === null ? change.from : change.to) === index
      && (change.from === null || change.to === null || change.from === change.to));
    if (here.length === 0) return;
    const counts = new Map();
    here.forEach((change) => counts.set(SIGNS[change.key], (counts.get(SIGNS[change.key]) || 0) + 1));
    const text = [...counts].map(([sign, count]) => `${sign}${count}`).join(" ");
    const made = spot(park.at, text, "change badge", `${park.name} · ${words.layer_changes} ${text}`, "changes", 24, -24);
    bindCard(made, () => changeCard(park.name, here), 24, -24);
    made.addTo(changeLayer);
  });
}
drawArrows();
drawBadges();
