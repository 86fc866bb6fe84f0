"use strict";
// Everything that a payload says becomes a text node. Nothing on this page is ever parsed as HTML.
(() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const data = JSON.parse($("#data").textContent);
  const CHUNK = 60;
  const OPEN_AT_START = 6;
  const FEW_RECORDS = 5;
  const LINKS = {
    study: [/^NCT\d{8}$/, "https://clinicaltrials.gov/study/"],
    concept: [/^C[1-9]\d*$/, "https://ncithesaurus.nci.nih.gov/ncitbrowser/ConceptReport.jsp?dictionary=NCI_Thesaurus&code="],
  };

  function el(tag, className, ...children) {
    const node = document.createElement(tag);
    if (className) node.className = className;
    node.append(...children.filter((child) => child !== null && child !== ""));
    return node;
  }

  function sign(name) {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("class", `sign ${name}`);
    svg.setAttribute("aria-hidden", "true");
    const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
    use.setAttribute("href", `#s-${name}`);
    svg.append(use);
    return svg;
  }

  const severity = (name) => el("span", `sev ${name}`, sign(name), name);

  function span(piece) {
    if (typeof piece === "string") return document.createTextNode(piece);
    const [style, text] = piece;
    if (style in LINKS && LINKS[style][0].test(text)) {
      const link = el("a", "id", text);
      link.href = LINKS[style][1] + text;
      link.target = "_blank";
      link.rel = "noopener noreferrer";
      return link;
    }
    if (style === "severity") return severity(text);
    if (style === "soft") return el("span", "soft", text);
    return el({ mark: "mark", strong: "strong", code: "code" }[style] || "span", "", text);
  }

  const spans = (pieces) => pieces.map(span);
  const said = (pieces) => pieces.map((piece) => (typeof piece === "string" ? piece : piece[1])).join("");
  const many = (number, one, more) => `${number.toLocaleString("en")} ${number === 1 ? one : more}`;

  // ------------------------------------------------------------ one cause

  function copyButton(label, text, title) {
    const button = el("button", "copy", label);
    button.type = "button";
    button.dataset.copy = text;
    if (title) button.title = title;
    return button;
  }

  function command(target) {
    return data.acknowledge.replace("CAUSE", target);
  }

  function sidesOf(cause) {
    return (cause.sides || []).map(([source, path, value]) =>
      el("div", "side",
        el("p", "from", el("b", "", source), " ", el("code", "", path)),
        el("p", "value", ...(value.length ? spans(value) : [el("span", "soft", "blank")]))));
  }

  function proposalOf([field, current, value, why, evidence]) {
    const edit = el("p", "", el("code", "", field), " ");
    if (current) edit.append(el("del", "", current), " ", el("span", "to", "→"), " ");
    edit.append(el("ins", "", ...spans(value)));
    const reason = el("p", "soft", why);
    for (const item of evidence) reason.append(" ", el("code", "", item));
    return el("div", "proposal", el("h4", "", "Proposed edit"), edit, reason);
  }

  function adviceOf(kind) {
    const parts = [["Why it matters", kind.why], ["What to do", kind.todo]].filter(([, text]) => text);
    return el("div", "advice", ...parts.map(([title, text]) => el("div", "", el("h4", "", title), el("p", "", text))));
  }

  function recordsOf(cause) {
    const records = cause.records || [];
    const head = el("tr", "", ...["Record", "Drug", "Links", "Note"].map((name) => el("th", "", name)));
    const rows = records.map(([id, name, links, fingerprint, note, message]) => {
      const remarks = el("td", "note", [note, message].filter(Boolean).join(": "));
      if (fingerprint && cause.total > 1) {
        remarks.append(copyButton("Copy", command(fingerprint), "Copy the command that acknowledges this record only"));
      }
      return el("tr", "", el("td", "", id), el("td", "", el("strong", "", name)),
        el("td", "links", ...links.flatMap((link) => [span(link), " "])), remarks);
    });
    const table = el("table", "records", el("thead", "", head), el("tbody", "", ...rows));
    if (cause.total <= FEW_RECORDS) return table;
    const left = cause.total - records.length;
    const rest = left ? `, the first ${records.length} shown` : "";
    return el("details", "more-records", el("summary", "", many(cause.total, "record", "records") + rest), table);
  }

  function fill(card, cause) {
    const body = el("div", "body", el("div", "sides", ...sidesOf(cause)));
    body.append(...(cause.proposals || []).map(proposalOf), adviceOf(data.kinds[cause.kind]), recordsOf(cause));
    if (cause.id) {
      const text = command(`--cause ${cause.id}`);
      body.append(el("p", "ack", el("span", "soft", "Known, leave it:"), " ", el("code", "", text), copyButton("Copy", text)));
    }
    card.append(body);
  }

  function card(cause, index, key, open) {
    const details = el("details", "");
    const [first] = cause.records || [];
    const who = first ? [" ", el("strong", "", first[1]), " ", el("span", "soft", first[0] + (cause.total > 1 ? ` and ${(cause.total - 1).toLocaleString("en")} more` : ""))] : [];
    const tags = cause.suspects.filter((s) => s !== "none").map((s) => el("span", "tag suspect", `suspect: ${data.suspects[s]}`));
    const notes = new Set((cause.records || []).map((record) => record[4]).filter(Boolean));
    tags.push(...[...notes].map((note) => el("span", "tag note", note)));
    tags.push(...(cause.because || []).map((reason) => el("span", "tag", data.because[reason] || reason)));
    details.append(el("summary", "", severity(cause.severity),
      el("span", "what", el("span", "title", data.kinds[cause.kind].title), ...who, el("span", "gist", cause.message || "")),
      el("span", "tags", ...tags)));
    const show = () => details.open && !$(".body", details) && fill(details, cause);
    details.open = open;
    show();
    details.addEventListener("toggle", show);
    const article = el("article", `cause ${cause.severity}`, details);
    article.id = `cause-${key}-${index}`;
    return article;
  }

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
    const opens = (cause) => expand.getAttribute("aria-pressed") === "true" || (key === "news" && cause.index < OPEN_AT_START);
    const list = new List(mount, data.causes[key], (cause) => card(cause, cause.index, key, opens(cause)));
    lists.push(Object.assign(list, { key, causes: true, panel: mount.closest("[role=tabpanel]") }));
  }
  for (const table of $$("[data-table]")) {
    const labels = $$("th", table).map((th) => th.textContent);
    const build = (row) => el("tr", "", ...row.map((cell, i) => {
      const td = el("td", "", ...spans(cell));
      td.dataset.label = labels[i];
      return td;
    }));
    const list = new List($("tbody", table), data.tables[table.dataset.table], build);
    lists.push(Object.assign(list, { causes: false, panel: table.closest("[role=tabpanel]") }));
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
    const here = lists.filter((list) => list.panel === current());
    const all = here.reduce((sum, list) => sum + list.items.length, 0);
    const shown = here.reduce((sum, list) => sum + list.shown.length, 0);
    const noun = here.some((list) => list.causes) ? ["cause", "causes"] : ["row", "rows"];
    found.textContent = filtering() ? `${shown.toLocaleString("en")} of ${many(all, ...noun)}` : many(all, ...noun);
  }

  function filter() {
    for (const list of lists) {
      list.show(matching(list));
      const fold = list.mount.closest(".fold");
      if (fold) $(".match", fold).textContent = filtering() ? `${list.shown.length.toLocaleString("en")} match` : "";
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
      const fold = list.mount.closest(".fold");
      if (fold) fold.open = true;
      list.grow(Math.max(0, index + 1 - list.count));
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

  document.addEventListener("keydown", (event) => {
    const typing = event.target.matches("input, select, textarea");
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" && event.target === search) {
      search.value = "";
      filter();
    }
    if (typing) return;
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
    const code = $("code", button.parentElement);
    const done = () => { button.textContent = "Copied"; };
    const byHand = () => code && getSelection().selectAllChildren(code);
    if (navigator.clipboard) navigator.clipboard.writeText(button.dataset.copy).then(done, byHand);
    else byHand();
  });

  // ------------------------------------------------------------ print

  const closed = [];
  addEventListener("beforeprint", () => {
    for (const fold of $$(".fold")) fold.classList.toggle("unread", !fold.open);
    for (const list of lists) if (!list.mount.closest(".fold.unread")) list.grow(Infinity);
    for (const details of $$("details:not([open])")) {
      details.open = true;
      details.dispatchEvent(new Event("toggle"));
      closed.push(details);
    }
  });
  addEventListener("afterprint", () => { for (const details of closed.splice(0)) details.open = false; });

  document.documentElement.classList.add("js");
  for (const hidden of [form, $(".tabs")]) hidden.hidden = false;
  select(tabs[0], false);
  lists.find((list) => list.key === "news").grow();
})();
