// Bar charts of codes, fields, and the files or accounts with the most errors; each bar is a filter button.

const SHORT = 8;
const LONG = 200;
const long = { codes: false, patterns: false, worst: false };

const byErrors = (one, two) =>
  two.counts[0] + two.counts[1] - one.counts[0] - one.counts[1] || two.counts[2] - one.counts[2];
const sum = (counts) => counts.reduce((all, many) => all + many, 0);
const spoken = (counts) =>
  LEVELS.map((level, at) => (counts[at] ? `${count(counts[at])} ${level}` : ""))
    .filter(Boolean)
    .join(", ");

function group(which) {
  const place = which === "code" ? 1 : 2;
  const groups = new Map();
  kinds.forEach((kind, number) => {
    if (!counted[number] || !takesKind(kind, which)) return;
    if (!groups.has(kind[place])) groups.set(kind[place], { key: kind[place], counts: [0, 0, 0] });
    groups.get(kind[place]).counts[kind[0]] += counted[number];
  });
  return [...groups.values()].sort(byErrors);
}

function showBars(id, entries, nameOfEntry, isChosen, choose) {
  const focused = document.activeElement?.closest?.(`#${id}`) ? document.activeElement.dataset.key : null;
  const most = entries.reduce((highest, { counts }) => Math.max(highest, sum(counts)), 1);
  const room = long[id] ? LONG : SHORT;
  const shown = entries.filter((entry, place) => place < room || isChosen(entry));
  const more = entries.length > LONG ? `Show ${LONG} of ${count(entries.length)}` : `Show all ${entries.length}`;
  const list = make(
    "ul",
    { class: "bars" },
    ...shown.map((entry) => {
      const chosen = isChosen(entry);
      const bar = make(
        "button",
        { type: "button", "aria-pressed": String(chosen), on: { click: () => choose(chosen ? null : entry) } },
        make("span", { class: "name" }, ...breakable(nameOfEntry(entry))),
        make(
          "span",
          { class: "number" },
          count(sum(entry.counts)),
          make("span", { class: "spoken" }, ` (${spoken(entry.counts)})`),
        ),
        make(
          "span",
          { class: "bar", "aria-hidden": "true" },
          ...segments(
            entry.counts.map((many, level) => [many, LEVELS[level]]),
            most,
          ),
        ),
      );
      bar.dataset.key = `${entry.key}`;
      return make("li", {}, bar);
    }),
  );
  const toggle =
    entries.length > SHORT
      ? button(
          long[id] ? "Show fewer" : more,
          () => {
            long[id] = !long[id];
            show();
          },
          { class: "more", "aria-expanded": String(long[id]), "data-key": "more" },
        )
      : "";
  at(id).replaceChildren(...[entries.length ? list : make("p", { class: "quiet" }, "None."), toggle].filter(Boolean));
  if (focused !== null) [...at(id).querySelectorAll("button")].find((each) => each.dataset.key === focused)?.focus();
}

const worst = data.worst.map(([file, index, reference, ...errors], key) => ({
  key,
  file,
  index,
  reference,
  counts: [...errors, 0],
}));
const isSameOwner = (one, two) => Boolean(one && two && one.file === two.file && one.index === two.index);

function showCharts() {
  showBars(
    "codes",
    group("code"),
    ({ key }) => plain(texts[key]),
    ({ key }) => key === filter.code,
    (entry) => change({ code: entry && entry.key }),
  );
  showBars(
    "patterns",
    group("pattern"),
    ({ key }) => nameOf(texts[key]),
    ({ key }) => key === filter.pattern,
    (entry) => change({ pattern: entry && entry.key }),
  );
  showBars(
    "worst",
    worst,
    ownerName,
    (entry) => isSameOwner(entry, filter.owner),
    (owner) => change({ owner }),
  );
  at("worst-card").hidden = !worst.length;
  at("scope").hidden = found === kept || !(filter.owner || filter.words);
}
