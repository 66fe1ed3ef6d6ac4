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
  const pressed = event.target.closest("[data-print], [data-reload]");
  if (pressed) pressed.matches("[data-print]") ? print() : location.reload();
});

// A form is sent once, however often its button is pressed.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
  form.setAttribute("aria-busy", "true");
  setTimeout(release, 8000, form); // it answered with a file, or the network failed
});
function release(form) {
  delete form.dataset.sent;
  form.removeAttribute("aria-busy");
}
window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(release));

document.querySelectorAll("[data-print]").forEach((button) => (button.hidden = false));
document.querySelector("[data-focus]")?.focus();
if ("serviceWorker" in navigator && document.body.classList.contains("on-phone")) {
  navigator.serviceWorker.register("/sw.js").catch(() => {});
}
