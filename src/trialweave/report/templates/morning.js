// ------------------------------------------------------------ lists that grow as they are read

class List {
  constructor(mount, items, build) {
    Object.assign(this, { mount, items, build, shown: items, count: 0, end: el("div", "end") });
    (mount.closest("table") || mount).after(this.end);
    this.watch = new IntersectionObserver((seen) => seen.some((s) => s.isIntersecting) && this.grow(), { rootMargin: "900px" });
    this.watch.observe(this.end);
  }

  grow(number = CHUNK) {
    const next = this.shown.slice(this.count, this.count + number);
    if (!next.length) return;
    this.mount.append(...next.map((item) => this.build(item)));
    this.count += next.length;
    this.watch.unobserve(this.end);
    if (this.count < this.shown.length) this.watch.observe(this.end);
  }

  show(items) {
    this.shown = items;
    this.count = 0;
    this.mount.replaceChildren();
    this.watch.unobserve(this.end);
    this.watch.observe(this.end);
  }
}

const expand = $("#expand");
const lists = [];

for (const mount of $$("[data-causes]")) {
  const key = mount.dataset.causes;
  data.causes[key].forEach((cause, index) => { cause.index = index; });
  const opens = (cause) => expand.getAttribute("aria-pressed") === "true" || (OPENED.has(key) && cause.index < OPEN_AT_START);
  const list = new List(mount, data.causes[key], (cause) => card(cause, cause.index, key, opens(cause)));
  lists.push(Object.assign(list, { key, causes: true, fold: mount.closest(".fold"), panel: mount.closest("[role=tabpanel]") }));
}
for (const table of $$("[data-table]")) {
  const labels = $$("th", table).map((th) => th.textContent);
  const build = (row) => el("tr", "", ...row.map((cell, i) => {
    const td = el("td", "", ...spans(cell));
    td.dataset.label = labels[i];
    return td;
  }));
  const list = new List($("tbody", table), data.tables[table.dataset.table], build);
  lists.push(Object.assign(list, { key: table.dataset.table, causes: false, scroll: table.closest(".scroll"), panel: table.closest("[role=tabpanel]") }));
}

// ------------------------------------------------------------ search and filters

const form = $(".filters"), search = $("#q"), suspect = $("#suspect"), kind = $("#kind"), found = $("#found");
const chips = $$("[data-severity]");
const texts = new Map();

function textOf(item) {
  if (!texts.has(item)) {
    const parts = Array.isArray(item) ? item.map(said) : [
      data.kinds[item.kind].title, item.kind, item.field, item.id, item.message,
      ...(item.sides || []).map(([source, path, value]) => `${source} ${path} ${said(value)}`),
      ...(item.proposals || []).map(([field, current, value, why]) => `${field} ${current} ${said(value)} ${why}`),
      ...(item.records || []).map(([id, name, links, fingerprint, note]) => `${id} ${name} ${said(links.map((l) => [" ", l]).flat())} ${fingerprint} ${note}`),
    ];
    texts.set(item, parts.join(" \n").toLowerCase());
  }
  return texts.get(item);
}

function matching(list) {
  const terms = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  const pressed = chips.filter((chip) => chip.getAttribute("aria-pressed") === "true").map((chip) => chip.dataset.severity);
  return list.items.filter((item) =>
    (!list.causes || ((!pressed.length || pressed.includes(item.severity))
      && (!suspect.value || item.suspects.includes(suspect.value)) && (!kind.value || item.kind === kind.value)))
    && terms.every((term) => textOf(item).includes(term)));
}

const filtering = () => Boolean(search.value.trim() || suspect.value || kind.value || $("[data-severity][aria-pressed=true]"));

function count() {
  const inPanel = lists.filter((list) => list.panel === current());
  const told = inPanel.filter((list) => !list.fold);
  const here = told.some((list) => list.items.length) ? told : inPanel;
  const all = here.reduce((sum, list) => sum + list.items.length, 0);
  const shown = here.reduce((sum, list) => sum + list.shown.length, 0);
  const noun = here.some((list) => list.causes) ? ["cause", "causes"] : ["row", "rows"];
  found.textContent = filtering() ? `${shown.toLocaleString("en")} of ${many(all, ...noun)}` : many(all, ...noun);
}

function filter() {
  document.body.classList.toggle("filtering", filtering());
  for (const list of lists) {
    list.show(matching(list));
    if (list.fold) $(".match", list.fold).textContent = filtering() ? many(list.shown.length, "match", "matches") : "";
  }
  count();
}

for (const [name, { title }] of Object.entries(data.kinds).sort((a, b) => a[1].title.localeCompare(b[1].title, "en"))) {
  const option = el("option", "", title);
  option.value = name;
  kind.append(option);
}
for (const chip of chips) {
  chip.addEventListener("click", () => {
    chip.setAttribute("aria-pressed", String(chip.getAttribute("aria-pressed") !== "true"));
    filter();
  });
}
form.addEventListener("input", filter);
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("reset", () => {
  chips.forEach((chip) => chip.setAttribute("aria-pressed", "false"));
  setTimeout(filter);
});
expand.addEventListener("click", () => {
  const open = expand.getAttribute("aria-pressed") !== "true";
  expand.setAttribute("aria-pressed", String(open));
  expand.textContent = open ? "Collapse all" : "Expand all";
  for (const details of $$(".cause > details", current())) details.open = open;
});

// ------------------------------------------------------------ tabs

const tabs = $$("[role=tab]");
const current = () => $("#" + $("[role=tab][aria-selected=true]").getAttribute("aria-controls"));

function select(tab, focus = true) {
  for (const other of tabs) {
    other.setAttribute("aria-selected", String(other === tab));
    other.tabIndex = other === tab ? 0 : -1;
    $("#" + other.getAttribute("aria-controls")).classList.toggle("away", other !== tab);
  }
  if (focus) tab.focus();
  const here = lists.filter((list) => list.panel === current());
  form.classList.toggle("away", !here.length);
  for (const control of $$(".causes-only")) control.classList.toggle("away", !here.some((list) => list.causes));
  count();
}

tabs.forEach((tab, index) => {
  tab.addEventListener("click", () => select(tab));
  tab.addEventListener("keydown", (event) => {
    const to = { ArrowRight: index + 1, ArrowLeft: index - 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    select(tabs[(to + tabs.length) % tabs.length]);
  });
});

// ------------------------------------------------------------ going somewhere

function go(key, index) {
  form.reset();
  select($("#tab-" + (key === "across" ? "across" : "news")), false);
  setTimeout(() => {
    const list = lists.find((candidate) => candidate.key === key);
    if (list.fold) list.fold.open = true;
    // A chunk more than needed, so that the page is long enough to bring the cause to its top.
    if (list.count < index + CHUNK) list.grow(index + CHUNK - list.count);
    const details = $("details", list.mount.children[index]);
    details.open = true;
    details.scrollIntoView({ block: "start" });
    $("summary", details).focus({ preventScroll: true });
  });
}

for (const link of $$("[data-index]")) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    go(link.dataset.section, Number(link.dataset.index));
  });
}

function step(by) {
  const summaries = $$(".cause > details > summary", current()).filter((summary) => summary.offsetParent);
  const at = summaries.indexOf(document.activeElement);
  const next = summaries[at < 0 ? 0 : Math.min(summaries.length - 1, Math.max(0, at + by))];
  if (next) next.focus();
}

let letters = true;
$("#keys").addEventListener("click", () => {
  letters = !letters;
  $("#keys").textContent = letters ? "Turn / j k off" : "Turn / j k on";
});

document.addEventListener("keydown", (event) => {
  const typing = event.target.matches("input, select, textarea");
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape" && event.target === search) {
    search.value = "";
    filter();
  }
  if (typing || !letters) return;
  if (event.key === "/") {
    event.preventDefault();
    search.focus();
    search.select();
  }
  if (event.key === "j") step(1);
  if (event.key === "k") step(-1);
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const done = () => {
    for (const other of $$("[data-copy]")) other.textContent = other === button ? "Copied" : "Copy";
    $("#told").textContent = "Copied";
  };
  const byHand = () => {
    const beside = $("code", button.parentElement);
    const code = beside || button.parentElement.appendChild(el("code", "", button.dataset.copy));
    getSelection().selectAllChildren(code);
    $("#told").textContent = "Selected, to be copied by hand";
  };
  if (navigator.clipboard) navigator.clipboard.writeText(button.dataset.copy).then(done, byHand);
  else byHand();
});

// ------------------------------------------------------------ print

const closed = [];

// A browser lays out every page before it prints the first one: ten thousand causes would keep it busy for minutes.
function onPaper(list) {
  const [most, nouns] = list.causes ? [200, ["cause", "causes"]] : [1000, ["row", "rows"]];
  list.grow(Math.max(0, most - list.count));
  if (list.count < list.shown.length) {
    list.end.textContent = `On paper are the first ${list.count.toLocaleString("en")} of ${many(list.shown.length, ...nouns)}.`
      + " Narrow them by the filters to print others; the files of the run have all.";
  }
}

addEventListener("beforeprint", () => {
  for (const fold of $$(".fold")) fold.classList.toggle("unread", !fold.open);
  // Fills are no news and can be thousands: on paper their number does, unless their tab is the one that is open.
  for (const list of lists) list.scroll?.classList.toggle("unread", list.key === "fills" && list.panel.classList.contains("away"));
  for (const list of lists) if (!(list.fold || list.scroll)?.classList.contains("unread")) onPaper(list);
  for (const details of $$("details:not([open])")) {
    details.open = true;
    details.dispatchEvent(new Event("toggle"));
    closed.push(details);
  }
});
addEventListener("afterprint", () => {
  for (const details of closed.splice(0)) details.open = false;
  for (const list of lists) list.end.textContent = "";
});

document.documentElement.classList.add("js");
for (const hidden of [form, $(".tabs")]) hidden.hidden = false;
select(tabs[0], false);
for (const list of lists) if (OPENED.has(list.key)) list.grow();
