// The summary: the run, its accounts, unreadable inputs, and rules that were not checked.

function showRun() {
  const day = data.is_today ? " (the day of the run)" : "";
  at("run").append(`As of ${data.as_of}${day}, premigrate ${plain(data.version)}`);
  const warn = (text) => at("warnings").append(make("p", { class: "warning", role: "note" }, text));
  if (totals.interrupted) warn("The run was interrupted: not all inputs were checked.");
  if (found > kept)
    warn(
      `This page lists ${count(kept)} of ${count(found)} findings. ` +
        "The totals, the bars and the rows count all of them; the search and the filter by file or account cover only " +
        "the listed ones. The formats csv and ndjson contain all findings.",
    );
}

function showTotals() {
  const passed = totals.accounts - totals.refused;
  const passing = totals.accounts ? tenths(passed, totals.accounts) : 0;
  const aside = totals.refused_set_aside;
  const beside = aside ? `, ${count(aside)} of them only by findings that are set aside` : "";
  const big = (many, name, kind, share) =>
    make(
      "div",
      { class: `big ${kind}` },
      make("dt", {}, name),
      make("dd", {}, count(many)),
      totals.accounts && share !== undefined ? make("dd", { class: "quiet" }, `${share / 10} %`) : "",
    );
  at("totals").append(
    make(
      "dl",
      { class: "bigs" },
      big(totals.accounts, "checked", "all"),
      big(passed, "pass", "pass", passing),
      big(totals.refused, "refused", "refused", 1000 - passing),
    ),
  );
  if (totals.accounts) {
    const parts = [
      [passed, "pass"],
      [totals.refused - aside, "refused"],
      [aside, "aside"],
    ];
    const label = `${count(passed)} of ${amount(totals.accounts, "account")} pass, ${count(totals.refused)} refused${beside}`;
    at("totals").append(
      make("div", { class: "bar thick", role: "img", "aria-label": label }, ...segments(parts, totals.accounts)),
    );
  }
  if (aside) {
    at("totals").append(
      make(
        "p",
        {},
        make("span", { class: "part swatch aside" }),
        " ",
        make("b", {}, `${count(aside)} of the ${count(totals.refused)} refused`),
        " only by findings that are set aside: ignored, not selected, or in the baseline. These are not listed.",
      ),
    );
  }
  const legend = LEVELS.map((level) => {
    const [one, more, meaning] = SAYS[level];
    const name = `${count(totals[level])} ${totals[level] === 1 ? one : more}`;
    return make(
      "li",
      {},
      make("span", { class: `part swatch ${level}` }),
      make("b", {}, name),
      make("span", { class: "quiet" }, meaning),
    );
  });
  at("totals").append(make("ul", { class: "legend" }, ...legend));
  const told = [
    totals.ignored ? `${count(totals.ignored)} ignored` : "",
    totals.known ? `${count(totals.known)} in the baseline` : "",
    totals.unreadable ? amount(totals.unreadable, "unreadable input") : "",
  ];
  if (told.some(Boolean)) at("totals").append(make("p", {}, `Not listed: ${told.filter(Boolean).join(", ")}.`));
}

function segments(parts, all) {
  return parts
    .filter(([many]) => many)
    .map(([many, kind]) => {
      const part = make("span", { class: `part ${kind}` });
      part.style.width = `${(100 * many) / all}%`;
      return part;
    });
}

function showUnreadable() {
  if (!totals.unreadable) return;
  const listed = data.unreadable.map(([file, line, column, message]) =>
    make("li", {}, make("span", { class: "mono" }, placeOf(file, line, column)), ` ${plain(message)}`),
  );
  const more = totals.unreadable - listed.length;
  at("unreadable").append(
    make("h2", { id: "unreadable-title" }, "Unreadable inputs"),
    make("p", {}, `${amount(totals.unreadable, "input")}, not included in the counts of accounts.`),
    make(
      "details",
      { open: listed.length <= 5 },
      make("summary", {}, "Inputs and reasons"),
      make("ul", { class: "plain" }, ...listed),
      more > 0 ? make("p", {}, `and ${count(more)} more`) : "",
    ),
  );
  at("unreadable").hidden = false;
}

function showNotChecked() {
  const lists = new Map();
  const facts = new Map();
  const named = ([rule, , , accounts]) => `${rule} (${amount(accounts, "account")})`;
  const serverOnly = data.not_checked.filter((row) => !row[1].length && !row[2].length).map(named);
  const add = (map, name, row) => map.set(name, [...(map.get(name) ?? []), named(row)]);
  for (const row of data.not_checked) {
    for (const list of row[1]) add(lists, list, row);
    for (const fact of row[2]) add(facts, fact, row);
  }
  const lackingLists = data.not_checked.filter((row) => row[1].length).length;
  const lackingFacts = data.not_checked.filter((row) => row[2].length).length;
  if (!data.not_checked.length) return;
  const rules = (names) => plain(names.join(", "));
  const entry = (name, names) => [
    make("dt", {}, plain(name), " ", make("span", { class: "quiet" }, count(names.length))),
    make("dd", {}, rules(names)),
  ];
  at("not-checked").append(
    make("h2", { id: "not-checked-title" }, "Not checked"),
    make("p", {}, "The API may still refuse an account that passes, because of these rules."),
    make(
      "ul",
      {},
      serverOnly.length
        ? make("li", {}, make("b", {}, amount(serverOnly.length, "rule")), " that only the server can check")
        : "",
      lackingFacts
        ? make(
            "li",
            {},
            make("b", {}, amount(lackingFacts, "rule")),
            ` that ${lackingFacts === 1 ? "needs" : "need"} ${amount(facts.size, "tenant fact")} (`,
            make("span", { class: "mono whole" }, "[tenant]"),
            " in an overlay)",
          )
        : "",
      lackingLists
        ? make(
            "li",
            {},
            make("b", {}, amount(lackingLists, "rule")),
            ` that ${lackingLists === 1 ? "needs" : "need"} ${amount(lists.size, "reference list")} (see `,
            make("span", { class: "mono whole" }, "--references"),
            ")",
          )
        : "",
    ),
    make(
      "details",
      {},
      make("summary", {}, "The rules"),
      make(
        "dl",
        { class: "plain" },
        ...(serverOnly.length ? entry("only the server", serverOnly) : []),
        ...[...facts, ...lists]
          .sort((one, two) => two[1].length - one[1].length)
          .flatMap(([list, names]) => entry(list, names)),
      ),
    ),
  );
  at("not-checked").hidden = false;
}
