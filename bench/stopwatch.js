// Seen from inside the page: when the browser has painted the first frame that holds what was asked.
(() => {
  if (window.vigieStopwatch) return;
  const watch = { clickedAt: null, paintedAt: null, error: null };
  window.vigieStopwatch = watch;

  // Only a person's click (or one that the driver makes like a person's) starts the clock.
  document.addEventListener(
    "click",
    (event) => { if (event.isTrusted) watch.clickedAt = performance.now(); },
    true,
  );

  let changed = true;
  new MutationObserver(() => { changed = true; }).observe(document, {
    subtree: true, childList: true, characterData: true, attributes: true,
  });

  // A frame callback runs before its frame is painted; a message posted from it is handled after.
  const afterThisFrame = (act) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = act;
    channel.port2.postMessage(null);
  };

  const holds = (mark) => {
    const nodes = [...document.querySelectorAll(mark.selector)];
    return nodes.filter((node) => node.textContent.includes(mark.contains)).length >= mark.count;
  };

  watch.until = (marks, settled) => {
    watch.paintedAt = null;
    changed = true;
    const look = () => {
      if (watch.paintedAt !== null) return;
      if (changed) {
        changed = false;
        const app = document.querySelector("[data-testid=stApp]");
        const quiet = !settled
          || (app && app.getAttribute("data-test-script-state") === "notRunning"
            && !document.querySelector("[data-testid=stSkeleton]"));
        if (quiet && marks.every(holds)) {
          afterThisFrame(() => { watch.paintedAt = performance.now(); });
          return;
        }
      }
      requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  };
})();
