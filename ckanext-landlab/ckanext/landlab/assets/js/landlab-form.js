/* The forms: lines and groups that can be added and taken away, lists narrowed by typing.
   Without JavaScript every field still works as a plain input. */

/* Several lines: one more can always be added. */
this.ckan.module("landlab-lines", function () {
  return {
    options: { add: "Add" },
    initialize: function () {
      const box = this.el[0];
      const button = document.createElement("button");
      button.type = "button";
      button.className = "btn btn-secondary";
      button.textContent = this.options.add;
      button.addEventListener("click", function () {
        const last = box.querySelector("input:last-of-type");
        const line = last.cloneNode();
        line.value = "";
        line.removeAttribute("id");
        line.setAttribute("aria-label", last.getAttribute("aria-label").replace(/\d+$/, (n) => Number(n) + 1));
        last.after(line);
        line.focus();
      });
      box.append(button);
    },
  };
});

/* Groups of fields: a template for a new one, a button in each to take it away. */
this.ckan.module("landlab-panels", function ($) {
  return {
    options: { removed: "" },
    initialize: function () {
      const box = this.el[0];
      const panels = box.querySelector(":scope > [data-panels]");
      const template = box.querySelector(":scope > template");
      const status = box.querySelector(":scope > [role=status]");
      const add = box.querySelector(":scope > [data-add]");
      let next = panels.children.length;
      const offered = () => box.querySelectorAll("[data-add], [data-remove]").forEach((button) => (button.hidden = false));
      const renumber = () =>
        Array.from(panels.children).forEach((panel, index) =>
          panel.querySelectorAll("[data-number]").forEach((place) => (place.textContent = index + 1)),
        );
      if (add) {
        add.addEventListener("click", function () {
          const html = template.innerHTML.replaceAll("PANEL-INDEX", next).replaceAll("PANEL-NUMBER", next + 1);
          next += 1;
          panels.insertAdjacentHTML("beforeend", html);
          const panel = panels.lastElementChild;
          panel.querySelectorAll("[data-module]").forEach((element) => ckan.module.initializeElement(element));
          renumber();
          offered();
          panel.querySelector("input:not([type=hidden]), select, textarea").focus();
        });
      }
      offered();
      panels.addEventListener("click", function (event) {
        const button = event.target.closest("[data-remove]");
        if (!button) return;
        button.closest("[data-panel]").remove();
        renumber();
        status.textContent = this.options.removed;
        add.focus();
      }.bind(this));
    },
  };
});

/* A long list of boxes: typing leaves only those that fit; ticked ones stay. */
this.ckan.module("landlab-narrow", function () {
  return {
    options: { label: "" },
    initialize: function () {
      const box = this.el[0];
      const input = document.createElement("input");
      input.type = "search";
      input.className = "form-control";
      input.placeholder = this.options.label;
      input.setAttribute("aria-label", this.options.label);
      input.addEventListener("input", function () {
        const typed = input.value.trim().toLocaleLowerCase();
        box.querySelectorAll("label").forEach(function (label) {
          const fits = label.textContent.toLocaleLowerCase().includes(typed);
          label.hidden = !fits && !label.querySelector("input").checked;
        });
      });
      input.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
      box.before(input);
    },
  };
});

/* After an error the list of errors is what a person needs to see first. */
window.addEventListener("load", function () {
  const mistakes = document.getElementById("landlab-mistakes");
  if (mistakes) mistakes.focus();
});

/* A link to a field that is folded away unfolds it and goes there. */
(function () {
  const reveal = function () {
    const field = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!field) return;
    for (let folded = field.closest("details"); folded; folded = folded.parentElement.closest("details")) folded.open = true;
    field.scrollIntoView();
    field.focus();
  };
  window.addEventListener("load", reveal);
  window.addEventListener("hashchange", reveal);
})();
