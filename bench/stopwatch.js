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

  const isSettled = () => {
    const app = document.querySelector("[data-testid=stApp]");
    return app?.getAttribute("data-test-script-state") === "notRunning"
      && !document.querySelector("[data-testid=stSkeleton]");
  };

  // Each stage is {marks, settled}; paintedAt holds the moment of each, in the order given.
  watch.until = (stages) => {
    const painted = stages.map(() => null);
    const seen = stages.map(() => false);
    watch.paintedAt = null;
    changed = true;
    const look = () => {
      if (changed) {
        changed = false;
        stages.forEach((stage, place) => {
          if (seen[place] || (stage.settled && !isSettled()) || !stage.marks.every(holds)) return;
          seen[place] = true;
          afterThisFrame(() => {
            painted[place] = performance.now();
            if (painted.every((moment) => moment !== null)) watch.paintedAt = painted;
          });
        });
      }
      if (!seen.every(Boolean)) requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  };
})();
