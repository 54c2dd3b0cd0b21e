// Follows a build that is under way. Without JavaScript the page loads itself again instead.
"use strict";
(() => {
  const place = document.getElementById("build");
  if (!place || !("running" in place.dataset)) return;
  const line = document.getElementById("build-line"), bar = document.getElementById("build-bar");
  let said = line.textContent, saidAt = Date.now();

  const show = (state) => {
    if (state.total) { bar.max = state.total; bar.value = state.done; } else { bar.removeAttribute("value"); }
    // A screen reader reads each change of the line: a word every few seconds is enough.
    if (state.line !== said && (!state.total || Date.now() - saidAt > 4000)) {
      line.textContent = state.line; said = state.line; saidAt = Date.now();
    }
  };
  const ask = async () => {
    try {
      const answer = await fetch("/desk/kb/build.json", { headers: { accept: "application/json" } });
      // Signed out, or not allowed any more: what comes is a page, not the state. The overview leads to where that is told.
      if (answer.redirected || (answer.status >= 400 && answer.status < 500)) { location.assign("/desk/kb"); return; }
      if (!answer.ok) throw new Error(`status ${answer.status}`);
      const state = await answer.json();
      if (!state.running) { location.assign("/desk/kb"); return; }
      show(state);
    } catch { /* the server is away for a moment; ask again */ }
    setTimeout(ask, 500);
  };
  setTimeout(ask, 300);
})();
