// The details of a finding: its piece of source, what would be right, and where it stands.

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

const tell = (name, ...said) =>
  said.some(Boolean) ? make("div", {}, make("dt", {}, name), make("dd", {}, ...said)) : "";
const mono = (...said) => make("span", { class: "mono" }, ...said);

// What is the same for all findings of a kind.
function meaningOf(kind, rule) {
  const [, code] = kinds[kind];
  const meaning = explain.get(texts[code]) ?? "";
  const why = explain.get(rule) ?? "";
  return [tell("Meaning", plain(meaning)), tell("Why", why === meaning ? "" : plain(why))];
}

const onlyKind = (kind) => [
  button("this code", () => change({ code: kinds[kind][1] })),
  button("this field", () => change({ pattern: kinds[kind][2] })),
];

// The details of one finding; in a group, without what the line above says and what all findings of the group share.
function entryOf(row, shared = null) {
  const kind = rows.kind[row];
  const owner = whoseRow(row);
  const rule = texts[rows.rule[row]];
  const related = texts[rows.related[row]];
  return make(
    "div",
    { class: "entry" },
    excerptOf(row),
    make(
      "dl",
      {},
      shared?.expected ? "" : tell("Expected", plain(texts[rows.expected[row]])),
      shared?.fix ? "" : tell("Fix", plain(texts[rows.fix[row]])),
      tell("Related", ...(related ? [mono(...breakable(plain(related)))] : [])),
      ...(shared ? [] : meaningOf(kind, rule)),
      ...(shared
        ? []
        : [
            tell("Place", mono(placeOf(owner.file, rows.line[row], rows.column[row]))),
            tell("Account", accountOf(owner)),
          ]),
      tell("Field", mono(nameOf(texts[rows.attr[row]]))),
      ...(shared ? [] : [tell("Code", mono(plain(texts[kinds[kind][1]])))]),
      shared?.rule ? "" : tell("Rule", mono(plain(rule))),
    ),
    make(
      "p",
      { class: "only" },
      "Show only ",
      ...(shared ? [] : onlyKind(kind)),
      button(owner.index < 0 ? "this file" : "this account", () => change({ owner })),
    ),
  );
}

const accountOf = ({ index, reference }) =>
  index < 0 ? plain(reference) : ownerName({ file: "", index, reference });

function whereOf(row) {
  const owner = whoseRow(row);
  const whose = accountOf(owner);
  return [
    mono(...breakable(placeOf(owner.file, rows.line[row], rows.column[row]))),
    whose ? ` \u00b7 ${whose}` : "",
  ];
}
