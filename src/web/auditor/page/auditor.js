/** Shows whether the evidence holds, computed by the server when the page is opened. */
const box = document.querySelector("[data-verify]");
if (box) {
  const answer = box.querySelector(".verify-answer");
  answer.textContent = "Checking every event now…";
  fetch(box.dataset.verify, { headers: { accept: "application/json" } })
    .then(async (response) => {
      if (!response.ok) throw new Error(String(response.status));
      const { status, said, remarks } = await response.json();
      box.classList.add(status);
      answer.textContent = said;
      const list = document.createElement("ul");
      for (const remark of remarks) list.append(Object.assign(document.createElement("li"), { textContent: remark }));
      answer.after(list);
    })
    .catch(() => {
      answer.textContent = "The check could not be made. Try again in a moment.";
    });
}

/** Arrow keys step through a replay, unless somebody types or a part of the page scrolls with them. */
document.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || event.target.closest("input, select, textarea, pre, [tabindex='0']")) return;
  document.querySelector(`.stepper a[data-key="${CSS.escape(event.key)}"]`)?.click();
});
