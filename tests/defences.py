"""Takes away each defence that docs/security.md lists, and sees that the test that it names fails then.

    .venv/bin/python tests/defences.py unit site stack-1 stack-2 browser image

changes files of this checkout and of its environment for a while and puts them back; it refuses while the checkout has
changes.  Each row says which text of which file is the defence, and what stands there without it.  All rows of a group
are taken away at once, so a group holds only what does not disturb each other.  `tests/unit/test_security.py` sees that
every line of the page has its row here, and that the text is still there.
"""

# ruff: noqa: E501 each row reads side by side with its like

from __future__ import annotations

import os
import re
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).parents[1]
OURS = "ckanext-landlab/ckanext/landlab"
CKANS = "site-packages:"  # where a defence is CKAN's own
PLAIN = ("-p", "no:ckan", "-p", "no:ckan_fixtures")


@dataclass(frozen=True)
class Defence:
    """One defence: the test that guards it, where it stands, its text, and what stands there without it."""

    group: str
    test: str
    file: str
    text: str
    without: str

    @property
    def path(self) -> Path:
        if self.file.startswith(CKANS):
            return Path(sysconfig.get_path("purelib")) / self.file.removeprefix(CKANS)
        is_beside = self.file.startswith(("config/", "requirements"))
        return CHECKOUT / (self.file if is_beside else f"{OURS}/{self.file}")


HARDENING = "tests/stack/test_hardening.py::"
BILL = "tests/unit/stack/test_sbom.py::"
FETCHING = "tests/unit/web/test_fetching.py::"
STACK = "tests/stack/"
DEFENCES = (
    Defence("unit", FETCHING + "test_the_own_network_is_refused", "web/guarding.py",
            "not all(is_public(number) for number in numbers)", "not numbers"),
    Defence("unit-2", FETCHING + "test_a_redirect_into_the_own_network_is_refused", "web/fetching.py",
            "address = urljoin(address, location)\n",
            "address = urljoin(address, location)\n"
            "                    terms.trusted.append(urlsplit(address).hostname)\n"),
    Defence("unit-2", FETCHING + "test_a_name_that_changes_its_address_meanwhile_is_not_followed",
            "web/guarding.py", "create_connection((number, port)", "create_connection((host, port)"),
    Defence("unit", "tests/unit/legal/test_notices.py::test_html_scripts_and_markdown_stay_text", "legal/statement.py",
            "text = escape(piece.text)", "text = piece.text"),
    Defence("unit", "tests/unit/legal/test_inspection.py::test_a_bomb_is_not_unpacked", "legal/inspection/limits.py",
            "total = sum(member.file_size for member in members)", "total = 0"),
    Defence("unit", "tests/unit/dcat/test_syntax.py::test_xml_entities_are_refused", "dcat/entities.py",
            'if b"<!ENTITY" not in content:', "if content:"),
    Defence("unit", "tests/unit/stack/test_lines.py::test_what_tells_who_somebody_is_does_not_reach_the_log",
            "stack/lines.py", 'text = _MAIL.sub("[mail]", text)', "text = str(text)"),
    Defence("unit", "tests/unit/stack/test_backup.py::test_a_secret_is_known_by_its_name_or_by_a_password_in_an_address",
            "stack/backup.py", "return any(word in option.lower()", "return bool(value) and all(word in option.lower()"),
    Defence("unit", BILL + "test_every_package_is_pinned_to_one_version_with_its_hashes",
            "requirements.txt", "ckan==2.12.0 ", "ckan>=2.12.0 "),
    Defence("unit-2", BILL + "test_nothing_is_installed_that_no_lock_file_pins",
            "requirements.txt", "zipstream-ng==", "another-name=="),
    Defence("unit-2", BILL + "test_the_bill_names_every_package_and_the_servers_inside_of_wheels",
            "stack/sbom.py", "(*_packages(hashes), *_servers())", "(*_packages(hashes),)"),
    Defence("unit", "tests/unit/stack/test_audit.py::test_a_weakness_in_the_copy_is_told_and_leaves_with_1",
            "stack/audit.py", "hit = [number for number in wanted.get(name, ()) if concerns(affected, number)]", "hit = list[str]()"),
    Defence("site", "tests/site/test_headers.py::test_behind_tls_cookies_travel_encrypted_only", "headers.py",
            'settings["SESSION_COOKIE_SECURE"] = True', 'settings["SESSION_COOKIE_SECURE"] = False'),
    Defence("site", "tests/site/test_headers.py::test_behind_tls_browsers_are_told_to_stay_there", "headers.py",
            'yield "Strict-Transport-Security"', 'yield "X-Transport-Security"'),
    Defence("site", "tests/site/test_guideline.py::test_scripts_and_dangerous_links_are_removed", "legal/guideline.py",
            "    clean = nh3.clean(\n", "    clean = (lambda text, **_more: text)(\n"),
    Defence("site", "tests/site/test_statement_pages.py::test_a_formula_in_a_name_or_parameter_does_not_run_in_a_spreadsheet",
            "views/statement.py", "if isinstance(value, str) and value[:1]", "if not value and value[:1]"),
    Defence("site", "tests/site/test_login.py::test_an_unknown_name_takes_as_much_time_as_a_known_one", "login.py",
            "        pbkdf2_sha512.verify(", "        str("),
    Defence("site", "tests/site/test_uploads.py::test_a_refused_save_leaves_the_file_that_was_there", "reversal.py",
            "return model.Session().in_transaction()", "return False"),
    Defence("stack-1", HARDENING + "test_a_short_password_is_not_taken", "logic/validators/password.py",
            "elif len(password) < config.password_length():", "elif len(password) < 8:"),
    Defence("stack-1", HARDENING + "test_too_many_failures_are_refused_even_with_the_right_password_and_forgotten_after_a_while",
            "login.py", "    if too_often:", "    if too_often is None:"),
    Defence("stack-2", HARDENING + "test_a_success_makes_failures_forgotten", "login.py",
            "connect_to_redis().delete(*keys)", "connect_to_redis().exists(*keys)"),
    Defence("stack-2", HARDENING + "test_a_failed_login_does_not_say_whether_the_name_is_known", "login.py",
            "    if person is None or not person.is_active:\n",
            "    if person is None or not person.is_active:\n        tk.abort(404, 'nobody of that name')\n"),
    Defence("stack-1", HARDENING + "test_a_wish_for_a_new_password_does_not_say_whether_the_name_is_known", "plugin.py",
            'login.reset_wanted(details["user"].id)', 'tk.h.flash_notice(details["user"].id)'),
    Defence("stack-1", HARDENING + "test_a_stranger_does_not_learn_whether_somebody_is_known", "logic/action/people.py",
            'if _is_stranger(context) and data_dict.get("id"):', "if data_dict is None:"),
    Defence("stack-1", HARDENING + "test_a_stranger_sees_no_members", "logic/action/people.py",
            'return [row for row in found if row[1] != "user"] if _is_stranger(context) else found', "return found"),
    Defence("stack-1", HARDENING + "test_a_login_gets_a_new_session", CKANS + "ckan/views/user.py",
            "        regenerate(session)", "        str(session)"),
    Defence("stack-2", HARDENING + "test_a_session_that_was_left_is_worth_nothing_to_who_has_copied_its_cookie",
            "stack/site.py", '{"SESSION_TYPE": "redis"}', '{"SESSION_TYPE": "cookie"}'),
    Defence("stack-1", HARDENING + "test_the_cookie_of_a_session_is_closed_to_scripts_and_to_other_sites", "headers.py",
            '    settings["REMEMBER_COOKIE_SAMESITE"] = "Lax"\n',
            '    settings["REMEMBER_COOKIE_SAMESITE"] = "Lax"\n    settings["SESSION_COOKIE_HTTPONLY"] = False\n'),
    Defence("stack-1", HARDENING + "test_the_cookie_that_remembers_a_login_is_closed_too", "headers.py",
            'settings["REMEMBER_COOKIE_HTTPONLY"] = True', 'settings["REMEMBER_COOKIE_HTTPONLY"] = False'),
    Defence("stack-1",
            HARDENING + "test_a_form_that_another_page_sends_is_refused_also_after_strangers_have_looked_at_it",
            "forgery.py", "g.landlab_free_views = {*g.get(\"landlab_free_views\", ()), element}", "super().add(element)"),
    Defence("stack-1", HARDENING + "test_a_login_leads_nowhere_else", CKANS + "ckan/views/user.py",
            "    if target and h.url_is_local(target):\n        return h.redirect_to(target)",
            "    if target:\n        return h.redirect_to(target)"),
    Defence("stack-1", HARDENING + "test_every_page_forbids_foreign_scripts_frames_and_guesses", "headers.py",
            '"Permissions-Policy": ', '"X-Permissions-Policy": '),
    Defence("stack-1", HARDENING + "test_an_uploaded_page_is_saved_and_never_run", "headers.py",
            "        _have_saved(response)", "        str(response)"),
    Defence("stack-1", HARDENING + "test_a_program_is_not_taken", "logic/action/upload.py",
            "    _refuse_program(name)", "    str(name)"),
    Defence("stack-1", HARDENING + "test_a_picture_of_an_organisation_must_be_one", "stack/site.ini",
            "ckan.upload.group.mimetypes = image/png image/jpeg", "ckan.upload.group.mimetypes = *"),
    Defence("stack-1", HARDENING + "test_a_file_beyond_the_bound_is_not_taken", "stack/site.ini",
            "ckan.max_image_size = 5", "ckan.max_image_size = 50"),
    Defence("stack-2", HARDENING + "test_an_error_shows_no_code", "views/trouble.py",
            "        return usual(error)", "        return __import__('traceback').format_exc(), 500"),
    Defence("stack-1", HARDENING + "test_a_token_is_not_kept_where_it_could_be_read",
            CKANS + "ckan/logic/action/create.py", "    token = api_token.encode(data)\n",
            "    token = api_token.encode(data)\n    token_obj.name = token\n    model.Session.commit()\n"),
    Defence("stack-1", STACK + "test_command.py::test_no_password_stands_where_everybody_can_read_it",
            "stack/folder.py", "os.O_EXCL, 0o600)", "os.O_EXCL, 0o644)"),
    Defence("stack-1", STACK + "test_watching.py::test_numbers_are_for_this_machine_and_not_for_who_comes_through_a_proxy",
            "watching.py", "in LOOPBACK and not any(environ.get(name) for name in FORWARDED)", "in LOOPBACK"),
    Defence("stack-2", STACK + "test_backup.py::test_a_damaged_or_foreign_backup_is_refused_before_anything_is_touched",
            "stack/manifest.py", "    for entry in manifest.entries:\n        if reason", "    for entry in ():\n        if reason"),
    Defence("stack-2",
            STACK + "test_bucket.py::test_a_file_lies_in_the_bucket_and_goes_out_through_the_site_to_those_who_may",
            CKANS + "ckan/logic/auth/get.py", "    if not authorized:\n        return {\n            'success': False,\n            'msg': _('User %s not authorized to read package %s') %",
            "    if authorized is None:\n        return {\n            'success': False,\n            'msg': _('User %s not authorized to read package %s') %"),
    Defence("browser", "tests/browser/test_policy.py::test_a_script_that_is_smuggled_into_a_page_does_not_run",
            "headers.py", '"script-src": ["\'self\'"]', '"script-src": ["\'self\'", "\'unsafe-inline\'"]'),
    Defence("browser", "tests/browser/test_policy.py::test_no_public_page_is_blocked_in_anything", "headers.py",
            '"font-src": ["\'self\'"]', '"font-src": ["\'none\'"]'),
    Defence("image", "tests/image/test_addresses.py::test_a_program_that_makes_up_addresses_is_counted_as_one",
            "config/nginx/site.conf", "proxy_set_header X-Forwarded-For $remote_addr;",
            "proxy_set_header X-Forwarded-For $http_x_forwarded_for;"),
    Defence("image", "tests/image/test_addresses.py::test_made_up_addresses_do_not_widen_the_limit_of_the_api",
            "config/nginx/nginx.conf", '        "" $binary_remote_addr;', '        "" $http_x_forwarded_for;'),
    Defence("image", "tests/image/test_nginx.py::test_the_api_is_limited_for_those_without_a_login",
            "config/nginx/site.conf", "    limit_req zone=anonymous burst=@BURST@ nodelay;\n", ""),
    Defence("image", "tests/image/test_nginx.py::test_another_host_name_changes_nothing", "config/nginx/site.conf",
            "proxy_set_header Host @HOST@;", "proxy_set_header Host $host;"),
    Defence("image", "tests/image/test_nginx.py::test_tls_is_spoken_in_its_safe_versions_only", "config/nginx/tls.conf",
            "ssl_protocols TLSv1.2 TLSv1.3;\n    ssl_ciphers ", "ssl_protocols TLSv1.1 TLSv1.2;\n    ssl_ciphers ALL:@SECLEVEL=0:"),
)  # fmt: skip


@contextmanager
def taken_away(defences: list[Defence]) -> Iterator[None]:
    """All of *defences* gone, for a while."""
    before = {defence.path: defence.path.read_text(encoding="utf-8") for defence in defences}
    try:
        for defence in defences:
            text = defence.path.read_text(encoding="utf-8")
            assert defence.text in text, defence
            defence.path.write_text(text.replace(defence.text, defence.without, 1), encoding="utf-8")
        yield
    finally:
        for path, text in before.items():
            path.write_text(text, encoding="utf-8")


def failures(group: str, tests: list[str]) -> set[str]:
    """Which of *tests* fail, by file and name."""
    plain = () if group == "site" else PLAIN
    names = " or ".join(sorted({test.rpartition("::")[2] for test in tests}))
    files = sorted({test.partition("::")[0] for test in tests})
    command = [sys.executable, "-m", "pytest", "-q", "-rf", *plain, *files, "-k", names]
    environment = {**os.environ, "COLUMNS": "1000"}
    ended = subprocess.run(command, cwd=CHECKOUT, env=environment, capture_output=True, text=True, check=False)
    print(ended.stdout[-6000:] if "-v" in sys.argv else ended.stdout.splitlines()[-1])
    found = re.findall(r"^FAILED (\S+?\.py)::(?:\w+::)*(\w+)", ended.stdout, re.MULTILINE)
    return {f"{file}::{name}" for file, name in found}


def main(groups: list[str]) -> int:
    """Try *groups*, or all; the number of tests that passed without what they guard."""
    changed = subprocess.run(
        ["git", "status", "--porcelain", "-uno"], cwd=CHECKOUT, capture_output=True, text=True, check=True
    )
    if changed.stdout:
        sys.exit("There are changes in this checkout. Please commit them first.")
    blind = []
    for group in groups or sorted({defence.group for defence in DEFENCES}):
        chosen = [defence for defence in DEFENCES if defence.group == group]
        with taken_away(chosen):
            failed = failures(group, [defence.test for defence in chosen])
        for defence in chosen:
            print(f"{'fails ' if defence.test in failed else 'PASSES'}  {defence.test}")
        blind += [defence.test for defence in chosen if defence.test not in failed]
    print(f"{len(blind)} tests passed without what they guard")
    return min(len(blind), 100)


if __name__ == "__main__":
    sys.exit(main([word for word in sys.argv[1:] if not word.startswith("-")]))
