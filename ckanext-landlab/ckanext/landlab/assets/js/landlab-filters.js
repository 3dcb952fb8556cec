/* On a narrow screen the filters start folded, so that the results are in sight. */
this.ckan.module("landlab-filters", function () {
  return {
    initialize: function () {
      if (window.matchMedia("(max-width: 767px)").matches) {
        this.el[0].removeAttribute("open");
      }
    },
  };
});
