// Small conveniences. Every page works without this file.
"use strict";

// Keys: an element with data-key="/" gets the focus by that key.
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key === "Escape" && !event.isComposing) {
    const box = event.target.closest("details:is(.confirm, .talk, .menu)[open]");
    box?.removeAttribute("open");
    box?.querySelector("summary").focus();
    document.querySelectorAll("details.menu[open]").forEach((menu) => menu.removeAttribute("open"));
    if (location.hash === "#menu") location.hash = "#main";
  } else if (!typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    const wanted = [...document.querySelectorAll("[data-key]")].find((each) => each.dataset.key === event.key);
    if (wanted) {
      event.preventDefault();
      wanted.focus();
    }
  }
});

// A menu closes when something else is pressed.
document.addEventListener("click", (event) => {
  document.querySelectorAll("details.menu[open]").forEach((menu) => {
    if (!menu.contains(event.target)) menu.removeAttribute("open");
  });
  if (event.target.closest("[data-print]")) print();
  if (event.target.closest("[data-reload]")) location.reload();
});

// A form is sent once, however often its button is pressed.
const lost = document.getElementById("lost");
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (!navigator.onLine && !form.dataset.reached) return probe(event);
  lost.hidden = true;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
  form.setAttribute("aria-busy", "true");
  setTimeout(release, 8000, form); // it answered with a file, or the network failed
});
// Without a network the page would be gone, and what was typed; some machines only believe so.
function probe(event) {
  event.preventDefault();
  const form = event.target;
  fetch("/offline/", { method: "HEAD", cache: "no-store" })
    .then(() => {
      form.dataset.reached = "yes";
      form.requestSubmit(event.submitter);
    })
    .catch(() => (lost.hidden = false));
}
function release(form) {
  delete form.dataset.sent;
  form.removeAttribute("aria-busy");
}
window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(release));
window.addEventListener("online", () => (lost.hidden = true));

// A form with data-keep becomes a draft while someone types; chosen files are uploaded anyway.
document.querySelectorAll("form[data-keep]").forEach((form) => {
  let timer = null, going = null;
  const rest = () => {
    clearTimeout(timer);
    timer = null;
  };
  const soon = (when) => {
    rest();
    timer = setTimeout(keep, when);
  };
  const keep = () => {
    if (going) return soon(2000);
    rest();
    const typed = new URLSearchParams({ keep: 1 });
    for (const [name, value] of new FormData(form)) if (typeof value === "string") typed.append(name, value);
    const asked = { method: "POST", body: typed, keepalive: true, redirect: "manual", signal: AbortSignal.timeout?.(8000) };
    going = fetch(location.pathname, asked)
      .then((answer) => (form.querySelector("[data-kept]").hidden = answer.status !== 204))
      .catch(() => soon(10000))
      .finally(() => (going = null));
  };
  for (const change of ["input", "htmx:afterSwap"]) form.addEventListener(change, () => soon(2000));
  form.addEventListener("submit", (event) => {
    if (navigator.onLine) rest();
    if (!going) return;
    event.preventDefault(); // what was typed before must not arrive after what is sent now
    going.finally(() => form.requestSubmit(event.submitter));
  });
  const keepNow = () => timer && keep();
  window.addEventListener("online", keepNow);
  document.addEventListener("visibilitychange", () => document.hidden && keepNow());
});

document.querySelectorAll("[data-print]").forEach((button) => (button.hidden = false));
document.querySelector("[data-focus]")?.focus();
if ("serviceWorker" in navigator && document.body.classList.contains("on-phone")) {
  navigator.serviceWorker.register("/sw.js").catch(() => {});
}
