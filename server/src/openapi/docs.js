"use strict";
const operations = [...document.querySelectorAll(".operation")];
document.getElementById("find").addEventListener("input", (event) => {
  const words = event.target.value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const operation of operations) {
    const text = operation.querySelector("summary").textContent.toLowerCase();
    operation.hidden = !words.every((word) => text.includes(word));
  }
});
function field(label, control) {
  const wrapper = document.createElement("label");
  wrapper.append(label, " ", control);
  return wrapper;
}
function form(operation) {
  const box = document.createElement("div");
  box.className = "try";
  const inputs = [...operation.querySelectorAll("[data-parameter]")].map((row) => {
    const input = document.createElement("input");
    box.append(field(row.dataset.parameter, input));
    return { name: row.dataset.parameter, place: row.dataset.in, input };
  });
  const body = operation.querySelector("[data-body]");
  let editor = null;
  if (body && body.dataset.body === "application/json") {
    editor = document.createElement("textarea");
    editor.value = "{}";
    editor.setAttribute("aria-label", "JSON body");
    box.append(editor);
  } else if (body) {
    editor = document.createElement("input");
    editor.type = "file";
    box.append(field("file", editor));
  }
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Send with my session";
  const output = document.createElement("pre");
  output.hidden = true;
  output.setAttribute("aria-live", "polite");
  button.addEventListener("click", async () => {
    let path = operation.dataset.path;
    const query = new URLSearchParams();
    for (const { name, place, input } of inputs) {
      if (place === "path") path = path.replace(`{${name}}`, encodeURIComponent(input.value));
      else if (input.value) query.set(name, input.value);
    }
    const request = { method: operation.dataset.method };
    if (editor && editor.type === "file") {
      request.body = new FormData();
      if (editor.files[0]) request.body.set("file", editor.files[0]);
    } else if (editor) {
      request.headers = { "content-type": "application/json" };
      request.body = editor.value;
    }
    output.hidden = false;
    output.textContent = "…";
    try {
      const answer = await fetch(path + (query.size ? `?${query}` : ""), request);
      const text = await answer.text();
      let shown = text;
      try { shown = JSON.stringify(JSON.parse(text), null, 2); } catch { /* shown as it came */ }
      output.textContent = `${answer.status} ${answer.statusText}\n\n${shown}`;
    } catch (error) {
      output.textContent = `The server did not answer: ${error.message}`;
    }
  });
  box.append(button, output);
  return box;
}
for (const operation of operations) {
  operation.addEventListener("toggle", () => {
    if (operation.open && !operation.querySelector(".try")) operation.append(form(operation));
  });
}
function reveal() {
  const target = location.hash && document.getElementById(location.hash.slice(1));
  if (target instanceof HTMLDetailsElement) target.open = true;
}
addEventListener("hashchange", reveal);
reveal();
