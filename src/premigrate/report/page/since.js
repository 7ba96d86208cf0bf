// What changed since an earlier report.

const { since } = data; // null if there is none
const MOST = 200;
const changes = new Map((since?.kinds ?? []).map(([level, code, pattern, ...counts]) => [`${level} ${code} ${pattern}`, counts]));

// New findings of a group: the exact number, or with a filter of those listed.
function newOf({ kind, rows: members }) {
  if (!since) return 0;
  const [level, code, pattern] = kinds[kind];
  if (isWhole()) return changes.get(`${level} ${texts[code]} ${texts[pattern]}`)?.[0] ?? 0;
  return members.filter((row) => rows.is_new[row]).length;
}

function showSince() {
  if (!since) return;
  const big = (many, name, kind) =>
    make("div", { class: `big ${kind}` }, make("dt", {}, name), make("dd", {}, count(many)));
  const changed = since.kinds.filter(([, , , added, gone]) => added || gone);
  const numbers = (counts) => counts.map((many) => make("td", { class: "number" }, many ? count(many) : ""));
  const line = ([level, code, pattern, ...counts]) =>
    make(
      "tr",
      {},
      ...numbers(counts),
      make(
        "th",
        { scope: "row" },
        make("span", { class: `level ${LEVELS[level]}` }, LEVELS[level]),
        " ",
        mono(...breakable(`${plain(code)} at ${nameOf(pattern)}`)),
      ),
    );
  const heads = ["new", "gone", "remaining", "findings"].map((name) => make("th", { scope: "col" }, name));
  const table = make(
    "table",
    { class: "changes" },
    make("thead", {}, make("tr", {}, ...heads)),
    make("tbody", {}, ...changed.slice(0, MOST).map(line)),
  );
  at("since").append(
    make("h2", { id: "since-title" }, "Since the earlier report"),
    make(
      "dl",
      { class: "bigs" },
      big(since.new, "new", since.new ? "refused" : "all"),
      big(since.gone, "gone", since.gone ? "pass" : "all"),
      big(since.left, "remaining", "all"),
    ),
    make("p", { class: "quiet" }, `${plain(since.file)}, as of ${plain(since.as_of)}`),
    since.not_checked
      ? make(
          "p",
          {},
          `${amount(since.not_checked, "finding")} of that report ${since.not_checked === 1 ? "is" : "are"} in accounts that were not checked again.`,
        )
      : "",
    changed.length
      ? make(
          "details",
          {},
          make("summary", {}, "By code and field"),
          make("div", { class: "plain" }, table),
          changed.length > MOST ? make("p", {}, `and ${count(changed.length - MOST)} more`) : "",
        )
      : make("p", {}, "Nothing is new or gone."),
  );
  at("since").hidden = false;
}
