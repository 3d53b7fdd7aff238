// Where firms come from, and who is here already.
const lineLayer = L.layerGroup(), homeLayer = L.layerGroup();

// A gentle arc, always bent the same way, so that lines there and back do not cover each other.
function arc(from, to) {
  const [y1, x1] = from, [y2, x2] = to, points = [];
  const bendX = (x1 + x2) / 2 - (y2 - y1) * 0.14, bendY = (y1 + y2) / 2 + (x2 - x1) * 0.14;
  for (let step = 0; step <= 20; step += 1) {
    const t = step / 20, a = (1 - t) * (1 - t), b = 2 * t * (1 - t), c = t * t;
    points.push([a * y1 + b * bendY + c * y2, a * x1 + b * bendX + c * x2]);
  }
  return points;
}

// From far away lines tell where firms come from; the nearer one looks, the less they say and the more they cover: they fade.
function lineStrength(count) {
  const far = count > 400 ? 0.12 : count > 80 ? 0.2 : 0.42;
  return far / (1 + 1.6 * Math.max(0, map.getZoom() - homeZoom + 1.2));
}
// Thousands of lines are painted on one canvas, which knows no style but what it is told.
const MANY_LINES = 400;
const canvas = L.canvas({ pane: "lines", padding: 0.6 });
const drawnLines = [];
function drawLines() {
  lineLayer.clearLayers();
  drawnLines.length = 0;
  if (!byLayer.homes || !byLayer.firms) return;
  const together = new Map();
  data.firms.forEach((firm, at) => {
    if (firm.home === null || !firmSpots[at] || !passes(firm)) return;
    const key = `${firm.home}:${firm.park}`, members = together.get(key);
    if (members) members.push(at); else together.set(key, [at]);
  });
  const many = together.size > MANY_LINES, style = getComputedStyle(document.documentElement);
  const [way, bright] = ["--way", "--lit"].map((name) => style.getPropertyValue(name).trim());
  for (const members of together.values()) {
    const { home, park } = data.firms[members[0]];
    const lit = members.some((at) => isChosen("firm", at)) || isChosen("park", park) || isChosen("home", home);
    const line = L.polyline(arc(data.homes[home].at, data.parks[park].at), {
      className: lit ? "line lit" : "line", color: lit ? bright : way, weight: lit ? 2.4 : 0.8 + Math.log2(1 + members.length) * 0.5,
      opacity: lit ? 0.95 : lineStrength(together.size), interactive: false, renderer: many ? canvas : renderers.lines, pane: "lines",
    });
    line.addTo(lineLayer);
    if (!lit) drawnLines.push(line);
  }
}
function fadeLines() {
  drawnLines.forEach((line) => line.setStyle({ opacity: lineStrength(drawnLines.length) }));
}

const homeSize = (count) => 18 + Math.min(14, Math.sqrt(count) * 3);
function drawHomes() {
  homeLayer.clearLayers();
  const from = data.homes.map(() => []);
  data.firms.forEach((firm, at) => { if (firm.home !== null && passes(firm)) from[firm.home].push(at); });
  data.homes.forEach((home, index) => {
    const shown = from[index];
    home.count = shown.length;
    if (shown.length === 0 || !byLayer.homes || !byLayer.firms) return;
    const label = say(words.home_label, { name: home.name, n: shown.length });
    const made = spot(home.at, String(shown.length), "home", label, "homes");
    made.on("add", () => {
      const mark = made.getElement().querySelector(".mark");
      mark.style.width = mark.style.height = `${homeSize(shown.length)}px`;
    });
    bindCard(made, () => homeCard(home, shown), 0, 0, ["home", index]);
    made.addTo(homeLayer);
  });
}
data.homes.forEach((home) => addName([home.at], home.name, "home", 0, () => homeSize(home.count) / 2 + 1, () => byLayer.homes && byLayer.firms && home.count > 0));

// Beside its point, like the symbol of a park's local firms: what the point itself stands for stays in sight.
function incumbentSwarm(cluster) {
  const count = cluster.getAllChildMarkers().reduce((sum, made) => sum + made.options.firms, 0), width = 22 + 7 * String(count).length;
  return { className: "swarm local", html: `<span>${incumbentSymbol(11)} ${count}</span>`, iconSize: [width, 18], iconAnchor: [width + 2, -4] };
}
const incumbentLayer = gathered ? swarms(80, "incumbents", incumbentSwarm) : L.layerGroup();
const incumbentSpots = data.incumbents.map((group) => {
  const label = group.firms.length === 1 ? group.firms[0].name : say(words.incumbents_here, { n: group.firms.length });
  const made = spot(group.at, incumbentSymbol(15), "incumbent", label, "incumbents", group.dx, group.dy);
  made.options.firms = group.firms.length;
  bindCard(made, () => incumbentCard(group), group.dx, group.dy);
  return made;
});
const groupPasses = (group) => group.firms.some((firm) => firm.chain === null || state.chains.has(firm.chain));
function drawIncumbents() {
  fill(incumbentLayer, gathered, byLayer.incumbents ? incumbentSpots.filter((made, at) => groupPasses(data.incumbents[at])) : []);
}
data.ground.names.forEach(([places, text, kind]) => addName(places, text, kind, 1, 0,
  (zoom) => byLayer.districts && (kind !== "district" || data.ground.cities === 0 || zoom >= homeZoom + 1.6)));
