// The list of matching findings, in pages.

const PAGE = 100;

function excerptOf(row) {
  if (!rows.excerpt[row]) return "";
  const signs = Array.from(texts[rows.excerpt[row]]); // offsets count code points, not UTF-16 code units
  const [start, end] = [rows.mark[row], rows.mark[row] + rows.length[row]];
  const piece = (from, to) => plain(signs.slice(from, to).join(""));
  return make(
    "pre",
    {},
    make("span", { class: "line" }, `${rows.line[row]} | `),
    piece(0, start),
    make("mark", {}, piece(start, end)),
    piece(end),
  );
}

function entryOf(row) {
  const [, code, pattern] = kinds[rows.kind[row]];
  const owner = whoseRow(row);
  const rule = texts[rows.rule[row]];
  const expected = texts[rows.expected[row]];
  const related = texts[rows.related[row]];
  const meaning = explain.get(texts[code]) ?? "";
  const why = explain.get(rule) ?? "";
  const tell = (name, ...said) =>
    said.some(Boolean) ? make("div", {}, make("dt", {}, name), make("dd", {}, ...said)) : "";
  return make(
    "div",
    { class: "entry" },
    excerptOf(row),
    make(
      "dl",
      {},
      tell("Expected", plain(expected)),
      tell("Fix", plain(texts[rows.fix[row]])),
      tell("Related", ...(related ? [make("span", { class: "mono" }, ...breakable(plain(related)))] : [])),
      tell("Meaning", plain(meaning)),
      tell("Why", why === meaning ? "" : plain(why)),
      tell("Place", make("span", { class: "mono" }, placeOf(owner.file, rows.line[row], rows.column[row]))),
      tell("Account", accountOf(owner)),
      tell("Field", make("span", { class: "mono" }, nameOf(texts[rows.attr[row]]))),
      tell("Code", make("span", { class: "mono" }, plain(texts[code]))),
      tell("Rule", make("span", { class: "mono" }, plain(rule))),
    ),
    make(
      "p",
      { class: "only" },
      "Show only ",
      button("this code", () => change({ code })),
      button("this field", () => change({ pattern })),
      button(owner.index < 0 ? "this file" : "this account", () => change({ owner })),
    ),
  );
}

const accountOf = ({ index, reference }) =>
  index < 0 ? plain(reference) : ownerName({ file: "", index, reference });

function rowOf(row) {
  const [level, code] = kinds[rows.kind[row]];
  const owner = whoseRow(row);
  const whose = accountOf(owner);
  const line = make(
    "summary",
    {},
    make("span", { class: `level ${LEVELS[level]}` }, LEVELS[level]),
    " ",
    make("span", { class: "detail" }, plain(texts[rows.detail[row]])),
    " ",
    make("span", { class: "where mono" }, `${plain(texts[code])} at `, ...breakable(nameOf(texts[rows.attr[row]]))),
    " ",
    make(
      "span",
      { class: "where quiet" },
      make("span", { class: "mono" }, ...breakable(placeOf(owner.file, rows.line[row], rows.column[row]))),
      whose ? ` \u00b7 ${whose}` : "",
    ),
  );
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
    const go = (name, page) =>
      button(name, () => turn(page, below), {
        "data-key": name,
        "aria-disabled": String(page < 0 || page > last || page === filter.page),
      });
    nav.replaceChildren(
      go("First", 0),
      go("Previous", filter.page - 1),
      make("span", {}, `Page ${count(filter.page + 1)} of ${count(last + 1)}`),
      go("Next", filter.page + 1),
      go("Last", last),
    );
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
  const told = isFiltered()
    ? `${count(matches.length)} of${among} findings match`
    : `${amount(kept, "finding")}${found > kept ? ` listed, of ${count(found)}` : ""}`;
  at("matches").textContent = told;
  const chip = (name, text, wanted) =>
    button(
      "",
      () => {
        change(wanted);
        at("findings").focus({ preventScroll: true });
      },
      { class: "chip", "aria-label": `Remove the filter ${name} ${text}` },
    );
  const chips = [];
  const add = (name, text, wanted) => {
    const made = chip(name, text, wanted);
    made.append(`${name}: `, make("b", {}, text), "\u00a0\u00d7");
    chips.push(made);
  };
  if (filter.code !== null) add("code", plain(texts[filter.code]), { code: null });
  if (filter.pattern !== null) add("field", nameOf(texts[filter.pattern]), { pattern: null });
  if (filter.owner) add(filter.owner.index < 0 ? "file" : "from", ownerName(filter.owner), { owner: null });
  if (isFiltered())
    chips.push(
      button(
        "Clear all (Esc)",
        () => {
          clear();
          at("findings").focus({ preventScroll: true });
        },
        { class: "chip clear" },
      ),
    );
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
