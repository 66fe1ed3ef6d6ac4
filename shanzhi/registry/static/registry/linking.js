// Pairs by keys: an element with data-press="s" is pressed by that key. Every page works without this file.
"use strict";

(() => {
  const toggle = document.querySelector("[data-keys]");
  const remembered = () => {
    try { return localStorage.getItem("linking-keys") !== "off"; } catch { return true; }
  };
  let used = remembered();

  function show() {
    document.querySelectorAll("[data-press]").forEach((each) => {
      each.querySelector("kbd")?.toggleAttribute("hidden", !used);
      used ? each.setAttribute("aria-keyshortcuts", each.dataset.press.toUpperCase()) : each.removeAttribute("aria-keyshortcuts");
    });
  }

  if (toggle) {
    toggle.closest("[hidden]")?.removeAttribute("hidden");
    toggle.checked = used;
    toggle.addEventListener("change", () => {
      used = toggle.checked;
      try { localStorage.setItem("linking-keys", used ? "on" : "off"); } catch { /* private window */ }
      show();
    });
  }
  show();

  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]");
    if (!used || typing || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
    const wanted = document.querySelector(`[data-press="${CSS.escape(event.key.toLowerCase())}"]`);
    if (wanted) {
      event.preventDefault();
      wanted.click();
    }
  });
})();
