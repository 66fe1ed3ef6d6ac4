// The ticks of the inbox. Without this file the link ticks all by asking for the page anew.
"use strict";

const ticks = () => [...document.querySelectorAll("input[form=several]")];

function count() {
  const shown = document.querySelector("[data-picked]");
  const picked = ticks().filter((each) => each.checked).length;
  if (shown) shown.textContent = picked ? `${picked} ${shown.dataset.picked}` : "";
}

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-pick-all]")) return;
  event.preventDefault();
  event.stopPropagation(); // htmx would fetch the page
  const all = ticks().some((each) => !each.checked);
  for (const each of ticks()) each.checked = all;
  count();
}, true);
document.addEventListener("change", count);
window.addEventListener("pageshow", count);
count();
