// The filter, and the findings that match it.

const ALL = () => ({ levels: new Set(LEVELS.keys()), code: null, pattern: null, owner: null, words: "", page: 0 });
let filter = ALL();
let matches = [];
let counted = []; // findings of each kind, whatever levels, codes and fields are selected

const isFiltered = () =>
  filter.levels.size < LEVELS.length ||
  filter.code !== null ||
  filter.pattern !== null ||
  filter.owner ||
  filter.words;

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
  const isWhole = !filter.owner && !words.length; // then the exact counts apply, which include findings not listed
  counted = kinds.map((kind) => (isWhole ? kind[3] : 0));
  matches = [];
  for (let row = 0; row < kept; row += 1) {
    const kind = rows.kind[row];
    const whose = rows.account[row];
    if (!ownerFits[whose]) continue;
    const [file, , , reference] = accounts[whose];
    const said = [file, reference, rows.attr[row], rows.detail[row], kinds[kind][1]];
    if (!words.every((hits) => said.some((text) => hits[text]))) continue;
    if (!isWhole) counted[kind] += 1;
    if (kindFits[kind]) matches.push(row);
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
