// The playground: a form per call, answered by the server this page came from.
for (const form of document.querySelectorAll("[data-try]")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const query = new URLSearchParams();
    let path = form.dataset.try, body;
    for (const field of form.elements) {
      if (!field.name || !field.value) continue;
      if (field.dataset.in === "path") path = path.replace(`{${field.name}}`, encodeURIComponent(field.value));
      else if (field.dataset.in === "body") body = field.value;
      else query.append(field.name, field.value);
    }
    const address = query.size ? `${path}?${query}` : path;
    const answer = form.querySelector("[data-answer]");
    form.querySelector("[data-address]").textContent = `${form.dataset.method} ${address}`;
    const start = performance.now();
    try {
      const reply = await fetch(address, { method: form.dataset.method, body, headers: body ? { "content-type": "application/json" } : {} });
      const text = await reply.text();
      let shown = text;
      try { shown = JSON.stringify(JSON.parse(text), null, 2); } catch { /* not JSON: shown as it came */ }
      answer.textContent = `HTTP ${reply.status} · ${Math.round(performance.now() - start)} ms\n\n${shown}`;
    } catch (error) { answer.textContent = String(error); }
    answer.hidden = false;
  });
}
