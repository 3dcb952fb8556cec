/* Choosing a notice asks for its parameters at once; without this script the form asks after saving. */
this.ckan.module("landlab-notices", function ($) {
  "use strict";
  return {
    initialize: function () {
      var root = this.el[0];
      var field = this.options.field;
      var next = Number(this.options.count) || 0;
      var select = root.querySelector(".landlab-notice-add select");
      var rows = root.querySelector(".landlab-notice-rows");
      var status = root.querySelector("[data-landlab-status]");

      root.classList.add("landlab-scripted");
      select.removeAttribute("name"); // chosen notices are rows of their own now
      function add() {
        var template = root.querySelector('template[data-landlab-template="' + select.value + '"]');
        if (!template) {
          return;
        }
        var holder = document.createElement("div");
        holder.innerHTML = template.innerHTML.replaceAll("__PREFIX__", field + "-" + next);
        next += 1;
        var row = holder.querySelector("fieldset");
        rows.appendChild(row);
        status.textContent = row.querySelector("legend").textContent;
        select.value = "";
        (row.querySelector("input:not([type=hidden]), select") || select).focus();
      }
      select.addEventListener("change", add);
      if (select.value) {
        add(); // chosen before this script was there
      }
      rows.addEventListener("change", function (event) {
        if (event.target.name && event.target.name.endsWith("-remove")) {
          event.target.closest("fieldset").classList.toggle("landlab-removed", event.target.checked);
        }
      });
    }
  };
});
