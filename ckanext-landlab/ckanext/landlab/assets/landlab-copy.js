/* Copies the text of the element named by `for`, and says so in words. */
this.ckan.module("landlab-copy", function ($) {
  "use strict";
  return {
    initialize: function () {
      var button = this.el[0];
      var said = button.parentNode.querySelector("[role=status]");
      button.hidden = false;
      button.addEventListener("click", function () {
        var text = document.getElementById(button.getAttribute("data-landlab-from")).textContent.trim();
        navigator.clipboard.writeText(text).then(function () {
          said.textContent = button.getAttribute("data-landlab-done");
        }, function () {
          said.textContent = button.getAttribute("data-landlab-failed");
        });
      });
    }
  };
});
