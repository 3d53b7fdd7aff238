// An online base map, where the plan asks for one: it is not on the map, and nothing is loaded, before somebody turns it on.
let baseLayer = null;
if (data.base) {
  byLayer.base = false;
  baseLayer = L.layerGroup(data.base.paths.map((path) => L.tileLayer(`https:${"//"}{s}${path}`, { subdomains: data.base.hosts, maxZoom: 17 })));
}
