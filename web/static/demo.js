/* The demo page's chooser: who is asking. It only changes the address from which the widget gets its token. */
(() => {
  "use strict";
  const KEY = "piperocks-demo";
  const form = document.getElementById("chooser");
  const widget = document.querySelector("piperocks-support");

  const show = () => {
    const name = form.person.selectedOptions[0].textContent;
    document.getElementById("who-name").textContent = name;
    document.getElementById("who-mark").textContent = name.split(" ").map((part) => part[0]).join("");
    const choice = new URLSearchParams(new FormData(form));
    widget.setAttribute("token-url", `/demo/token?${choice}`);
    try { localStorage.setItem(KEY, choice); } catch { /* private mode */ }
  };

  const preset = () => {
    const { plan, region } = form.person.selectedOptions[0].dataset;
    form.plan.value = plan;
    form.region.value = region;
  };

  form.addEventListener("change", (event) => { if (event.target === form.person) preset(); show(); });
  document.addEventListener("keydown", (event) => {
    const box = form.closest("details");
    if (event.key === "Escape" && box.open) { box.open = false; box.querySelector("summary").focus(); }
  });
  preset();
  try {
    for (const [name, value] of new URLSearchParams(localStorage.getItem(KEY) || "")) if (form[name]) form[name].value = value;
  } catch { /* private mode */ }
  show();
})();
