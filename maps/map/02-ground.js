// What lies under the plan: sea, land, borders, the region and its districts. Colours are variables of the style, light and dark.
const PANES = { ground: 210, region: 220, heat: 223, bounds: 226, places: 415, lines: 420, areas: 430, parks: 440, incumbents: 610, homes: 620, firms: 640, changes: 650, names: 660 };
for (const [name, height] of Object.entries(PANES)) map.createPane(name).style.zIndex = height;
for (const name of ["names", "places"]) map.getPane(name).style.pointerEvents = "none";
const renderers = {};
for (const name of ["ground", "region", "heat", "bounds", "lines", "areas", "parks"]) renderers[name] = L.svg({ pane: name, padding: 0.6 });

function ofLayer(features, layer) {
  return features.filter((feature) => feature.properties.layer === layer);
}
// The style of a path is that of its class; a class without fill has none in map.css.
function drawn(features, className, pane, more) {
  return L.geoJSON({ type: "FeatureCollection", features }, { className, pane, renderer: renderers[pane], interactive: false, ...more });
}
const groundLayer = L.layerGroup(["country", "province", "near", "border"].map((layer) =>
  drawn(ofLayer([...data.ground.country, ...data.ground.region], layer), `g-${layer}`, "ground")));
const fillLayer = drawn(ofLayer(data.ground.region, "region"), "g-fill", "region");
// The region's outline lies over the lines inside it, its fill below them.
const regionLayer = L.layerGroup(["district", "city", "region"].map((layer) =>
  drawn(ofLayer(data.ground.region, layer), `g-${layer}`, "bounds")));
groundLayer.addTo(map);
fillLayer.addTo(map);
