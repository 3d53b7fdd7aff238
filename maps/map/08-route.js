// A journey: numbered stops in their order, the way between them, and what is known of each.
const routeLayer = L.layerGroup();
if (data.route.length) byLayer.route = true;
const ROUTE = "#b8431a";
function stopFacts(stop) {
  const times = stop.arrival !== null || stop.departure !== null
    ? say(words.stop_times, { arrival: stop.arrival ?? "—", departure: stop.departure ?? "—" }) : null;
  return [stop.day, times].filter((text) => text !== null).join(" · ");
}
if (data.route.length > 1) {
  L.polyline(data.route.map((stop) => stop.at), { color: ROUTE, weight: 2.4, opacity: 0.8, interactive: false,
    renderer: renderers.lines, pane: "lines" }).addTo(routeLayer);
}
const stopSpots = data.route.map((stop, at) => {
  const made = spot(stop.at, String(at + 1), "stop", `${at + 1} ${stop.name}`, "changes");
  bindCard(made, () => card(`${at + 1}  ${stop.name}`, node("p", { class: "sub" }, stopFacts(stop)), []), 0, 0, ["stop", at]);
  addName([stop.at], stop.name, "park", 0, 12, () => byLayer.route);
  return made.addTo(routeLayer);
});
