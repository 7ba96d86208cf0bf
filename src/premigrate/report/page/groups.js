// The rows of the list: one for all findings of a kind, with their number; unfolded, it lists where they are.

const FEW = 20;
const MORE = 100;
const fillers = new WeakMap(); // what a details element shows is made when it is opened

function foldable(line, fill) {
  const folded = make("details", {}, line);
  fillers.set(folded, () => {
    if (folded.children.length === 1) folded.append(fill());
  });
  folded.addEventListener("toggle", () => folded.open && fillers.get(folded)());
  return folded;
}

const different = (group, column) => [...new Set(group.rows.map((row) => column[row]))];
const isSingle = ({ findings, rows: members }) => findings === 1 && members.length === 1;

function countsOf(group) {
  const accounts = isWhole() ? kinds[group.kind][4] : different(group, rows.account).length;
  const details = different(group, rows.detail).length;
  return [
    make("b", {}, count(group.findings)),
    ` ${group.findings === 1 ? "finding" : "findings"} in `,
    make("b", {}, count(accounts)),
    ` ${accounts === 1 ? "account" : "accounts"}`,
    details > 1 ? `, ${count(details)} different texts` : "",
  ];
}

function groupOf(group) {
  const [level, code, pattern] = kinds[group.kind];
  const [first] = group.rows;
  const detail = first === undefined ? (explain.get(texts[code]) ?? "") : texts[rows.detail[first]];
  const attr = isSingle(group) ? texts[rows.attr[first]] : texts[pattern];
  const added = newOf(group);
  const line = make(
    "summary",
    {},
    make("span", { class: `level ${LEVELS[level]}` }, LEVELS[level]),
    " ",
    make("span", { class: "detail" }, plain(detail || texts[code])),
    " ",
    make("span", { class: "times", "aria-hidden": "true" }, count(group.findings)),
    make("span", { class: "where mono" }, `${plain(texts[code])} at `, ...breakable(nameOf(attr))),
    " ",
    make(
      "span",
      { class: "where quiet" },
      ...(isSingle(group) ? whereOf(first) : countsOf(group)),
      added ? " " : "",
      added ? make("span", { class: "new" }, isSingle(group) ? "new" : `${count(added)} new`) : "",
    ),
  );
  const fill = () => (isSingle(group) ? entryOf(first) : entryOfGroup(group));
  return make("li", {}, foldable(line, fill));
}

function entryOfGroup(group) {
  const [, code, pattern] = kinds[group.kind];
  const shared = {};
  for (const name of ["rule", "expected", "fix", "detail"]) {
    const numbers = different(group, rows[name]);
    if (numbers.length === 1) shared[name] = plain(texts[numbers[0]]);
  }
  const unlisted = group.findings - group.rows.length;
  return make(
    "div",
    { class: "entry" },
    make(
      "dl",
      {},
      tell("Expected", shared.expected),
      tell("Fix", shared.fix),
      ...meaningOf(group.kind, shared.rule),
      tell("Field", mono(nameOf(texts[pattern]))),
      tell("Code", mono(plain(texts[code]))),
      tell("Rule", shared.rule ? mono(shared.rule) : ""),
    ),
    make("p", { class: "only" }, "Show only ", ...onlyKind(group.kind)),
    placesOf(group, shared),
    unlisted > 0 ? make("p", { class: "quiet" }, `${amount(unlisted, "more finding")} not listed on this page.`) : "",
  );
}

// The places of the findings of a group; some at first, and more when they are asked for.
function placesOf(group, shared) {
  const list = make("ol", { class: "places" });
  const more = button("", () => add(MORE), { class: "more" });
  const whole = make("div", {}, list, more);
  function add(many) {
    const start = list.children.length;
    const items = group.rows.slice(start, start + many).map((row) => placeOfRow(row, shared));
    list.append(...items);
    const left = group.rows.length - list.children.length;
    more.hidden = !left;
    more.textContent = `Show ${count(Math.min(left, MORE))} more of ${count(group.rows.length)}`;
    if (start) items[0].querySelector("summary").focus();
  }
  add(FEW);
  return whole;
}

function placeOfRow(row, shared) {
  const line = make(
    "summary",
    {},
    ...whereOf(row),
    since && rows.is_new[row] ? " " : "",
    since && rows.is_new[row] ? make("span", { class: "new" }, "new") : "",
    "detail" in shared ? "" : make("span", { class: "said" }, plain(texts[rows.detail[row]])),
  );
  return make("li", {}, foldable(line, () => entryOf(row, shared)));
}
