// Shows moments on the visitor's own clock, and keeps what changes on an open page up to date. Pages
// work without it.
"use strict";

const RETRY_MS = 30_000;

const clock = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

function showLocalTimes(root) {
  for (const time of root.querySelectorAll("time[datetime]")) {
    time.title = time.textContent;
    time.textContent = clock.format(new Date(time.dateTime));
  }
}

function follow(part) {
  const source = new EventSource(part.dataset.changes);
  source.addEventListener("changed", (event) => {
    const page = new DOMParser().parseFromString(event.data, "text/html");
    const next = page.getElementById(part.id);
    showLocalTimes(next);
    part.replaceChildren(...next.childNodes);
    const news = part.querySelector("[data-news]");
    document.getElementById("news").textContent = news ? news.textContent : "";
    if (next.dataset.changes) {
      part.dataset.changes = next.dataset.changes;
    } else {
      source.close();
    }
  });
  // A browser connects again by itself, but not after it was refused.
  source.addEventListener("error", () => {
    if (source.readyState === EventSource.CLOSED) {
      setTimeout(follow, RETRY_MS, part);
    }
  });
}

showLocalTimes(document);
const changing = document.querySelector("[data-changes]");
if (changing) {
  follow(changing);
}
