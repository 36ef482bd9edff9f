{% load static %}/* Keeps the marking pages readable without a network: pages from the network first, style and script from the cache. */
"use strict";
const PAGES = "marking-pages";
const FILES = "marking-files-{% static "js/marking.js" %}";
const PARTS = [{% for path in files %}"{% static path %}"{% if not forloop.last %}, {% endif %}{% endfor %}];
const PATIENCE = 4000;

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(FILES).then((cache) => cache.addAll(PARTS)).then(() => self.skipWaiting()));
});
self.addEventListener("activate", (event) => {
  const stale = (name) => name.startsWith("marking-") && name !== PAGES && name !== FILES;
  event.waitUntil(
    caches.keys().then((names) => Promise.all(names.filter(stale).map((name) => caches.delete(name)))).then(() => self.clients.claim()),
  );
});
self.addEventListener("fetch", (event) => {
  const request = event.request;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate" && url.pathname.endsWith("/sheet/")) event.respondWith(page(request));
  else if (PARTS.includes(url.pathname)) event.respondWith(file(request));
});

async function page(request) {
  const cache = await caches.open(PAGES);
  const slow = new Promise((resolve) => setTimeout(resolve, PATIENCE));
  const fresh = fetch(request).then(
    async (answer) => {
      /* Signed out or not allowed: nothing stays for the next person at this device. */
      if (answer.ok && !answer.redirected && answer.type === "basic") await cache.put(request, answer.clone());
      else if (answer.type === "opaqueredirect" || answer.status === 403 || answer.status === 404) await cache.delete(request);
      return answer;
    },
    () => null,
  );
  const first = await Promise.race([fresh, slow]);
  if (first) return first;
  const kept = await cache.match(request);
  return kept || (await fresh) || Response.error();
}

async function file(request) {
  const cache = await caches.open(FILES);
  return (await cache.match(request, { ignoreSearch: true })) || fetch(request);
}
