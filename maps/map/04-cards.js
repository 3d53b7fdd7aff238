// Popups: one neat table of facts each.
function factRows(facts) {
  return facts.map(([key, value, assumed]) => node("tr", { class: value.length > 26 ? "wide" : false },
    node("th", { scope: "row" }, data.labels[key]), node("td", {}, value + (assumed ? " *" : ""))));
}

function card(title, sub, facts, ...more) {
  const starred = facts.some((fact) => fact[2]) || more.some((part) => part && part.dataset.starred);
  return node("div", { class: "card" }, node("h2", {}, title), sub,
    facts.length ? node("table", {}, node("tbody", {}, ...factRows(facts))) : null, ...more,
    starred ? node("p", { class: "mark-note" }, words.assumed_note) : null);
}

function firmButton(index) {
  const firm = data.firms[index];
  return node("li", {}, node("button", { type: "button", click: () => openFirm(index) }, symbolNode(chainSymbol(firm.chain, 14)),
    node("span", { class: "t" }, firm.name), node("span", { class: "n" }, firm.quarter === null ? "" : data.quarters[firm.quarter])));
}

function firmList(heading, indices) {
  if (indices.length === 0) return null;
  return node("section", {}, node("h3", {}, say(heading, { n: indices.length })), node("ul", {}, ...indices.map(firmButton)));
}

function firmCard(index) {
  const firm = data.firms[index];
  const sub = node("p", { class: "sub" }, symbolNode(chainSymbol(firm.chain, 13)), data.chains[firm.chain].name,
    firm.link === null ? "" : " › " + data.links[firm.link].name, firm.id ? " · " + firm.id : "");
  return card(firm.name, sub, firm.facts);
}

function useBars(park) {
  if (park.use.length === 0) return null;
  const bars = park.use.map(([name, amount, share, assumed]) => {
    const kind = share === null ? "" : share > 1.0005 ? " over" : share >= 0.95 ? " full" : "";
    const fill = node("i", {});
    fill.style.width = `${Math.min(100, Math.max(0, 100 * (share || 0)))}%`;
    return node("div", {}, node("div", { class: "use" }, node("span", {}, name + (assumed ? " *" : "")), node("span", {}, amount)),
      share === null ? null : node("div", { class: "bar" + kind, role: "img", "aria-label": `${name} ${amount}` }, fill));
  });
  const made = node("section", {}, node("h3", {}, say(words.use_at, { quarter: data.quarters[data.quarters.length - 1] })), ...bars);
  if (park.use.some((use) => use[3])) made.dataset.starred = "1";
  return made;
}

function ruleList(park) {
  if (park.rule_count === 0) return null;
  const rows = park.rules.map(([name, text, missed]) => node("tr", { class: missed ? "wide missed" : "wide" },
    node("th", { scope: "row" }, name), node("td", {}, text)));
  const more = park.rule_count - park.rules.length;
  return node("section", {}, node("h3", {}, say(words.rules_here, { n: park.rule_count })), node("table", {}, node("tbody", {}, ...rows)),
    more ? node("p", { class: "sub" }, say(words.more_rules, { n: more })) : null);
}

function parkCard(index) {
  const park = data.parks[index];
  const here = data.firms.map((firm, at) => at).filter((at) => data.firms[at].park === index && inPart(data.firms[at]));
  return card(park.name, node("p", { class: "sub" }, [park.where, park.id].filter(Boolean).join(" · ")), park.facts, useBars(park),
    firmList(words.firms_here, here) || node("p", { class: "sub" }, words.no_firm_here), ruleList(park));
}

function homeCard(home, shown) {
  return card(home.name, node("p", { class: "sub" }, words.home_city), [], firmList(words.firms_from, shown));
}

function incumbentCard(group) {
  const [first] = group.firms;
  if (group.firms.length === 1) return card(first.name, node("p", { class: "sub" }, words.incumbent), first.facts);
  const lists = group.firms.map((firm) => node("section", {}, node("h3", {}, firm.name),
    node("table", {}, node("tbody", {}, ...factRows(firm.facts)))));
  const made = node("div", {}, ...lists);
  if (group.firms.some((firm) => firm.facts.some((fact) => fact[2]))) made.dataset.starred = "1";
  return card(say(words.incumbents_here, { n: group.firms.length }), node("p", { class: "sub" }, group.where || words.incumbent), [], made);
}

function linkCard(index) {
  const link = data.links[index];
  const here = data.firms.map((firm, at) => at).filter((at) => data.firms[at].link === index);
  return card(link.name, node("p", { class: "sub" }, symbolNode(chainSymbol(link.chain, 13)), data.chains[link.chain].name, link.id ? " · " + link.id : ""), link.facts,
    firmList(words.firms_of_link, here) || node("p", { class: "sub" }, words.no_firm_of_link));
}
