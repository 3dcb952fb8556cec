/* Keys can be revoked as soon as one is chosen. */
this.ckan.module("landlab-tokens", function () {
  return {
    initialize: function () {
      var form = this.el[0];
      var button = form.querySelector("[type=submit]");
      form.addEventListener("change", function () {
        button.disabled = !form.querySelector("[name=token]:checked");
      });
      form.addEventListener("htmx:afterRequest", function () {
        button.disabled = true;
      });
    },
  };
});
