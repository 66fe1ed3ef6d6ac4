// When the network is gone, a page load gets our offline page instead of the browser's.
const KEPT = "offline";
const PAGE = "{{ url("shell:offline") }}";
const FILES = [PAGE, "{{ static("vendor/tabler.min.css") }}", "{{ static("shell/theme.css") }}", "{{ static("shell/frame.css") }}", "{{ static("shell/shell.js") }}"];

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(KEPT).then((cache) => cache.addAll(FILES)).then(() => self.skipWaiting()));
});

self.addEventListener("fetch", (event) => {
  const lost = event.request.mode === "navigate" ? PAGE : event.request;
  if (event.request.method === "GET") {
    event.respondWith(fetch(event.request).catch(() => caches.match(lost).then((kept) => kept || Response.error())));
  }
});
