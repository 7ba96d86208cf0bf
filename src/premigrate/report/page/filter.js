// The filter, the findings that match it, and their groups: errors first, and within a level by number.

const ALL = () => ({
  levels: new Set(LEVELS.keys()),
  code: null,
  pattern: null,
  owner: null,
  words: "",
  isNew: false,
  page: 0,
});
let filter = ALL();
let matches = [];
let groups = []; // of the matches: their kind, their rows, and the number of findings, which can be more
let counted = []; // findings of each kind, whatever levels, codes and fields are selected

const isFiltered = () =>
  filter.levels.size < LEVELS.length ||
  filter.code !== null ||
  filter.pattern !== null ||
  filter.owner ||
  filter.words ||
  filter.isNew;

// Whether the exact counts apply, which include findings that are not listed.
const isWhole = () => !filter.owner && !filter.words && !filter.isNew;

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
  const isExact = isWhole();
  const members = new Map();
  counted = kinds.map((kind) => (isExact ? kind[3] : 0));
  matches = [];
  for (let row = 0; row < kept; row += 1) {
    const kind = rows.kind[row];
    const whose = rows.account[row];
    if (!ownerFits[whose] || (filter.isNew && !rows.is_new[row])) continue;
    const [file, , , reference] = accounts[whose];
    const said = [file, reference, rows.attr[row], rows.detail[row], kinds[kind][1]];
    if (!words.every((hits) => said.some((text) => hits[text]))) continue;
    if (!isExact) counted[kind] += 1;
    if (!kindFits[kind]) continue;
    matches.push(row);
    if (!members.has(kind)) members.set(kind, []);
    members.get(kind).push(row);
  }
  groups = kinds
    .map((_, kind) => ({ kind, rows: members.get(kind) ?? [], findings: counted[kind] }))
    .filter(({ kind, findings }) => findings && kindFits[kind])
    .sort((one, two) => kinds[one.kind][0] - kinds[two.kind][0] || two.findings - one.findings || one.kind - two.kind);
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
