// Shows moments on the visitor's own clock, and keeps the page of an open war up to date. Pages work
// without it.
"use strict";

const RETRY_MS = 30_000;

const clock = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

function showLocalTimes(root) {
  for (const time of root.querySelectorAll("time[datetime]")) {
    time.title = time.textContent;
    time.textContent = clock.format(new Date(time.dateTime));
  }
}

function follow(war) {
  const source = new EventSource(war.dataset.changes);
  source.addEventListener("war", (event) => {
    const page = new DOMParser().parseFromString(event.data, "text/html");
    const next = page.getElementById("war");
    showLocalTimes(next);
    war.replaceChildren(...next.childNodes);
    document.getElementById("news").textContent = war.querySelector(".state").textContent;
    if (next.dataset.changes) {
      war.dataset.changes = next.dataset.changes;
    } else {
      source.close();
    }
  });
  // A browser connects again by itself, but not after it was refused.
  source.addEventListener("error", () => {
    if (source.readyState === EventSource.CLOSED) {
      setTimeout(follow, RETRY_MS, war);
    }
  });
}

showLocalTimes(document);
const war = document.getElementById("war");
if (war?.dataset.changes) {
  follow(war);
}
