"use strict";
// What the page is made of. Everything that a payload says becomes a text node: nothing is ever parsed as HTML.

const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
const data = JSON.parse($("#data").textContent);
const CHUNK = 60;
const OPEN_AT_START = 6;
const OPENED = new Set(["news", "first"]);
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

// The name of a field or a path may go on in the next line after an underscore or slash; a copy of it has no hyphen.
const breakable = (text) => text.split(/(?<=\w[_/])/).flatMap((part, i) => (i ? [el("wbr"), part] : [part]));

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
  if (style === "soft") return el("span", "soft", ...breakable(text));
  if (style === "code") return el("code", "", ...breakable(text));
  return el({ mark: "mark", strong: "strong" }[style] || "span", "", text);
}

const spans = (pieces) => pieces.map(span);
const said = (pieces) => pieces.map((piece) => (typeof piece === "string" ? piece : piece[1])).join("");
const many = (number, one, more) => `${number.toLocaleString("en")} ${number === 1 ? one : more}`;

// ------------------------------------------------------------ one cause

function copyButton(label, text, title) {
  const button = el("button", "copy", label);
  button.type = "button";
  button.dataset.copy = text;
  button.title = title;
  return button;
}

function command(target) {
  return data.acknowledge.replace("CAUSE", target);
}

function sidesOf(cause) {
  return (cause.sides || []).map(([source, path, value]) =>
    el("div", "side",
      el("p", "from", el("b", "", source), " ", el("code", "", ...breakable(path))),
      el("p", "value", ...(value.length ? spans(value) : [el("span", "soft", "blank")]))));
}

function proposalOf([field, current, value, why, evidence, scope]) {
  const edit = el("p", "", el("code", "", field), " ");
  if (current) edit.append(el("del", "", current), " ", el("span", "to", "→"), " ");
  edit.append(el("ins", "", ...spans(value)));
  const seen = evidence.map((item) => el("code", "evidence", ...breakable(item)));
  return el("div", "proposal", el("h4", "", scope ? `Proposed edit ${scope}` : "Proposed edit"), edit, el("p", "soft", why), ...seen);
}

function adviceOf(kind) {
  const parts = [["Why it matters", kind.why], ["What to do", kind.todo]].filter(([, text]) => text);
  return el("div", "advice", ...parts.map(([title, text]) => el("div", "", el("h4", "", title), el("p", "", text))));
}

function recordsOf(cause) {
  const records = cause.records || [];
  const noted = cause.total > 1 || records.some(([, , , , , message]) => message);
  const labels = ["Record", "Drug", "Links", ...(noted ? ["Note"] : [])];
  const head = el("tr", "", ...labels.map((name) => Object.assign(el("th", "", name), { scope: "col" })));
  const rows = records.map(([id, name, links, fingerprint, note, message]) => {
    const remarks = el("td", "note", [note, message].filter(Boolean).join(": "));
    if (fingerprint && cause.total > 1) {
      remarks.append(copyButton("Copy", command(fingerprint), "Copy the command that acknowledges this record only"));
    }
    const cells = [el("td", "", id), el("td", "", el("strong", "", name)),
      el("td", "links", el("span", "", ...links.flatMap((link) => [span(link), " "]))), remarks].slice(0, labels.length);
    cells.forEach((cell, i) => { cell.dataset.label = labels[i]; });
    return el("tr", "", ...cells);
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
    body.append(el("p", "ack", el("span", "soft", "Known, leave it:"), " ", el("code", "", text), copyButton("Copy", text, "Copy the command that acknowledges this cause")));
  }
  card.append(body);
}

function card(cause, index, key, open) {
  const details = el("details", "");
  const title = el("span", "title", data.kinds[cause.kind].title);
  title.role = "heading";
  title.ariaLevel = "3";
  const [first] = cause.records || [];
  const who = first ? [" ", el("strong", "", first[1]), " ", el("span", "soft", first[0] + (cause.total > 1 ? ` and ${(cause.total - 1).toLocaleString("en")} more` : ""))] : [];
  const tags = cause.suspects.filter((s) => s !== "none").map((s) => el("span", "tag suspect", `suspect: ${data.suspects[s]}`));
  const notes = new Set((cause.records || []).map((record) => record[4]).filter(Boolean));
  tags.push(...[...notes].map((note) => el("span", "tag note", note)));
  tags.push(...(cause.because || []).map((reason) => el("span", "tag", data.because[reason] || reason)));
  details.append(el("summary", "", severity(cause.severity),
    el("span", "what", title, ...who, el("span", "gist", cause.message || "")),
    el("span", "tags", ...tags)));
  const show = () => details.open && !$(".body", details) && fill(details, cause);
  details.open = open;
  show();
  details.addEventListener("toggle", show);
  const article = el("article", `cause ${cause.severity}`, details);
  article.id = `cause-${key}-${index}`;
  return article;
}
