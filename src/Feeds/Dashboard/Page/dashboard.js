"use strict";

// All text goes in as textContent and all looks come from classes: nothing that arrives is ever read as markup.
const page = { feeds: [], history: new Map(), lastTick: null, rows: new Map() };
const values = [
  { key: "obi_top", name: "obi_top", show: v => v.toFixed(3) },
  { key: "basis", name: "basis %", show: v => (v * 100).toFixed(4) },
  { key: "oi", name: "oi", show: short },
  { key: "funding", name: "funding %", show: v => (v * 100).toFixed(4), wide: true },
];
const marks = { OK: "●", STALE: "▲", DOWN: "✕", OFF: "·" };
const maxPoints = 120;

const at = id => document.getElementById(id);

function make(tag, text, className) {
  const element = document.createElement(tag);
  if (text !== undefined) element.textContent = text;
  if (className) element.className = className;
  return element;
}

function set(element, text, className) {
  if (element.textContent !== text) element.textContent = text;
  if (className !== undefined && element.className !== className) element.className = className;
}

function short(value) {
  const size = Math.abs(value);
  for (const [limit, unit] of [[1e9, "B"], [1e6, "M"], [1e4, "k"]]) {
    if (size >= limit) return (value / (unit === "k" ? 1e3 : limit)).toPrecision(4) + unit;
  }
  return size >= 1000 ? value.toFixed(0) : value.toPrecision(4);
}

function age(ms) {
  if (ms === null || ms === undefined) return "–";
  return ms < 10000 ? (ms / 1000).toFixed(1) + " s" : ms < 120000 ? Math.round(ms / 1000) + " s" : Math.round(ms / 60000) + " min";
}

function spark() {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "spark");
  svg.setAttribute("viewBox", "0 0 100 20");
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("aria-hidden", "true");
  svg.append(document.createElementNS("http://www.w3.org/2000/svg", "path"));
  return svg;
}

function draw(svg, points) {
  const known = points.filter(p => p !== null);
  if (known.length < 2) return;
  const low = Math.min(...known), high = Math.max(...known), span = high - low;
  let line = "", pen = "M";
  points.forEach((p, i) => {
    if (p === null) { pen = "M"; return; }
    line += `${pen}${(i * 100 / Math.max(1, points.length - 1)).toFixed(1)} ${(span ? 19 - (p - low) / span * 18 : 10).toFixed(1)}`;
    pen = "L";
  });
  svg.firstChild.setAttribute("d", line);
}

function remember(status) {
  if (!status.last_tick_time || status.last_tick_time === page.lastTick) return;
  page.lastTick = status.last_tick_time;
  for (const symbol of status.symbols) {
    if (!symbol.row) continue;
    const kept = page.history.get(symbol.symbol) ?? {};
    const isNew = symbol.row.timestamp >= status.last_tick_time;
    for (const { key } of values) (kept[key] ??= []).push(isNew ? symbol.row[key] : null);
    for (const { key } of values) if (kept[key].length > maxPoints) kept[key].shift();
    page.history.set(symbol.symbol, kept);
  }
}

function header(table, names) {
  const row = make("tr");
  for (const [name, className] of names) {
    const cell = make("th", name, className);
    cell.scope = "col";
    row.append(cell);
  }
  table.tHead.replaceChildren(row);
}

function makeRow(symbol) {
  const row = make("tr");
  const cells = { name: make("td", symbol), health: make("td"), feeds: new Map(), values: new Map(), errors: make("td", "", "wrap") };
  cells.health.className = "left";
  row.append(cells.name, cells.health);
  for (const feed of page.feeds) {
    const cell = make("td", "", "mark");
    cell.dataset.name = feed;
    cells.feeds.set(feed, cell);
    row.append(cell);
  }
  for (const { key, name, wide } of values) {
    const cell = make("td", undefined, wide ? "value wide" : "value");
    cell.dataset.name = name;
    const text = make("span"), line = spark();
    cell.append(text, line);
    cells.values.set(key, { text, line });
    row.append(cell);
  }
  row.append(cells.errors);
  page.rows.set(symbol, { row, cells });
  return row;
}

function showSymbols(status) {
  const feeds = [...new Set(status.symbols.flatMap(s => Object.keys(s.feeds)))];
  const table = at("symbols");
  if (feeds.join() !== page.feeds.join()) {
    page.feeds = feeds;
    page.rows.clear();
    header(table, [["symbol"], ["state", "left"], ...feeds.map(f => [f, "mark"]), ...values.map(v => [v.name, v.wide ? "wide" : ""]), ["source_errors", "left"]]);
    table.tBodies[0].replaceChildren();
  }
  const wanted = new Set(status.symbols.map(s => s.symbol));
  for (const [name, { row }] of page.rows) if (!wanted.has(name)) { row.remove(); page.rows.delete(name); }
  for (const symbol of status.symbols) {
    if (!page.rows.has(symbol.symbol)) table.tBodies[0].append(makeRow(symbol.symbol));
    const { cells } = page.rows.get(symbol.symbol);
    set(cells.health, symbol.health, "left " + symbol.health.toLowerCase());
    for (const [feed, cell] of cells.feeds) {
      const state = symbol.feeds[feed] ?? { state: "OFF" };
      set(cell, marks[state.state] ?? "?", "mark " + state.state.toLowerCase());
      cell.title = `${feed}: ${state.state}, ${age(state.last_msg_age_ms)} old, ${state.error_count ?? 0} errors`;
    }
    for (const { key, show } of values) {
      const { text, line } = cells.values.get(key);
      const value = symbol.row?.[key];
      set(text, value === null || value === undefined ? "–" : show(value));
      draw(line, page.history.get(symbol.symbol)?.[key] ?? []);
    }
    set(cells.errors, (symbol.row?.source_errors ?? "").replaceAll(";", " "));
  }
}

function showStreams(streams) {
  const table = at("streams");
  if (!table.tHead.rows.length) header(table, [["connection"], ["path", "left wide"], ["open", "mark"], ["streams", "wide"], ["frames"], ["newest"], ["again"], ["last error", "left wide"]]);
  table.tBodies[0].replaceChildren(...streams.map(s => {
    const row = make("tr");
    row.append(
      make("td", s.name), make("td", s.path, "left wide"), make("td", s.connected ? "●" : "✕", "mark " + (s.connected ? "ok" : "down")),
      make("td", String(s.streams), "wide"), make("td", s.frames.toLocaleString("en")), make("td", age(s.last_frame_age_ms)),
      make("td", String(s.reconnects)), make("td", s.last_error ?? "", "wrap wide"));
    return row;
  }));
}

// Who owns what, also of nodes that are down: what the referee showed this node last.
function showCluster(cluster) {
  at("cluster").hidden = !cluster;
  if (!cluster) return;
  const table = at("members");
  if (!table.tHead.rows.length) header(table, [["node"], ["state", "left"], ["address", "left wide"], ["owns"], ["symbols", "left"]]);
  table.tBodies[0].replaceChildren(...cluster.members.map(m => {
    const row = make("tr");
    row.append(
      make("td", m.node === cluster.node ? m.node + " (this)" : m.node),
      make("td", m.state, "left " + (m.state === "ALIVE" ? "ok" : m.state === "DRAINING" ? "stale" : "down")),
      make("td", m.address, "left wide"), make("td", String(m.symbols)),
      make("td", cluster.shards.filter(s => s.owner === m.node).map(s => s.symbol).join(" "), "wrap names"));
    return row;
  }));
  const free = cluster.shards.filter(s => s.state !== "OWNED").map(s => s.symbol);
  set(at("free"), free.length ? "Without a living owner: " + free.join(" ") : "", "down");
}

function showCounters(status) {
  const c = status.counters, rest = status.rest;
  const counters = [
    ["symbols OK", `${c.health.OK ?? 0} of ${c.symbols}`], ["rows", c.rows.toLocaleString("en")], ["every", status.interval_sec + " s"],
    ["events", c.events.toLocaleString("en")], ["errors", c.errors.toLocaleString("en")], ["rejected", c.rejected.toLocaleString("en")],
    ["restarts", String(c.restarts)], ["reconnects", String(c.reconnects)], ["REST weight", `${rest.used_weight} / ${rest.weight_limit}`],
  ];
  at("counters").replaceChildren(...counters.map(([name, value]) => {
    const pair = make("div");
    pair.append(make("dt", name), make("dd", value));
    return pair;
  }));
}

function show({ status, problems }) {
  document.body.classList.remove("lost");
  remember(status);
  set(at("verdict"), "data_feeds: " + status.data_feeds, "verdict " + status.data_feeds.toLowerCase());
  document.title = (status.data_feeds === "OK" ? "" : "! ") + "Feeds " + status.data_feeds;
  const up = (Date.parse(status.time) - Date.parse(status.start_time)) / 60000;
  set(at("clock"), `${status.time.slice(11, 19)} UTC, up ${up < 120 ? up.toFixed(0) + " min" : (up / 60).toFixed(0) + " h"}`);
  at("reasons").replaceChildren(...status.reasons.map(r => make("li", r)));
  showCounters(status);
  showSymbols(status);
  showStreams(status.streams);
  showCluster(status.cluster);
  at("problems").replaceChildren(...(problems.length ? problems : [{ time: "", text: "none" }]).map(p => {
    const item = make("li");
    if (p.time) item.append(make("time", p.time.slice(11, 19)));
    item.append(make("span", p.text, p.level === "ERROR" ? "down" : ""));
    return item;
  }));
}

function take(block) {
  const fields = Object.fromEntries(block.split("\n").filter(l => l.includes(":")).map(l => [l.slice(0, l.indexOf(":")), l.slice(l.indexOf(":") + 1).trim()]));
  if (!fields.data) return;
  const data = JSON.parse(fields.data);
  if (fields.event === "history") {
    page.history = new Map(Object.entries(data.symbols));
    page.lastTick = data.last_tick_time;
  } else {
    show(data);
  }
}

// Not EventSource: that cannot show a token.
async function listen() {
  const token = sessionStorage.getItem("token");
  const answer = await fetch("events", { headers: token ? { Authorization: "Bearer " + token } : {}, cache: "no-store" });
  at("login").hidden = answer.status !== 401;
  if (answer.status === 401) {
    at("refused").hidden = !token;
    sessionStorage.removeItem("token");
    set(at("verdict"), "locked", "verdict waiting");
    return false;
  }
  if (!answer.ok) throw new Error(String(answer.status));
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) throw new Error("ended");
    text += value;
    const blocks = text.split("\n\n");
    text = blocks.pop();
    blocks.forEach(take);
  }
}

async function stayConnected() {
  for (;;) {
    try {
      if (await listen() === false) return;
    } catch {
      document.body.classList.add("lost");
      set(at("verdict"), "no answer", "verdict down");
      await new Promise(again => setTimeout(again, 2000));
    }
  }
}

at("login").addEventListener("submit", event => {
  event.preventDefault();
  sessionStorage.setItem("token", at("token").value.trim());
  at("token").value = "";
  stayConnected();
});
stayConnected();
