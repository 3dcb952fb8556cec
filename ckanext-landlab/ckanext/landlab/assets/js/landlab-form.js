/* The forms: lines and groups that can be added and taken away, lists narrowed by typing, places found by name.
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
          panel.querySelector("input:not([type=hidden]), select, textarea").focus();
        });
      }
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

/* A place: typed by name, chosen from a list (ARIA combobox), stored as its IRI. */
this.ckan.module("landlab-choose", function () {
  return {
    options: { source: "" },
    initialize: function () {
      const stored = this.el[0].querySelector("input");
      const source = this.options.source;
      const typed = stored.cloneNode();
      const list = document.createElement("ul");
      list.id = stored.id + "-list";
      list.className = "landlab-choices";
      list.setAttribute("role", "listbox");
      list.hidden = true;
      stored.type = "hidden";
      stored.removeAttribute("id");
      typed.removeAttribute("name");
      typed.value = stored.dataset.label || stored.value;
      typed.setAttribute("role", "combobox");
      typed.setAttribute("aria-autocomplete", "list");
      typed.setAttribute("aria-expanded", "false");
      typed.setAttribute("aria-controls", list.id);
      stored.after(typed, list);
      let active = -1;
      let asked = 0;

      const close = function () {
        list.hidden = true;
        active = -1;
        typed.setAttribute("aria-expanded", "false");
        typed.removeAttribute("aria-activedescendant");
      };
      const choose = function (option) {
        stored.value = option.dataset.value;
        typed.value = option.dataset.name;
        close();
      };
      const move = function (step) {
        const options = list.children;
        if (!options.length) return;
        active = (active + step + options.length) % options.length;
        Array.from(options).forEach((option, index) => option.setAttribute("aria-selected", String(index === active)));
        typed.setAttribute("aria-activedescendant", options[active].id);
        options[active].scrollIntoView({ block: "nearest" });
      };
      const show = function (places) {
        list.replaceChildren(
          ...places.map(function (place, index) {
            const option = document.createElement("li");
            option.id = list.id + "-" + index;
            option.setAttribute("role", "option");
            option.setAttribute("aria-selected", "false");
            option.dataset.value = place.iri;
            option.dataset.name = place.name;
            option.textContent = place.name;
            const within = document.createElement("small");
            within.textContent = " " + [place.within, place.key].filter(Boolean).join(" · ");
            option.append(within);
            return option;
          }),
        );
        list.hidden = places.length === 0;
        active = -1;
        typed.setAttribute("aria-expanded", String(!list.hidden));
      };

      typed.addEventListener("input", function () {
        const question = (asked += 1);
        stored.value = typed.value; // an IRI may be pasted; a name that is not chosen is refused with a sentence
        if (typed.value.trim().length < 2) return close();
        fetch(source + "?q=" + encodeURIComponent(typed.value))
          .then((answer) => answer.json())
          .then((answer) => question === asked && show(answer.result || []));
      });
      typed.addEventListener("keydown", function (event) {
        if (event.key === "ArrowDown" || event.key === "ArrowUp") {
          event.preventDefault();
          move(event.key === "ArrowDown" ? 1 : -1);
        } else if (event.key === "Enter" && !list.hidden) {
          event.preventDefault();
          choose(list.children[Math.max(active, 0)]);
        } else if (event.key === "Escape") {
          close();
        }
      });
      list.addEventListener("mousedown", function (event) {
        const option = event.target.closest("li");
        event.preventDefault();
        if (option) choose(option);
      });
      typed.addEventListener("blur", close);
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
