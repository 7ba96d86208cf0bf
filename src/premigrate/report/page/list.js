// The list of groups of findings, in pages, and what is said above it.

const PAGE = 100;

function showPages() {
  const last = Math.max(0, Math.ceil(groups.length / PAGE) - 1);
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
  at("rows").replaceChildren(...groups.slice(start, start + PAGE).map(groupOf));
  showPages();
}

function showOutcome() {
  const among = found > kept ? ` the ${count(kept)} listed` : ` ${count(kept)}`;
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
  if (filter.isNew) add("only", "new", { isNew: false });
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
  for (const box of at("levels").querySelectorAll("input[value]")) box.checked = filter.levels.has(Number(box.value));
  if (at("new")) at("new").checked = filter.isNew;
  at("follow").hidden = !isFiltered();
  at("follow").firstElementChild.textContent = told;
}

function show() {
  showOutcome();
  showCharts();
  showList();
}
