"use strict";
// What a page does beyond links and forms: suggestions, arrow keys in a chart, and the news of newer data.

// Names as they are typed: the keyboard stays in the box, arrows choose, Enter takes.
for (const box of document.querySelectorAll("[data-suggest]")) {
  const list = Object.assign(document.createElement("ul"), { id: box.id + "-names", hidden: true });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Names");
  box.after(list);
  for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-controls": list.id, "aria-expanded": "false" }))
    box.setAttribute(name, value);
  let typed = "", chosen = -1;
  const choose = (place) => {
    chosen = place;
    [...list.children].forEach((each, number) => each.setAttribute("aria-selected", number === place));
    box.setAttribute("aria-activedescendant", place < 0 ? "" : list.children[place].id);
    list.children[place]?.scrollIntoView({ block: "nearest" });
  };
  const show = (names) => {
    list.replaceChildren(...names.map((name, number) => {
      const item = Object.assign(document.createElement("li"), { id: `${list.id}-${number}`, textContent: name });
      item.setAttribute("role", "option");
      item.addEventListener("mousedown", () => take(name));
      return item;
    }));
    list.hidden = !names.length;
    box.setAttribute("aria-expanded", String(!list.hidden));
    choose(-1);
  };
  const take = (name) => { box.value = typed = name; show([]); };
  box.addEventListener("input", async () => {
    const words = typed = box.value;
    const answer = words.trim() ? await fetch(`api/v1/suggest?${new URLSearchParams({ kind: box.dataset.suggest, words })}`).catch(() => null) : null;
    const names = answer?.ok ? (await answer.json()).names : [];
    if (words === typed && document.activeElement === box) show(names);
  });
  box.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && !list.hidden) choose(chosen < 0 && step < 0 ? list.children.length - 1 : (chosen + step + list.children.length) % list.children.length);
    else if (event.key === "Enter" && chosen >= 0) take(list.children[chosen].textContent);
    else if (event.key === "Escape" && !list.hidden) show([]);
    else return;
    event.preventDefault();
  });
  box.addEventListener("blur", () => show([]));
}

// A chart is one stop of the Tab key; arrows, Home and End go from point to point.
for (const chart of document.querySelectorAll(".lines, .bars")) {
  const points = [...chart.querySelectorAll("a")];
  points.slice(1).forEach((each) => each.setAttribute("tabindex", "-1"));
  chart.addEventListener("keydown", (event) => {
    const here = points.indexOf(document.activeElement);
    const to = { ArrowRight: here + 1, ArrowDown: here + 1, ArrowLeft: here - 1, ArrowUp: here - 1, Home: 0, End: points.length - 1 }[event.key];
    if (to === undefined || !points[to]) return;
    event.preventDefault();
    points[here]?.setAttribute("tabindex", "-1");
    points[to].setAttribute("tabindex", "0");
    points[to].focus();
  });
}

// Every minute, and when the window is used again: is this page still about the newest data?
const version = document.querySelector("[name=data-version]")?.content;
const banner = document.querySelector(".banner");
const look = async () => {
  if (!version || document.hidden) return;
  const answer = await fetch("api/v1/version", { cache: "no-cache" }).catch(() => null);
  if (answer?.ok) banner.hidden = (await answer.json()).version === version;
};
setInterval(look, 60000);
addEventListener("focus", look);
banner.querySelector("a").addEventListener("click", (event) => { event.preventDefault(); location.reload(); });
