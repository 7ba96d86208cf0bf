// The data of the page, and functions that format numbers, names and texts.

const data = JSON.parse(document.getElementById("data").textContent);
const { texts, kinds, accounts, rows, totals } = data;
const explain = new Map(Object.entries(data.explain));
const LEVELS = data.levels;
const SAYS = {
  error: ["error", "errors", "the API reports these on this call"],
  "follow-on": ["follow-on error", "follow-on errors", "the API reports these once the errors are fixed"],
  advice: ["advice", "advice", "the API accepts these; review them"],
};
// Findings listed on the page, and all findings.
const kept = rows.kind.length;
const found = totals.error + totals["follow-on"] + totals.advice;

const at = (id) => document.getElementById(id);
const count = (many) => many.toLocaleString("en");
const amount = (many, noun) => `${count(many)} ${noun}${many === 1 ? "" : "s"}`;
// Rounded down, so that 100 % means all.
const tenths = (many, all) => Math.floor((1000 * many) / all);

// Escape characters that are invisible or change the direction of text.
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

// Allow line breaks after dots, underscores and slashes only.
const breakable = (text) => text.split(/(?<=[._/])/).flatMap((piece) => [piece, make("wbr")]);
const button = (text, act, attributes = {}) =>
  make("button", { type: "button", on: { click: act }, ...attributes }, text);

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
