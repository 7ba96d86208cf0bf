// Event handlers, and the start of the page.

function makeFilter() {
  LEVELS.forEach((level, number) => {
    const box = make("input", {
      type: "checkbox",
      value: number,
      checked: true,
      on: {
        change: (event) => {
          const levels = new Set(filter.levels);
          if (event.target.checked) levels.add(number);
          else levels.delete(number);
          change({ levels });
        },
      },
    });
    at("levels").append(
      make("label", {}, box, make("span", { class: `level ${level}` }, level), ` ${count(totals[level])}`),
    );
  });
  if (since) {
    const box = make("input", {
      type: "checkbox",
      id: "new",
      on: { change: ({ target }) => change({ isNew: target.checked }) },
    });
    at("levels").append(make("label", {}, box, make("span", { class: "new" }, "new"), "only"));
  }
  at("code").append(
    make("option", { value: "" }, "all"),
    ...group("code").map(({ key, counts }) =>
      make("option", { value: key }, `${plain(texts[key])} (${count(sum(counts))})`),
    ),
  );
  at("code").addEventListener("change", ({ target }) =>
    change({ code: target.value === "" ? null : Number(target.value) }),
  );
  let timer = 0;
  at("words").addEventListener("input", ({ target }) => {
    clearTimeout(timer);
    timer = setTimeout(() => change({ words: target.value.trim() }), 120);
  });
  at("filter").addEventListener("submit", (event) => event.preventDefault());
  at("follow").lastElementChild.addEventListener("click", () => {
    clear();
    at("findings").focus({ preventScroll: true });
  });
}

function step(event) {
  const lines = [...at("rows").querySelectorAll("summary")].filter((line) => line.checkVisibility());
  const here = lines.indexOf(event.target);
  const next = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: lines.length - 1 }[event.key];
  if (here < 0 || !lines[next]) return;
  event.preventDefault();
  lines[next].focus();
}

function press(event) {
  if (event.key === "Escape" && isFiltered()) {
    event.preventDefault();
    clear();
  } else if (
    event.key === "/" &&
    !event.target.matches("input, select") &&
    !event.ctrlKey &&
    !event.metaKey &&
    !event.altKey
  ) {
    event.preventDefault();
    at("words").focus();
  }
}

showRun();
showTotals();
showSince();
showUnreadable();
showNotChecked();
at("worst-title").textContent = worst.some(({ index }) => index >= 0)
  ? "Accounts with most errors"
  : "Files with most errors";
at("body").hidden = found === 0;
at("clean").hidden = found !== 0 || totals.accounts === 0;
if (totals.ignored || totals.known) at("clean").textContent = "All findings are set aside: ignored, not selected, or in the baseline.";
find();
makeFilter();
show();
at("rows").addEventListener("keydown", step);
document.addEventListener("keydown", press);
// Expand all rows for printing.
window.addEventListener("beforeprint", () =>
  document.querySelectorAll("#rows > li > details:not([open])").forEach((each) => {
    each.dataset.folded = "";
    each.open = true;
    fillers.get(each)();
  }),
);
window.addEventListener("afterprint", () =>
  document.querySelectorAll("#rows details[data-folded]").forEach((each) => {
    delete each.dataset.folded;
    each.open = false;
  }),
);
at("main").hidden = false;
