/* Explanations of terms close on Escape and open again with the next hover or focus (WCAG 1.4.13). */
ckan.module("landlab-term", function () {
  return {
    initialize: function () {
      var term = this.el[0];
      document.addEventListener("keydown", function (event) {
        if (event.key === "Escape") { term.classList.add("landlab-term-closed"); }
      });
      ["mouseleave", "focusout"].forEach(function (kind) {
        term.addEventListener(kind, function () { term.classList.remove("landlab-term-closed"); });
      });
    }
  };
});
