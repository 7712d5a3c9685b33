//<![CDATA[
// SPDX-License-Identifier: ISC: the age of the data, sorting and looking for words. All that the page tells stands
// there without it.
"use strict";

// "3 d 4 h", as rmdcheck writes it.
function ageText(seconds) {
  const parts = [[86400, "d", 3600, "h"], [3600, "h", 60, "min"], [60, "min", 1, "s"]];
  for (const [unit, name, lesser, lesserName] of parts)
    if (seconds >= unit)
      return `${Math.floor(seconds / unit)} ${name} ${Math.floor((seconds % unit) / lesser)} ${lesserName}`;
  return `${seconds} s`;
}

// A page that was left open, or not written anew, must not pass for a good one.
function ageShow() {
  const state = document.getElementById("state");
  if (!state.dataset.checked)
    return;
  const seconds = Math.max(0, Math.floor(Date.now() / 1000) - Number(state.dataset.checked));
  document.getElementById("age").textContent = ` (${ageText(seconds)} ago)`;
  if (seconds > Number(state.dataset.maxAge) && !state.classList.contains("bad")) {
    state.classList.replace("good", "bad");
    state.setAttribute("role", "alert");
    state.querySelector("strong").textContent = "Stale: this page has become too old for a verdict.";
    document.title += " \u2013 stale";
  }
}

function cellValue(row, index) {
  const cell = row.cells[index];
  const time = cell.querySelector("time");
  return cell.dataset.sort || (time ? String(Date.parse(time.dateTime)) : cell.textContent.trim());
}

// Rows of equal value keep their order.
function tableSort(table, index) {
  const heads = [...table.tHead.rows[0].cells];
  const order = heads[index].getAttribute("aria-sort") === "ascending" ? -1 : 1;
  const collator = new Intl.Collator("en", { numeric: true });
  const rows = [...table.tBodies[0].rows].map((row) => [cellValue(row, index).replace(/(\d),(?=\d{3})/g, "$1"), row]);
  rows.sort((a, b) => (a[0] === "") - (b[0] === "") || order * collator.compare(a[0], b[0]));
  heads.forEach((head) => head.removeAttribute("aria-sort"));
  heads[index].setAttribute("aria-sort", order === 1 ? "ascending" : "descending");
  table.tBodies[0].append(...rows.map((entry) => entry[1]));
}

function tableFilter(table, text, output) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const row of table.tBodies[0].rows) {
    const content = row.textContent.toLowerCase();
    row.hidden = !words.every((word) => content.includes(word));
    shown += !row.hidden;
  }
  output.textContent = words.length ? `${shown} of ${table.tBodies[0].rows.length} rows` : "";
}

function tableSortable(table) {
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, index) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    button.addEventListener("click", () => tableSort(table, index));
    head.append(button);
  });
}

// A table that is seen at a glance needs no search.
function tableSearchable(table) {
  if (8 > table.tBodies[0].rows.length)
    return;
  const find = document.createElement("div");
  const label = document.createElement("label");
  const input = document.createElement("input");
  const output = document.createElement("output");
  find.className = "find";
  input.type = "search";
  input.id = `${table.id}-find`;
  label.htmlFor = input.id;
  label.textContent = "Only rows with";
  output.htmlFor.add(input.id);
  input.addEventListener("input", () => tableFilter(table, input.value, output));
  find.append(label, input, output);
  table.parentElement.before(find);
}

document.querySelectorAll("table").forEach(tableSortable);
document.querySelectorAll("#peers, #deadlines, #events").forEach(tableSearchable);
addEventListener("beforeprint", () => document.querySelectorAll("details").forEach((part) => { part.open = true; }));
ageShow();
setInterval(ageShow, 60000);
//]]>
