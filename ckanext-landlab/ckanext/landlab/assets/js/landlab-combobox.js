/* One entry of a long list, found by typing: a combobox after the ARIA practices (list autocomplete, manual selection).
   It takes the place of a list to choose from, or stands over an input whose entries the server finds.
   Without JavaScript the list can be chosen from as it is, and the input takes a name or a key. */

this.ckan.module("landlab-combobox", function () {
  const MOST = 12; // entries shown at once

  const element = function (name, attributes, text) {
    const made = document.createElement(name);
    Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
    if (text) made.textContent = text;
    return made;
  };

  /* As people type it: no capitals, no accents, ß as ss. */
  const folded = (text) =>
    text.toLocaleLowerCase().replaceAll("ß", "ss").normalize("NFD").replace(/[\u0300-\u036f]/g, "");

  /* What finds entries: the options of a list, or the server. */
  const finder = function (stored, source) {
    if (source) {
      return (typed) =>
        fetch(source + "?q=" + encodeURIComponent(typed))
          .then((answer) => answer.json())
          .then((answer) =>
            (answer.result || []).map((place) => ({
              value: place.iri,
              label: place.name,
              note: [place.within, place.key].filter(Boolean).join(" · "),
            })),
          );
    }
    const entries = Array.from(stored.options, (option) => ({ value: option.value, label: option.text, note: "" })).filter(
      (entry) => entry.value,
    );
    return function (typed) {
      const words = folded(typed).split(/\s+/).filter(Boolean);
      const fits = entries.filter((entry) => words.every((word) => folded(entry.label).includes(word)));
      fits.sort((one, other) => folded(other.label).startsWith(words[0] || "") - folded(one.label).startsWith(words[0] || ""));
      return Promise.resolve(fits);
    };
  };

  return {
    options: { source: "", found: "", nothing: "" },
    initialize: function () {
      const stored = this.el[0];
      const listed = stored.tagName === "SELECT";
      const find = finder(stored, this.options.source);
      const { found, nothing } = this.options;
      const input = element("input", { type: "text", class: "form-control", autocomplete: "off", role: "combobox" });
      const list = element("ul", { id: stored.id + "-list", class: "landlab-choices", role: "listbox" });
      const status = element("p", { class: "visually-hidden", role: "status" });
      const label = document.querySelector("label[for='" + stored.id + "']");
      const box = element("div", { class: "landlab-choose" });
      let active = -1;
      let asked = 0;

      input.id = stored.id;
      stored.id += "-stored";
      ["aria-describedby", "aria-invalid", "aria-label"].forEach(function (name) {
        if (stored.hasAttribute(name)) input.setAttribute(name, stored.getAttribute(name));
      });
      input.value = (listed ? stored.value && stored.selectedOptions[0].text : stored.dataset.label) || stored.value;
      input.setAttribute("aria-autocomplete", "list");
      input.setAttribute("aria-expanded", "false");
      input.setAttribute("aria-controls", list.id);
      if (label) list.setAttribute("aria-label", label.firstChild.textContent.trim());
      list.hidden = true;
      stored.hidden = true;
      if (!listed) stored.type = "hidden";
      stored.before(box);
      box.append(input, list, stored, status);

      const close = function () {
        list.hidden = true;
        active = -1;
        input.setAttribute("aria-expanded", "false");
        input.removeAttribute("aria-activedescendant");
      };
      const choose = function (option) {
        stored.value = option.dataset.value;
        input.value = option.dataset.label;
        close();
      };
      const move = function (to) {
        const options = list.children;
        if (!options.length) return;
        active = (to + options.length) % options.length;
        Array.from(options).forEach((option, place) => option.setAttribute("aria-selected", String(place === active)));
        input.setAttribute("aria-activedescendant", options[active].id);
        options[active].scrollIntoView({ block: "nearest" });
      };
      const show = function (entries) {
        const shown = entries.slice(0, MOST);
        list.replaceChildren(
          ...shown.map(function (entry, place) {
            const option = element("li", { id: list.id + "-" + place, role: "option", "aria-selected": "false" }, entry.label);
            option.dataset.value = entry.value;
            option.dataset.label = entry.label;
            if (entry.note) option.append(element("small", {}, " " + entry.note));
            return option;
          }),
        );
        list.hidden = !shown.length;
        active = -1;
        input.removeAttribute("aria-activedescendant");
        input.setAttribute("aria-expanded", String(!list.hidden));
        status.textContent = shown.length ? found.replace("{number}", entries.length) : nothing;
      };
      const ask = function (typed) {
        const question = (asked += 1);
        return find(typed).then((entries) => question === asked && document.activeElement === input && show(entries));
      };

      input.addEventListener("input", function () {
        if (listed) stored.value = "";
        else stored.value = input.value; // a name or a key; the server looks it up where nothing was chosen
        if (!listed && input.value.trim().length < 2) return close();
        ask(input.value);
      });
      input.addEventListener("keydown", function (event) {
        const steps = { ArrowDown: active + 1, ArrowUp: active < 0 ? -1 : active - 1 };
        if (event.key in steps) {
          event.preventDefault();
          if (!list.hidden) move(steps[event.key]);
          else if (listed || input.value.trim().length > 1) ask(listed && stored.value ? "" : input.value).then(() => move(0));
        } else if (event.key === "Enter" && !list.hidden) {
          event.preventDefault();
          choose(list.children[Math.max(active, 0)]);
        } else if (event.key === "Escape" && !list.hidden) {
          event.preventDefault();
          close();
        }
      });
      input.addEventListener("blur", function () {
        close();
        if (!listed) return;
        const typed = folded(input.value.trim()); // typed out in full is as good as chosen
        const option = Array.from(stored.options).find((each) => typed && folded(each.text) === typed);
        if (option) stored.value = option.value;
        else if (!stored.value) input.value = "";
      });
      list.addEventListener("mousedown", function (event) {
        const option = event.target.closest("li");
        event.preventDefault();
        if (option) choose(option);
      });
    },
  };
});
