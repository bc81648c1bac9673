/**
 * What the page does by itself where scripts run: it looks again, offers to copy commands, and keeps a function key, with
 * which somebody has come, in the addresses of its links (the answer itself never holds it). This text runs in the
 * browser, and is known to the Content-Security-Policy by its hash.
 */
export const SCRIPT = `"use strict";
(() => {
  const main = document.getElementById("main");
  const said = document.getElementById("said");
  const key = new URLSearchParams(location.search).get("code");
  const equip = () => {
    for (const pre of document.querySelectorAll("pre.command:not([data-copy])")) {
      pre.dataset.copy = "";
      const button = document.createElement("button");
      button.type = "button";
      button.className = "copy";
      button.textContent = "Copy";
      button.addEventListener("click", async () => {
        const done = await navigator.clipboard.writeText(pre.textContent).then(() => true, () => false);
        if (!done) getSelection().selectAllChildren(pre);
        button.textContent = done ? "Copied" : "Selected";
        said.textContent = done ? "Copied" : "Selected: copy it with the keyboard";
        setTimeout(() => { button.textContent = "Copy"; said.textContent = ""; }, 2000);
      });
      const wrap = document.createElement("div");
      wrap.className = "copyable";
      pre.replaceWith(wrap);
      wrap.append(pre, button);
    }
    if (key === null) return;
    for (const link of document.querySelectorAll("a[href]")) {
      const to = new URL(link.href);
      if (to.origin !== location.origin || link.getAttribute("href").startsWith("#")) continue;
      to.searchParams.set("code", key);
      link.href = to.href;
    }
    for (const form of document.querySelectorAll("form:not([data-key])")) {
      form.dataset.key = "";
      const input = document.createElement("input");
      input.type = "hidden"; input.name = "code"; input.value = key;
      form.append(input);
    }
  };
  const isBusy = () => {
    const at = document.activeElement;
    return at && at.matches("input, pre") || !getSelection().isCollapsed;
  };
  const again = async () => {
    const answer = await fetch(location.href, { headers: { accept: "text/html" }, cache: "no-store", redirect: "error" });
    if (answer.status === 401) throw new Error("you are no longer signed in");
    if (!answer.ok) throw new Error("the app answered " + answer.status);
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const open = [...document.querySelectorAll("details[open][id]")].map(({ id }) => id);
    const at = document.activeElement;
    const stops = () => [...main.querySelectorAll("a, button, summary")];
    const nameOf = (stop) => stop.getAttribute("href") ?? stop.previousElementSibling?.textContent ?? stop.parentElement.id;
    const name = stops().includes(at) ? nameOf(at) : undefined;
    main.replaceChildren(...fresh.getElementById("main").childNodes);
    document.getElementById("looked").textContent = fresh.getElementById("looked").textContent;
    document.title = fresh.title;
    document.body.dataset.refresh = fresh.body.dataset.refresh;
    for (const id of open) document.getElementById(id)?.setAttribute("open", "");
    equip();
    if (name !== undefined) stops().find((stop) => nameOf(stop) === name)?.focus({ preventScroll: true });
  };
  const wait = () => setTimeout(async () => {
    if (document.visibilityState === "visible" && !isBusy()) {
      await again().catch((error) => {
        const because = error instanceof TypeError ? "the app was not reached since" : error.message;
        const looked = document.getElementById("looked");
        looked.textContent = looked.textContent.split(";")[0] + "; " + because;
      });
    }
    wait();
  }, 1000 * Number(document.body.dataset.refresh));
  equip();
  if (document.body.dataset.refresh) wait();
})();
`;
