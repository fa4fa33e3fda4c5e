// What htmx has no word for: a slider's number beside it, what is unchanged left out of a question,
// a slider that sets a number, a filter of the judgements, and the line of an error.
"use strict";

const minus = (text) => text.replace("-", "−");

// What a slider sets: a range or a word of the address until it is moved, then the number; or nothing.
const set = (input) => {
  if (input.dataset.exact && input.value === input.defaultValue) return input.dataset.exact;
  return input.value === input.dataset.judged ? null : input.value;
};
const moved = (input) => set(input) !== null;

document.addEventListener("input", (event) => {
  const input = event.target;
  if (input.matches(".slider")) {
    input.parentElement.querySelector("output").value = minus(input.value);
    document.getElementById("panel")?.classList.add("stale");
    input.closest(".one").classList.toggle("changed", moved(input));
  }
  if (input.matches("[data-sets]")) document.getElementById(input.dataset.sets).value = input.value;
  const slide = input.id && document.querySelector(`[data-sets="${input.id}"]`);
  if (slide && input.value) slide.value = input.value;
  if (input.matches("[data-filter]")) {
    const wanted = input.value.trim().toLowerCase();
    for (const group of document.querySelectorAll("details.actor")) {
      const name = group.querySelector("summary").textContent.toLowerCase();
      let some = false;
      for (const one of group.querySelectorAll(".one")) {
        one.hidden = !(one.dataset.words.includes(wanted) || name.includes(wanted));
        some = some || !one.hidden;
      }
      group.hidden = !some;
      if (wanted) group.open = some;
    }
  }
});

// What stands where the case has it is no part of the question, nor of its address.
document.addEventListener("htmx:configRequest", (event) => {
  for (const input of document.querySelectorAll("[data-sliders] .slider")) {
    if (moved(input)) event.detail.parameters.set(input.name, set(input));
    else event.detail.parameters.delete(input.name);
  }
  if (event.detail.verb === "get") event.detail.parameters.delete("csrf");
});
document.addEventListener("submit", (event) => {
  for (const input of event.target.querySelectorAll(".slider")) {
    input.disabled = true;
    if (!moved(input)) continue;
    const told = document.createElement("input");
    Object.assign(told, { type: "hidden", name: input.name, value: set(input) });
    event.target.append(told);
  }
});
addEventListener("pageshow", () => {
  for (const input of document.querySelectorAll(".slider")) input.disabled = false;
});

// What was typed before the scripts came is taken as if it were typed now.
document.addEventListener("htmx:load", (event) => {
  for (const input of event.detail.elt.querySelectorAll("[data-text], [data-filter]")) {
    if (input.value !== input.defaultValue) input.dispatchEvent(new Event("input", { bubbles: true }));
  }
});

document.addEventListener("htmx:beforeRequest", (event) => {
  event.detail.target.setAttribute("aria-busy", "true");
});
document.addEventListener("htmx:afterRequest", (event) => {
  // Given up, since it was asked anew: what was asked anew says when it is done.
  if (![0, 204].includes(event.detail.xhr.status)) event.detail.target.removeAttribute("aria-busy");
});
document.addEventListener("htmx:afterSwap", (event) => {
  const target = event.detail.target;
  target.removeAttribute("aria-busy");
  target.classList.remove("stale");
  const heading = target.querySelector("[data-focus]");
  if (heading) heading.focus({ preventScroll: false });
  const about = target.querySelector("[data-highlight]");
  if (about) {
    for (const li of about.querySelectorAll("li")) {
      const own = [...li.childNodes].filter((n) => n.nodeName !== "UL" && n.nodeName !== "OL");
      const text = own.map((n) => n.textContent).join("");
      li.classList.toggle("about", text.includes(about.dataset.highlight));
    }
  }
});

// What was sent and is refused stays where it was typed; why it is refused is told above the page,
// until something of the same kind is answered. A page that is older than the server proves itself
// by a token that is no longer valid: it is given the new one.
const tell = (verb, text) => {
  const refusal = document.getElementById("refusal");
  refusal.dataset.verb = verb;
  refusal.textContent = text;
  refusal.hidden = !text;
};
const parsed = (text) => new DOMParser().parseFromString(text, "text/html").body;
const renewed = async () => {
  const headers = parsed(await (await fetch("/new")).text()).getAttribute("hx-headers");
  const old = document.body.getAttribute("hx-headers");
  if (!headers || headers === old) return false;
  document.body.setAttribute("hx-headers", headers);
  for (const one of document.getElementsByName("csrf")) one.value = JSON.parse(headers)["X-CSRF"];
  return true;
};
document.addEventListener("htmx:beforeSwap", async (event) => {
  const { xhr, requestConfig } = event.detail;
  const shows = requestConfig.verb === "get" || xhr.status < 400 || [409, 422].includes(xhr.status);
  if (shows) {
    if (document.getElementById("refusal").dataset.verb === requestConfig.verb) tell("", "");
    return;
  }
  event.detail.shouldSwap = false;
  const why = parsed(xhr.responseText).textContent.trim();
  const again = xhr.status === 403 && await renewed().catch(() => false);
  const told = again ? "The workbench was started again since this page was made: try once more." : why;
  tell(requestConfig.verb, told || "The workbench refuses this.");
});
document.addEventListener("htmx:sendError", (event) => {
  event.detail.target.removeAttribute("aria-busy");
  tell(event.detail.requestConfig.verb, "The workbench does not answer. Is it still running?");
});

// The text of a case: its lines numbered, and the cursor put where an error is told.
const number = (area) => {
  const gutter = area.parentElement.querySelector(".gutter");
  const lines = area.value.split("\n").length;
  if (Number(gutter.dataset.lines) !== lines) {
    gutter.dataset.lines = lines;
    gutter.textContent = Array.from({ length: lines }, (_, k) => k + 1).join("\n");
  }
  gutter.scrollTop = area.scrollTop;
};
const numbered = () => document.querySelectorAll("[data-text]").forEach(number);
addEventListener("DOMContentLoaded", numbered);
document.addEventListener("htmx:load", numbered);
for (const kind of ["input", "scroll"]) {
  document.addEventListener(kind, (event) => {
    if (event.target.matches?.("[data-text]")) number(event.target);
  }, true);
}
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-line]");
  const area = document.querySelector("[data-text]");
  if (!link || !area) return;
  event.preventDefault();
  const lines = area.value.split("\n");
  const before = lines.slice(0, link.dataset.line - 1);
  const column = [...(lines[before.length] ?? "")].slice(0, link.dataset.column - 1).join("").length;
  const at = before.reduce((sum, line) => sum + line.length + 1, 0) + column;
  area.focus();
  area.setSelectionRange(at, at);
  const height = parseFloat(getComputedStyle(area).lineHeight);
  area.scrollTop = Math.max(0, (before.length - 3) * height);
});

// What is typed and not saved is neither replaced nor left without a word. Where no choice of a list
// is the one it begins with, that is its first.
const chosen = (list) => {
  const begun = [...list.options].findLastIndex((one) => one.defaultSelected);
  return list.selectedIndex !== Math.max(begun, 0);
};
const unsaved = (inside) => inside.matches("[data-unsaved]") || inside.querySelector("[data-unsaved]")
  || [...inside.querySelectorAll("input, textarea")].some((one) => one.value !== one.defaultValue)
  || [...inside.querySelectorAll("select")].some(chosen);
let leaving = false;
document.addEventListener("submit", (event) => {
  leaving = !event.defaultPrevented && event.target.matches(".text, .draft, .part form");
});
document.addEventListener("htmx:beforeRequest", (event) => {
  const { target, elt, requestConfig } = event.detail;
  if (requestConfig.verb !== "get" || elt.matches("[data-drop]")) return;
  if (target.matches(".part, #pane") && unsaved(target)) event.preventDefault();
});
addEventListener("beforeunload", (event) => {
  const typed = [...document.querySelectorAll(".part, #pane")].some(unsaved);
  if (typed && !leaving && !document.activeElement?.matches("[data-drop]")) event.preventDefault();
});
