/* Explanations of terms stay inside the window, close on Escape and open again with the next hover or focus. */
this.ckan.module("landlab-term", function () {
  return {
    initialize: function () {
      const term = this.el[0];
      const text = term.querySelector("[role=tooltip]");
      document.addEventListener("keydown", function (event) {
        if (event.key === "Escape" && term.matches(":hover, :focus-within")) term.classList.add("landlab-term-closed");
      });
      ["mouseleave", "focusout"].forEach((kind) =>
        term.addEventListener(kind, () => term.classList.remove("landlab-term-closed")),
      );
      ["mouseenter", "focusin"].forEach((kind) =>
        term.addEventListener(kind, function () {
          text.style.insetInlineStart = "0px";
          const place = text.getBoundingClientRect();
          const beyond = place.right - document.documentElement.clientWidth + 8;
          if (beyond > 0) text.style.insetInlineStart = `${-Math.min(beyond, place.left - 8)}px`;
        }),
      );
    },
  };
});
