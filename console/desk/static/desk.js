// Small comforts; every page works without them. What an element does stands in its data-kn-* attribute.
(() => {
  "use strict";

  const each = (selector, does) => document.querySelectorAll(selector).forEach(does);
  const plain = (words) =>
    words.normalize("NFD").replace(/\p{M}/gu, "").replace(/[đĐ]/g, "d").toLowerCase().replace(/\s+/g, " ").trim();

  // what only makes sense with scripts is hidden until they run
  each(".kn-script-only[hidden]", (one) => { one.hidden = false; });

  // data-kn-copy="text": copies it and says so
  each("[data-kn-copy]", (button) => {
    const words = button.textContent;
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(button.dataset.knCopy);
      } catch {
        const field = document.createElement("textarea");
        field.value = button.dataset.knCopy;
        document.body.append(field);
        field.select();
        document.execCommand("copy");
        field.remove();
        button.focus();
      }
      button.textContent = button.dataset.knCopied || words;
      setTimeout(() => { button.textContent = words; }, 2000);
    });
  });

  // data-kn-all="name": ticks every box of that name in its form or table that is shown
  each("[data-kn-all]", (head) => {
    const within = head.closest("form") || head.closest("table") || document;
    const boxes = () =>
      [...within.querySelectorAll('input[type="checkbox"]')].filter((box) => box.name === head.dataset.knAll && !box.disabled);
    const shown = (box) => !(box.closest("tr") || box).hidden;
    const tell = () => {
      const all = boxes().filter(shown);
      const on = all.filter((box) => box.checked).length;
      head.checked = on > 0 && on === all.length;
      head.indeterminate = on > 0 && on < all.length;
      each(`[data-kn-count-of="${CSS.escape(head.dataset.knAll)}"]`, (place) => {
        place.textContent = String(boxes().filter((box) => box.checked).length);
      });
    };
    head.addEventListener("change", () => {
      boxes().filter(shown).forEach((box) => { box.checked = head.checked; });
      tell();
    });
    within.addEventListener("change", tell);
    tell();
  });

  // on a phone a wide table is read row by row, each cell with its heading before it; roles keep it a table for those who hear it
  each("table.kn-table:not(.kn-due), table.card-table", (table) => {
    const heads = table.tHead ? [...table.tHead.rows] : [];
    const rows = [...table.tBodies].flatMap((body) => [...body.rows]);
    if (heads.length !== 1 || heads[0].cells.length < 4 || table.querySelector("[rowspan]") || table.classList.contains("kn-narrow")) return;
    const words = [...heads[0].cells].map((cell) => cell.textContent.trim());
    table.setAttribute("role", "table");
    [...table.tBodies, table.tHead].forEach((part) => part.setAttribute("role", "rowgroup"));
    [...heads, ...rows].forEach((row) => row.setAttribute("role", "row"));
    [...heads[0].cells].forEach((cell) => cell.setAttribute("role", "columnheader"));
    rows.forEach((row) => {
      let place = 0;
      [...row.cells].forEach((cell) => {
        cell.setAttribute("role", cell.tagName === "TH" ? "rowheader" : "cell");
        const said = cell.textContent.trim();
        if (cell.tagName === "TD" && cell.colSpan === 1) {
          if (["", "–"].includes(said) && !cell.querySelector("input, select, button, svg")) cell.dataset.knEmpty = "";
          else if (words[place]) {
            const inner = document.createElement("div");
            inner.className = "kn-cell";
            inner.append(...cell.childNodes);
            cell.append(inner);
            cell.dataset.knLabel = words[place];
          }
        }
        place += cell.colSpan;
      });
    });
    table.classList.add("kn-table", "kn-stacked");
  });

  // data-kn-filter="label" on a table: a box above it hides the rows that lack the words typed (no accents needed)
  each("table[data-kn-filter]", (table, number) => {
    const rows = [...table.tBodies].flatMap((body) => [...body.rows]);
    if (rows.length < 12) return;
    const box = document.createElement("div");
    box.className = "kn-filter d-print-none";
    const label = document.createElement("label");
    label.className = "form-label";
    label.htmlFor = `kn-filter-${number}`;
    label.textContent = table.dataset.knFilter;
    const input = document.createElement("input");
    input.type = "search";
    input.id = label.htmlFor;
    input.className = "form-control";
    input.autocomplete = "off";
    box.append(label, input);
    (table.closest(".kn-table-frame") || table).before(box);
    const words = rows.map((row) => plain(row.textContent));
    input.addEventListener("input", () => {
      const wanted = plain(input.value).split(" ");
      rows.forEach((row, place) => { row.hidden = !wanted.every((word) => words[place].includes(word)); });
    });
  });

  // a form with typed words asks before it is left (data-kn-keep); sending it does not ask
  each("form[data-kn-keep]", (form) => {
    let touched = false;
    form.addEventListener("input", () => { touched = true; });
    form.addEventListener("submit", () => { touched = false; });
    window.addEventListener("beforeunload", (leaving) => { if (touched) leaving.preventDefault(); });
  });

  // a form is sent once: a second click on its button does nothing until the answer comes
  each('form[method="post"]', (form) => {
    form.addEventListener("submit", (sending) => {
      if (form.dataset.knSent) { sending.preventDefault(); return; }
      form.dataset.knSent = "1";
      setTimeout(() => { delete form.dataset.knSent; }, 5000);  // a file may have come instead of a page
    });
  });
  window.addEventListener("pageshow", () => each("form[data-kn-sent]", (form) => { delete form.dataset.knSent; }));

  // data-kn-go: a drop-down that sends its form when another line is chosen; its button stays for those without scripts
  each("select[data-kn-go]", (select) => {
    select.addEventListener("change", () => select.form.requestSubmit());
  });

  // data-kn-day="words": a day typed as dd/mm/yyyy; a button beside it opens the browser's own calendar
  each("input[data-kn-day]", (input) => {
    const picker = document.createElement("input");
    if (!picker.showPicker) return;
    picker.type = "date";
    picker.className = "kn-picker";
    picker.tabIndex = -1;
    picker.setAttribute("aria-hidden", "true");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-outline-secondary";
    button.setAttribute("aria-label", input.dataset.knDay);
    const icon = document.createElement("i");
    icon.className = "fa-regular fa-calendar";
    icon.setAttribute("aria-hidden", "true");
    button.append(icon);
    button.addEventListener("click", () => {
      const said = input.value.trim().match(/^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$/);
      picker.value = said ? `${said[3]}-${said[2].padStart(2, "0")}-${said[1].padStart(2, "0")}` : input.value.trim();
      picker.showPicker();
    });
    picker.addEventListener("change", () => {
      const [year, month, day] = picker.value.split("-");
      if (day) input.value = `${day}/${month}/${year}`;
      input.dispatchEvent(new Event("input", { bubbles: true }));
      input.focus();
    });
    input.after(button, picker);
  });

  // starlette-admin's lists: what stood in their inline handlers
  each('[data-does="apply-columns"]', (button) => {
    button.addEventListener("click", () => { if (window.applyColumnVisibility) window.applyColumnVisibility(); });
  });
  each('[data-does="go-to-value"]', (select) => {
    select.addEventListener("change", () => { window.location = select.value; });
  });

  // after a refusal the first wrong field, else the message, is where the reader is
  const wrong = document.querySelector('[aria-invalid="true"]');
  if (wrong) wrong.focus();
})();
