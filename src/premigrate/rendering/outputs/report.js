// Turns the data of the page into what is seen. Texts of the run only ever become text nodes, never markup.
"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const { texts, kinds, accounts, rows, totals } = data;
  const explain = new Map(Object.entries(data.explain));
  const LEVELS = data.levels;
  const SAYS = {
    error: "the API says it on this call",
    next: "it says it once the errors are mended",
    advice: "it accepts this, but look",
  };
  const PAGE = 100;
  const SHORT = 8;
  const kept = rows.kind.length;
  const found = totals.error + totals.next + totals.advice;
  const ALL = () => ({ levels: new Set(LEVELS.keys()), code: null, pattern: null, owner: null, words: "", page: 0 });
  let filter = ALL();
  let matches = [];
  const long = { codes: false, patterns: false, worst: false };

  // ---- words and elements

  const at = (id) => document.getElementById(id);
  const count = (many) => many.toLocaleString("en");
  const amount = (many, noun) => `${count(many)} ${noun}${many === 1 ? "" : "s"}`;
  // Rounded down, so that only all is 100 %.
  const share = (many, all) => (many && many * 1000 < all ? "under 0.1 %" : `${Math.floor((1000 * many) / all) / 10} %`);

  // What can't be seen, or turns the text around it, is written as an escape.
  const plain = (text) =>
    text.replace(/[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/gu, (odd) => {
      const code = odd.codePointAt(0).toString(16);
      return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, "0")}`;
    });

  function make(tag, attributes = {}, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name === "on") Object.entries(value).forEach(([event, act]) => made.addEventListener(event, act));
      else if (value !== false && value !== null) made.setAttribute(name, value === true ? "" : value);
    }
    made.append(...children.filter((child) => child !== null && child !== ""));
    return made;
  }
  const button = (text, act, attributes = {}) => make("button", { type: "button", on: { click: act }, ...attributes }, text);

  // ---- what is filtered

  const isFiltered = () =>
    filter.levels.size < LEVELS.length || filter.code !== null || filter.pattern !== null || filter.owner || filter.words;

  const takesKind = ([level, code, pattern], free = "") =>
    filter.levels.has(level) &&
    (free === "code" || filter.code === null || filter.code === code) &&
    (free === "pattern" || filter.pattern === null || filter.pattern === pattern);

  const isOwner = ([file, index]) =>
    !filter.owner || (texts[file] === filter.owner.file && (filter.owner.index < 0 || filter.owner.index === index));

  let lowered = null;
  function hitsOf(word) {
    lowered ??= texts.map((text) => text.toLowerCase());
    return lowered.map((text) => text.includes(word));
  }

  function find() {
    const kindFits = kinds.map((kind) => takesKind(kind));
    const ownerFits = accounts.map(isOwner);
    const words = filter.words.toLowerCase().split(/\s+/).filter(Boolean).map(hitsOf);
    matches = [];
    for (let row = 0; row < kept; row += 1) {
      const kind = rows.kind[row];
      const whose = rows.account[row];
      if (!kindFits[kind] || !ownerFits[whose]) continue;
      const [file, , , reference] = accounts[whose];
      const said = [file, reference, rows.attr[row], rows.detail[row], kinds[kind][1]];
      if (words.every((hits) => said.some((text) => hits[text]))) matches.push(row);
    }
  }

  function change(wanted) {
    filter = { ...filter, page: 0, ...wanted };
    find();
    show();
  }

  function clear() {
    filter = ALL();
    at("words").value = "";
    change({});
  }

  // ---- names

  const nameOf = (pattern) => (pattern ? plain(pattern) : "(the account as a whole)");
  const ownerName = ({ file, index, reference }) =>
    index < 0 ? plain(file) : `account ${index}${reference ? ` (${plain(reference)})` : ""}`;

  function whoseRow(row) {
    const [file, index, many, reference] = accounts[rows.account[row]];
    return { file: texts[file], index: many === 1 ? -1 : index, reference: texts[reference] };
  }

  function placeOf(file, line, column) {
    return line ? `${plain(file)}:${line}:${column}` : plain(file);
  }

  // ---- the top of the page

  function showRun() {
    const day = data.is_today ? " (the day of the run)" : "";
    at("run").append(`As of ${data.as_of}${day}, premigrate ${plain(data.version)}`);
    const warn = (text) => at("warnings").append(make("p", { class: "warning", role: "note" }, text));
    if (totals.interrupted) warn("The run was interrupted: this is not all. Inputs after that point were not checked.");
    if (found > kept)
      warn(
        `This page lists the first ${count(kept)} of ${count(found)} findings. ` +
          "The totals and the bars count all of them; the list, its search and its filters know only those listed. " +
          "The formats csv and ndjson hold all."
      );
  }

  function showTotals() {
    const passed = totals.accounts - totals.refused;
    const big = (many, name, kind) =>
      make("div", { class: `big ${kind}` }, make("dt", {}, name), make("dd", {}, count(many)),
        kind === "all" || !totals.accounts ? "" : make("dd", { class: "quiet" }, share(many, totals.accounts)));
    at("totals").append(
      make("dl", { class: "bigs" }, big(totals.accounts, "checked", "all"), big(passed, "pass", "pass"),
        big(totals.refused, "refused", "refused"))
    );
    if (totals.accounts) {
      const parts = [[passed, "pass"], [totals.refused, "refused"]];
      const label = `${count(passed)} of ${amount(totals.accounts, "account")} pass, ${count(totals.refused)} refused`;
      at("totals").append(make("div", { class: "bar thick", role: "img", "aria-label": label }, ...segments(parts, totals.accounts)));
    }
    const told = [
      amount(totals.error, "error"), `${count(totals.next)} next`, `${count(totals.advice)} advice`,
      totals.ignored ? `${count(totals.ignored)} ignored` : "", totals.known ? `${count(totals.known)} in the baseline` : "",
      totals.unreadable ? `${amount(totals.unreadable, "input")} not readable` : "",
    ];
    at("totals").append(make("p", {}, `${told.filter(Boolean).join(", ")}.`));
  }

  function segments(parts, all) {
    return parts.filter(([many]) => many).map(([many, kind]) => {
      const part = make("span", { class: `part ${kind}` });
      part.style.width = `${(100 * many) / all}%`;
      return part;
    });
  }

  function showUnreadable() {
    if (!totals.unreadable) return;
    const listed = data.unreadable.map(([file, line, column, message]) =>
      make("li", {}, make("span", { class: "mono" }, placeOf(file, line, column)), ` ${plain(message)}`));
    const more = totals.unreadable - listed.length;
    at("unreadable").append(
      make("h2", { id: "unreadable-title" }, "Could not be read"),
      make("p", {}, `${amount(totals.unreadable, "input")}, not among the accounts above.`),
      make("details", { open: listed.length <= 5 }, make("summary", {}, "Which, and why"),
        make("ul", { class: "plain" }, ...listed), more > 0 ? make("p", {}, `and ${count(more)} more`) : ""));
    at("unreadable").hidden = false;
  }

  function showNotChecked() {
    const lists = new Map();
    const platform = data.not_checked.filter(([, lacking]) => !lacking.length).map(([rule]) => rule);
    for (const [rule, lacking] of data.not_checked)
      for (const list of lacking) lists.set(list, [...(lists.get(list) ?? []), rule]);
    const wanting = data.not_checked.length - platform.length;
    if (!data.not_checked.length) return;
    const rules = (names) => plain(names.join(", "));
    const entry = (name, names) => [make("dt", {}, plain(name), " ", make("span", { class: "quiet" }, count(names.length))), make("dd", {}, rules(names))];
    at("not-checked").append(
      make("h2", { id: "not-checked-title" }, "Not checked"),
      make("p", {}, "An account that passes may still be refused for one of these."),
      make("ul", {},
        platform.length ? make("li", {}, make("b", {}, amount(platform.length, "rule")), " that only the platform can check") : "",
        wanting ? make("li", {}, make("b", {}, amount(wanting, "rule")), ` for want of ${amount(lists.size, "reference list")} (--references gives them)`) : ""),
      make("details", {}, make("summary", {}, "Which rules"),
        make("dl", { class: "plain" }, ...(platform.length ? entry("only the platform", platform) : []),
          ...[...lists].sort((one, two) => two[1].length - one[1].length).flatMap(([list, names]) => entry(list, names)))));
    at("not-checked").hidden = false;
  }

  // ---- the bars

  const byErrors = (one, two) => two.counts[0] + two.counts[1] - one.counts[0] - one.counts[1] || two.counts[2] - one.counts[2];
  const sum = (counts) => counts.reduce((all, many) => all + many, 0);
  const spoken = (counts) => LEVELS.map((level, at) => (counts[at] ? `${count(counts[at])} ${level}` : "")).filter(Boolean).join(", ");

  function group(which) {
    const place = which === "code" ? 1 : 2;
    const groups = new Map();
    for (const kind of kinds) {
      if (!takesKind(kind, which)) continue;
      if (!groups.has(kind[place])) groups.set(kind[place], { key: kind[place], counts: [0, 0, 0] });
      groups.get(kind[place]).counts[kind[0]] += kind[3];
    }
    return [...groups.values()].sort(byErrors);
  }

  function showBars(id, entries, nameOfEntry, isChosen, choose) {
    const focused = document.activeElement?.closest?.(`#${id}`) ? document.activeElement.dataset.key : null;
    const most = Math.max(1, ...entries.map(({ counts }) => sum(counts)));
    const shown = long[id] ? entries : entries.filter((entry, place) => place < SHORT || isChosen(entry));
    const list = make("ul", { class: "bars" }, ...shown.map((entry) => {
      const chosen = isChosen(entry);
      const bar = make("button", { type: "button", "aria-pressed": String(chosen), on: { click: () => choose(chosen ? null : entry) } },
        make("span", { class: "name" }, nameOfEntry(entry)),
        make("span", { class: "number" }, count(sum(entry.counts)), make("span", { class: "spoken" }, ` (${spoken(entry.counts)})`)),
        make("span", { class: "bar", "aria-hidden": "true" }, ...segments(entry.counts.map((many, level) => [many, LEVELS[level]]), most)));
      bar.dataset.key = `${entry.key}`;
      return make("li", {}, bar);
    }));
    const toggle = entries.length > SHORT
      ? button(long[id] ? "Show fewer" : `Show all ${count(entries.length)}`, () => { long[id] = !long[id]; show(); }, { class: "more", "aria-expanded": String(long[id]), "data-key": "more" })
      : "";
    at(id).replaceChildren(...[entries.length ? list : make("p", { class: "quiet" }, "None."), toggle].filter(Boolean));
    if (focused !== null) [...at(id).querySelectorAll("button")].find((each) => each.dataset.key === focused)?.focus();
  }

  const worst = data.worst.map(([file, index, reference, ...counts], key) => ({ key, file, index, reference, counts }));
  const isSameOwner = (one, two) => Boolean(one && two && one.file === two.file && one.index === two.index);

  function showCharts() {
    showBars("codes", group("code"), ({ key }) => plain(texts[key]), ({ key }) => key === filter.code,
      (entry) => change({ code: entry && entry.key }));
    showBars("patterns", group("pattern"), ({ key }) => nameOf(texts[key]), ({ key }) => key === filter.pattern,
      (entry) => change({ pattern: entry && entry.key }));
    showBars("worst", worst, ownerName, (entry) => isSameOwner(entry, filter.owner), (owner) => change({ owner }));
    at("worst-card").hidden = !worst.length;
  }

  // ---- the list

  function excerptOf(row) {
    if (!rows.excerpt[row]) return "";
    const signs = Array.from(texts[rows.excerpt[row]]); // places count characters, not halves of them
    const [start, end] = [rows.mark[row], rows.mark[row] + rows.length[row]];
    const piece = (from, to) => plain(signs.slice(from, to).join(""));
    return make("pre", {}, make("span", { class: "line" }, `${rows.line[row]} | `), piece(0, start), make("mark", {}, piece(start, end)), piece(end));
  }

  function entryOf(row) {
    const [, code, pattern] = kinds[rows.kind[row]];
    const owner = whoseRow(row);
    const rule = texts[rows.rule[row]];
    const help = texts[rows.help[row]];
    const meaning = explain.get(texts[code]) ?? "";
    const why = explain.get(rule) ?? "";
    const tell = (name, ...said) => (said.some(Boolean) ? make("div", {}, make("dt", {}, name), make("dd", {}, ...said)) : "");
    return make("div", { class: "entry" }, excerptOf(row),
      make("dl", {}, tell("Help", plain(help)), tell("Meaning", plain(meaning)), tell("Why", why === meaning ? "" : plain(why)),
        tell("Place", make("span", { class: "mono" }, placeOf(owner.file, rows.line[row], rows.column[row]))),
        tell("Account", accountOf(owner)), tell("Field", make("span", { class: "mono" }, nameOf(texts[rows.attr[row]]))),
        tell("Code", make("span", { class: "mono" }, plain(texts[code]))), tell("Rule", make("span", { class: "mono" }, plain(rule)))),
      make("p", { class: "only" }, "Show only ",
        button("this code", () => change({ code })), button("this field", () => change({ pattern })),
        button(owner.index < 0 ? "this file" : "this account", () => change({ owner }))));
  }

  const accountOf = ({ index, reference }) => (index < 0 ? plain(reference) : ownerName({ file: "", index, reference }));

  function rowOf(row) {
    const [level, code] = kinds[rows.kind[row]];
    const owner = whoseRow(row);
    const whose = accountOf(owner);
    const line = make("summary", {},
      make("span", { class: `level ${LEVELS[level]}` }, LEVELS[level]), " ",
      make("span", { class: "detail" }, plain(texts[rows.detail[row]])), " ",
      make("span", { class: "where mono" }, `${plain(texts[code])} at ${nameOf(texts[rows.attr[row]])}`), " ",
      make("span", { class: "where quiet" }, make("span", { class: "mono" }, placeOf(owner.file, rows.line[row], rows.column[row])), whose ? ` · ${whose}` : ""));
    const opened = make("details", { on: { toggle: () => fill(opened, row) } }, line);
    opened.dataset.row = row;
    return make("li", {}, opened);
  }

  function fill(opened, row) {
    if (opened.open && opened.children.length === 1) opened.append(entryOf(row));
  }

  function showPages() {
    const last = Math.max(0, Math.ceil(matches.length / PAGE) - 1);
    const turn = (page, below) => {
      if (page < 0 || page > last || page === filter.page) return;
      filter.page = page;
      showList();
      if (below) at("findings").focus();
    };
    document.querySelectorAll("nav.pages").forEach((nav, below) => {
      const focused = nav.contains(document.activeElement) ? document.activeElement.dataset.key : null;
      const go = (name, page) => button(name, () => turn(page, below), { "data-key": name, "aria-disabled": String(page < 0 || page > last || page === filter.page) });
      nav.replaceChildren(go("First", 0), go("Previous", filter.page - 1),
        make("span", {}, `Page ${count(filter.page + 1)} of ${count(last + 1)}`), go("Next", filter.page + 1), go("Last", last));
      nav.hidden = last === 0;
      if (focused) nav.querySelector(`[data-key="${focused}"]`).focus({ preventScroll: true });
    });
  }

  function showList() {
    const start = filter.page * PAGE;
    at("rows").start = start + 1;
    at("rows").replaceChildren(...matches.slice(start, start + PAGE).map(rowOf));
    showPages();
  }

  function showOutcome() {
    const among = found > kept ? ` the first ${count(kept)}` : ` ${count(kept)}`;
    const told = isFiltered() ? `${count(matches.length)} of${among} findings match` : `${amount(kept, "finding")}${found > kept ? ` listed, of ${count(found)}` : ""}`;
    at("matches").textContent = told;
    const chip = (name, text, wanted) => button("", () => { change(wanted); at("findings").focus({ preventScroll: true }); }, { class: "chip", "aria-label": `Remove the filter ${name} ${text}` });
    const chips = [];
    const add = (name, text, wanted) => { const made = chip(name, text, wanted); made.append(`${name}: `, make("b", {}, text), " \u00d7"); chips.push(made); };
    if (filter.code !== null) add("code", plain(texts[filter.code]), { code: null });
    if (filter.pattern !== null) add("field", nameOf(texts[filter.pattern]), { pattern: null });
    if (filter.owner) add(filter.owner.index < 0 ? "file" : "account", ownerName(filter.owner), { owner: null });
    if (isFiltered()) chips.push(button("Clear all (Esc)", () => { clear(); at("findings").focus({ preventScroll: true }); }, { class: "chip clear" }));
    at("chips").replaceChildren(...chips);
    at("meaning").textContent = filter.code === null ? "" : plain(explain.get(texts[filter.code]) ?? "");
    at("meaning").hidden = !at("meaning").textContent;
    at("code").value = filter.code ?? "";
    for (const box of at("levels").querySelectorAll("input")) box.checked = filter.levels.has(Number(box.value));
    at("follow").hidden = !isFiltered();
    at("follow").firstElementChild.textContent = told;
  }

  function show() {
    showOutcome();
    showCharts();
    showList();
  }

  // ---- what is typed and clicked

  function makeFilter() {
    LEVELS.forEach((level, number) => {
      const box = make("input", { type: "checkbox", value: number, checked: true, on: { change: (event) => {
        const levels = new Set(filter.levels);
        if (event.target.checked) levels.add(number); else levels.delete(number);
        change({ levels });
      } } });
      at("levels").append(make("label", {}, box, make("span", { class: `level ${level}` }, level), ` ${count(totals[level])} `, make("span", { class: "quiet" }, SAYS[level])));
    });
    at("code").append(make("option", { value: "" }, "all"), ...group("code").map(({ key, counts }) => make("option", { value: key }, `${plain(texts[key])} (${count(sum(counts))})`)));
    at("code").addEventListener("change", ({ target }) => change({ code: target.value === "" ? null : Number(target.value) }));
    let timer = 0;
    at("words").addEventListener("input", ({ target }) => {
      clearTimeout(timer);
      timer = setTimeout(() => change({ words: target.value.trim() }), 120);
    });
    at("filter").addEventListener("submit", (event) => event.preventDefault());
    at("follow").lastElementChild.addEventListener("click", clear);
  }

  function step(event) {
    const lines = [...at("rows").querySelectorAll("summary")];
    const here = lines.indexOf(event.target);
    const next = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: lines.length - 1 }[event.key];
    if (here < 0 || !lines[next]) return;
    event.preventDefault();
    lines[next].focus();
  }

  function press(event) {
    if (event.key === "Escape" && isFiltered()) {
      event.preventDefault();
      clear();
    } else if (event.key === "/" && !event.target.matches("input, select") && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      at("words").focus();
    }
  }

  showRun();
  showTotals();
  showUnreadable();
  showNotChecked();
  at("worst-title").textContent = worst.some(({ index }) => index >= 0) ? "Accounts with most errors" : "Files with most errors";
  at("body").hidden = found === 0;
  at("clean").hidden = found !== 0 || totals.accounts === 0;
  makeFilter();
  find();
  show();
  at("rows").addEventListener("keydown", step);
  document.addEventListener("keydown", press);
  // A page that is printed shows what is folded, as nobody can open it there.
  window.addEventListener("beforeprint", () => document.querySelectorAll("#rows details").forEach((each) => { each.open = true; fill(each, Number(each.dataset.row)); }));
  window.addEventListener("afterprint", () => document.querySelectorAll("#rows details").forEach((each) => { each.open = false; }));
  at("main").hidden = false;
})();
